// How the extension and its server live: started, told of changes and settings, beside VS Code's own Markdown, in trouble.
import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as vscode from 'vscode';
import { check, never, until } from './check';
import * as screen from './screen';
import { FIRES, INDEX, definitions, file, findings, root, show } from './vault';

const extension = () => vscode.extensions.getExtension('vaultls.vaultls');

export async function beginning(): Promise<void> {
  await check('lives: a note activates the extension, and the status bar counts the notes', async () => {
    assert.ok(extension(), 'it is installed');
    await show(INDEX);
    await until('it is active', () => extension()?.isActive);
    await until('the count', async () => /\b16 notes/.test(await screen.status()));
  });
}

export async function living(): Promise<void> {
  await check('lives: a note that appears on disk and goes again is noticed', async () => {
    await show(FIRES);
    await until('the finding', () => findings(FIRES, 'link.broken').length);
    fs.writeFileSync(file('the_bell_rock.md'), '# The Bell Rock\n\n[[spring_and_neap_tides]]\n');
    await until('no finding', () => !findings(FIRES, 'link.broken').length);
    await until('one note more', async () => /\b17 notes$/.test(await screen.status()));
    await show('tide_watch/spring_and_neap_tides.md');
    await until('its link', async () => (await screen.rows('Backlinks')).some((row) => row.startsWith('the_bell_rock')));
    fs.rmSync(file('the_bell_rock.md'));
    await until('its link is gone', async () => !(await screen.rows('Backlinks')).some((row) => row.startsWith('the_bell_rock')));
    await until('the finding again', () => findings(FIRES, 'link.broken').length);
  });

  await check('lives: a setting is obeyed at once', async () => {
    await show(FIRES);
    await until('the finding', () => findings(FIRES, 'link.broken').length);
    await set('findings.severity', { 'link.broken': 'off' });
    await until('no finding', () => !findings(FIRES, 'link.broken').length);
    await set('findings.severity', { link: 'error' });
    await until('an error', () => findings(FIRES, 'link.broken')[0]?.severity === vscode.DiagnosticSeverity.Error);
    await set('findings.severity', undefined);
    await until('a warning', () => findings(FIRES, 'link.broken')[0]?.severity === vscode.DiagnosticSeverity.Warning);
  });

  await check('lives: headings are listed once, though VS Code lists them too', async () => {
    const { document } = await show(FIRES);
    const names = (symbols: vscode.DocumentSymbol[]): string[] => symbols.flatMap(({ name, children }) => [name, ...names(children ?? [])]);
    const own = await vscode.commands.executeCommand<vscode.DocumentSymbol[]>('vscode.executeDocumentSymbolProvider', document.uri);
    assert.equal(names(own).filter((name) => /Towers in the open sea/.test(name)).length, 1, names(own).join());
    const found = await vscode.commands.executeCommand<vscode.SymbolInformation[]>('vscode.executeWorkspaceSymbolProvider', 'towers in the open');
    assert.equal(found.filter(({ name }) => /Towers in the open sea/.test(name)).length, 1, found.map(({ name }) => name).join());
    const notes = await vscode.commands.executeCommand<vscode.SymbolInformation[]>('vscode.executeWorkspaceSymbolProvider', 'fresnel');
    assert.ok(notes.some(({ name }) => name === 'the_fresnel_lens' || name === 'The Fresnel lens'), 'notes are found');
  });

  await check('lives: a Markdown link leads to one place, though VS Code follows it too', async () => {
    await show('plain_links.md');
    const [whole, part] = await until('definitions', async () => {
      const found = [await definitions('plain_links.md', 'harbour_lectures/the_fresnel_lens.md)'), await definitions('plain_links.md', 'orders)')];
      return found.every((places) => places.length) && found;
    });
    assert.deepEqual([new Set(whole).size, new Set(part).size], [1, 1], `${whole} and ${part}`);
  });

  await check('lives: the server is restarted by command, and its log is shown', async () => {
    await show(FIRES);
    const before = await until('a server', servers);
    await vscode.commands.executeCommand('vaultls.restart');
    await until('another server', () => servers().length === 1 && servers()[0] !== before[0]);
    await until('the finding', () => findings(FIRES, 'link.broken').length);
    await vscode.commands.executeCommand('vaultls.showLog');
    await until('the log', () => vscode.workspace.textDocuments.some(({ uri }) => uri.scheme === 'output' && uri.path.includes('vaultls')));
    await vscode.commands.executeCommand('workbench.action.closePanel');
  });

  await check('lives: a click on the status bar offers the log and a restart', async () => {
    await show(FIRES);
    await until('the item', async () => (await screen.status()).includes('notes'));
    await screen.click('.statusbar-item[id="vaultls.vaultls.vaultls.status"]');
    await until('the menu', async () => {
      const rows = await screen.texts('.quick-input-list .monaco-list-row');
      return ['Show Log', 'Restart Server'].every((label) => rows.some((row) => row.includes(label)));
    });
    await screen.press('Escape');
  });
}

