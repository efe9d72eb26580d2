// What changes notes: completion as it is typed, fixes and commands.
import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as vscode from 'vscode';
import { check, until } from './check';
import * as screen from './screen';
import { FIRES, INDEX, LENS, file, findings, goto, read, revert, show, uri } from './vault';

export async function writing(): Promise<void> {
  await check('writes: a completed link is closed once', async () => {
    await typed('[[fresn', /the_fresnel_lens/, /^\[\[the_fresnel_lens( \| [^\]]+)?\]\]$/);
  });

  await check('writes: blanks do not end the search for a name', async () => {
    await typed('[[why the sea', /why_the_sea_rises/, /^\[\[why_the_sea_rises_twice_a_day( \| [^\]]+)?\]\]$/);
  });

  await check('writes: headings and blocks are completed in a link that is closed already', async () => {
    await typed('[[the_fresnel_lens#Tur', /^Turning light/, /^\[\[the_fresnel_lens#Turning light\]\]$/);
    await typed('[[the_fresnel_lens#^or', /orders/, /^\[\[the_fresnel_lens#\^orders\]\]$/);
  });

  await check('writes: a label is offered behind the bar', async () => {
    await typed('[[the_fresnel_lens |', /^The Fresnel lens/, /^\[\[the_fresnel_lens \| ?The Fresnel lens\]\]$/);
  });

  await check('writes: a quick fix creates the missing note, and the finding is gone', async () => {
    const { document } = await show(FIRES);
    const { range } = await until('the finding', () => findings(FIRES, 'link.broken')[0]);
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', document.uri, range, 'quickfix');
    const create = actions.find(({ title }) => title.startsWith('Create the note'));
    assert.ok(create?.edit, actions.map(({ title }) => title).join());
    assert.ok(await vscode.workspace.applyEdit(create.edit));
    const created = await show('harbour_lectures/the_bell_rock.md');
    assert.match(created.document.getText(), /title: /);
    await created.document.save();
    await until('no finding', () => !findings(FIRES, 'link.broken').length);
    await forget('harbour_lectures/the_bell_rock.md');
  });

  await check('writes: the command creates the note at the cursor and shows it', async () => {
    await goto(FIRES, 'the_bell_rock | ');
    await until('the finding', () => findings(FIRES, 'link.broken')[0]);
    await vscode.commands.executeCommand('vaultls.createMissingNote');
    await until('the note is shown', () => vscode.window.activeTextEditor?.document.fileName.endsWith('the_bell_rock.md'));
    await until('it is on disk', () => fs.existsSync(file('harbour_lectures/the_bell_rock.md')));
    await forget('harbour_lectures/the_bell_rock.md');
  });

  await check('writes: a time and its label are typed as one', async () => {
    const editor = await goto(FIRES, '00:13:33">');
    await focus();
    await until('they are linked', async () => (await screen.texts('.linked-editing-decoration')).length);
    await screen.press('Delete');
    await screen.type('1');
    await until('both', () => /data-t="10:13:33">\[10:13:33\]/.test(editor.document.getText()));
    await revert(FIRES);
  });

  await check('writes: the times of a note are shifted', async () => {
    const editor = await goto(FIRES, 'From:');
    await vscode.commands.executeCommand('vaultls.shiftTimes', '1:00');
    assert.match(editor.document.getText(), /data-t="00:02:12">\[00:02:12\]/);
    await revert(FIRES);
    await vscode.commands.executeCommand('vaultls.shiftTimes', '-1:30');
    await until('a warning', async () => (await screen.messages()).some((text) => /times were not shifted: .*before the beginning/.test(text)));
    await vscode.commands.executeCommand('notifications.clearAll');
    assert.match(editor.document.getText(), /data-t="00:01:12">/);
  });

  await check('writes: the cursor goes to the next timestamp and back', async () => {
    const editor = await goto(FIRES, 'From:');
    const line = () => editor.document.getText(new vscode.Range(editor.selection.active, editor.selection.active.translate(0, 50)));
    await vscode.commands.executeCommand('vaultls.nextTimestamp');
    assert.match(line(), /^<a .*data-t="00:01:12"/);
    await vscode.commands.executeCommand('vaultls.nextTimestamp');
    assert.match(line(), /^<a .*data-t="00:02:05"/);
    await vscode.commands.executeCommand('vaultls.previousTimestamp');
    assert.match(line(), /^<a .*data-t="00:01:12"/);
  });

  await check('writes: the link to a moment is copied', async () => {
    await goto(FIRES, '="00:04:31"');
    await vscode.commands.executeCommand('vaultls.copyMoment');
    const copied = await until('the link', async () => await vscode.env.clipboard.readText());
    assert.equal(copied, 'https://www.youtube.com/watch?v=HarbourLt01&t=271s');
  });

  await check('writes: a note is renamed with the links to it, and back by its file', async () => {
    await renamed(INDEX, 'tide_watch | Tide Watch', 'watching_the_tide');
    await until('the file', () => fs.existsSync(file('tide_watch/watching_the_tide.md')) && !fs.existsSync(file('tide_watch/tide_watch.md')));
    for (const note of [INDEX, 'tide_watch/spring_and_neap_tides.md']) {
      assert.match(read(note), /\[\[watching_the_tide\b/, note);
    }
    // As the Explorer does.
    const back = new vscode.WorkspaceEdit();
    back.renameFile(uri('tide_watch/watching_the_tide.md'), uri('tide_watch/tide_watch.md'));
    assert.ok(await vscode.workspace.applyEdit(back));
    await vscode.workspace.saveAll();
    await until('the link is as before', () => /\[\[tide_watch \| Tide Watch\]\]/.test(read(INDEX)));
  });

  await check('writes: a heading is renamed with the links to it', async () => {
    const linking = 'harbour_lectures/灯台.md';
    await renamed(LENS, 'Orders\n', 'Sizes');
    assert.match(read(LENS), /^## Sizes$/m);
    assert.match(read(linking), /\[\[the_fresnel_lens#Sizes \|/);
    await renamed(linking, 'Sizes', 'Orders');
    assert.match(read(LENS), /^## Orders$/m);
  });

  await check('writes: a timestamp is opened outside of the editor', async () => {
    await goto(FIRES, '="00:04:31"');
    // The editor asks whether it may, and under test fails instead.
    await assert.rejects(async () => vscode.commands.executeCommand('vaultls.openTimestamp'), /open the external website/);
  });
}

/** Renames what stands at `words`, by the keyboard: the command that gives the edit puts it into another order than F2 does. */
async function renamed(name: string, words: string, to: string): Promise<void> {
  await goto(name, words);
  await focus();
  await screen.press('F2');
  await until('the box for the name', async () => (await screen.texts('.rename-box input:focus')).length);
  await screen.press('Control+a');
  await screen.type(to);
  await screen.press('Enter');
  await until(`${name} names ${to}`, async () => (await vscode.workspace.openTextDocument(uri(name))).getText().includes(to));
  await until('all is saved', async () => (await vscode.workspace.saveAll()) && vscode.workspace.textDocuments.every(({ isDirty }) => !isDirty));
}

/** Types into a new last line of a note, takes the first suggestion once it is `label`, and sees what becomes of the line. */
async function typed(text: string, label: RegExp, line: RegExp): Promise<void> {
  const editor = await show(INDEX);
  const { document } = editor;
  try {
    await editor.edit((edit) => edit.insert(document.lineAt(document.lineCount - 1).range.end, '\n\n'));
    const end = document.lineAt(document.lineCount - 1).range.end;
    editor.selection = new vscode.Selection(end, end);
    editor.revealRange(editor.selection);
    await focus();
    await screen.type(text);
    await until(`${label} is offered for ${text}`, async () => label.test((await screen.suggestions())[0] ?? ''));
    await screen.press('Enter');
    const last = () => document.lineAt(document.lineCount - 1).text;
    await until(`it is taken in ${last()}`, () => line.test(last()));
  } finally {
    await screen.press('Escape');
    await revert(INDEX);
  }
}

/** Closes and deletes a note that was created; the link to it is broken again. */
async function forget(name: string): Promise<void> {
  await show(name);
  await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  fs.rmSync(file(name));
  await show(FIRES);
  await until('the finding again', () => findings(FIRES, 'link.broken').length);
}

/** Typing goes to the editor. */
async function focus(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.focusActiveEditorGroup');
}
