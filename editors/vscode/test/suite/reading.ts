// What can be read of a vault that has what is asked for: none of these may pass in one that has not.
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { check, until } from './check';
import * as screen from './screen';
import { FIRES, INDEX, LENS, definitions, findings, goto, hover, references, show } from './vault';

export async function reading(): Promise<void> {
  await check('reads: a definition is found behind an emoji', async () => {
    await show(INDEX);
    const found = await until('the definition', async () => (await definitions(INDEX, 'the_fresnel_lens | the great')).at(0));
    assert.match(found, /^harbour_lectures\/the_fresnel_lens\.md:/);
  });

  await check('reads: references of a note come from all notes', async () => {
    const found = await until('references', async () => {
      const found = await references(INDEX, 'the_fresnel_lens | the great');
      return found.length > 2 && found;
    });
    for (const note of ['index.md', FIRES, 'harbour_lectures/灯台.md']) {
      assert.ok(found.some((it) => it.startsWith(`${note}:`)), `${note} is not among ${found}`);
    }
  });

  await check('reads: references of a timestamp are citations of its moment', async () => {
    const found = await until('references', async () => {
      const found = await references(FIRES, '="00:01:12"');
      return found.length && found;
    });
    assert.ok(found.every((it) => /^harbour_lectures\//.test(it)), String(found));
  });

  await check('reads: hover of a link shows the note', async () => {
    const card = await until('a card', async () => /(.|\n)*too thick to cast(.|\n)*/.exec(await hover(INDEX, 'the_fresnel_lens | the great'))?.[0]);
    assert.match(card, /\*\*The Fresnel lens\*\*/);
  });

  await check('reads: hover of a timestamp shows the moment', async () => {
    const card = await until('a card', async () => /(.|\n)*Open the video at 00:01:12(.|\n)*/.exec(await hover(FIRES, '="00:01:12"'))?.[0]);
    assert.match(card, /watch\?v=HarbourLt01&t=72s/);
    assert.match(card, /The first sea lights were fires/);
  });

  await check('reads: a broken link is found, with a word of what could help', async () => {
    await show(FIRES);
    const { message } = await until('the finding', () => findings(FIRES, 'link.broken')[0]);
    assert.match(message, /No note is named `the_bell_rock`/);
  });

  await check('reads: the status bar counts the broken links of the note', async () => {
    await show(FIRES);
    await until('“1 broken link”', async () => (await screen.status()).includes('1 broken link'));
  });

  await check('reads: the view of backlinks shows who links to the note, and follows it', async () => {
    await vscode.commands.executeCommand('vaultls.showBacklinks');
    await show(LENS);
    const rows = await until('its backlinks', async () => {
      const rows = await screen.rows('Backlinks');
      return rows.some((row) => /It was this lamp that the new lenses were built around/.test(row)) && rows;
    });
    assert.ok(rows.some((row) => row.startsWith('Lighthouses before electricity')), String(rows));
    await show('tide_watch/spring_and_neap_tides.md');
    await until('those of another note', async () => {
      const rows = await screen.rows('Backlinks');
      return rows.some((row) => row.startsWith('Tide Watch')) && !rows.some((row) => /the new lenses/.test(row));
    });
  });

  await check('reads: the video timeline is in order of time, and a click goes there', async () => {
    await vscode.commands.executeCommand('vaultls.showTimeline');
    const editor = await show(FIRES);
    const rows = await until('the timeline', async () => {
      const rows = await screen.rows('Video Timeline');
      return rows.some((row) => /^00:01:12 ?The first sea lights were fires/.test(row)) && rows;
    });
    const times = rows.map((row) => row.slice(0, 8));
    assert.deepEqual(times, [...times].sort());
    await goto(FIRES, 'From:');
    await screen.clickRow('Video Timeline', '00:04:31');
    await until('the cursor is there', () => {
      const { document, selection } = vscode.window.activeTextEditor ?? editor;
      return document.lineAt(selection.start).text.startsWith('Coal fires') && document.getText(selection).includes('00:04:31');
    });
  });

  await check('reads: a line above the note of a video opens it', async () => {
    const { document } = await show(FIRES);
    await until('the lens', async () => {
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', document.uri);
      return lenses.some(({ command }) => command?.command === 'vaultls.open' && /[1-9]\d* timestamps, 00:01:12/.test(command.title));
    });
  });

  await check('reads: a time that shows another is explained behind it', async () => {
    const { document } = await show('wreckers_and_rescuers.md');
    const whole = new vscode.Range(0, 0, document.lineCount, 0);
    await until('the hint', async () => {
      const hints = await vscode.commands.executeCommand<vscode.InlayHint[]>('vscode.executeInlayHintProvider', document.uri, whole);
      return hints.some(({ label }) => String(label) === 'likely 00:22:31');
    });
  });
}