export async function trouble(): Promise<void> {
  await check('fails: a crash is mended, and three are said once with the log at hand', async () => {
    await show(FIRES);
    for (let crash = 1; crash <= 2; crash++) {
      const [server] = await until('a server', () => servers().length === 1 && servers());
      process.kill(server, 'SIGKILL');
      await until('a new server', () => servers().length === 1 && servers()[0] !== server);
      await until('which works', async () => /\b16 notes/.test(await screen.status()));
    }
    process.kill((await until('a server', servers))[0], 'SIGKILL');
    await message(/Show Log.*crashed three times/);
    await until('the status bar', async () => (await screen.status()) === 'vaultls');
    assert.deepEqual(servers(), []);
    await vscode.commands.executeCommand('vaultls.restart');
    await until('it is well again', async () => /\b16 notes/.test(await screen.status()));
  });

  await check('fails: a server that is no program, or ends at once, is given up', async () => {
    const script = file('../ends_at_once');
    fs.writeFileSync(script, '#!/bin/sh\necho the last words >&2\nexit 3\n', { mode: 0o755 });
    await startWith(script);
    await message(/crashed three times/);
  });

  await check('fails: a server that is not there, or must not be executed, is said with what to do', async () => {
    await startWith('/nowhere/vaultls');
    await message(/“vaultls.server.path” names \/nowhere\/vaultls, and no such file is there/);
    const script = file('../not_executable');
    fs.writeFileSync(script, '', { mode: 0o644 });
    await startWith(script);
    await message(/not_executable, which must not be executed\. “chmod \+x” changes that/);
    await startWith(root.fsPath);
    await message(/which is a folder/);
    await startWith(undefined);
    await until('it is well again', async () => /\b16 notes/.test(await screen.status()));
  });
}

/** In a folder that is no vault. */
export async function quiet(): Promise<void> {
  await check('quiet: a folder that is no vault has no item, no view and no finding', async () => {
    await show('README.md');
    await until('a server', servers);
    await never('an item', () => screen.status());
    await never('a view', async () => (await screen.texts('.pane-header')).some((title) => /Backlinks|Video Timeline/i.test(title)));
    assert.deepEqual(vscode.languages.getDiagnostics(vscode.Uri.file(file('README.md'))).filter(({ source }) => source === 'vaultls'), []);
  });

  await check('quiet: nor is a server missed there', async () => {
    await startWith('/nowhere/vaultls');
    await until('no server', () => !servers().length);
    await never('a message', async () => (await screen.messages()).length);
  });
}

async function startWith(server: string | undefined): Promise<void> {
  await clear();
  await set('server.path', server);
  await vscode.commands.executeCommand('vaultls.restart');
}

/** A message that is there once. */
async function message(words: RegExp): Promise<void> {
  let messages: string[] = [];
  const are = async () => words.test(String((messages = await screen.messages())));
  await until(`a message ${words}`, are).catch((problem: Error) => assert.fail(`${problem.message} among ${messages}`));
  assert.equal(messages.length, 1, String(messages));
  await clear();
}

async function clear(): Promise<void> {
  await until('no message', async () => {
    await vscode.commands.executeCommand('notifications.clearAll');
    return !(await screen.messages()).length;
  });
}

async function set(key: string, value: unknown): Promise<void> {
  await vscode.workspace.getConfiguration('vaultls').update(key, value, vscode.ConfigurationTarget.Global);
}

/** The servers that this editor has started, by process. */
function servers(): number[] {
  const children = fs.readdirSync('/proc').filter((entry) => /^\d+$/.test(entry));
  return children.map(Number).filter((child) => {
    try {
      const [, name, parent] = /^\d+ \((.*)\) \S+ (\d+)/.exec(fs.readFileSync(`/proc/${child}/stat`, 'utf8')) ?? [];
      return name === 'vaultls' && Number(parent) === process.pid;
    } catch {
      return false; // It ended meanwhile.
    }
  });
}
