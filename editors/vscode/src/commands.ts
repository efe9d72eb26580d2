// What the user can have done. Each command is one function; `COMMANDS` is the list.
import {
  CodeAction,
  Disposable,
  Location,
  Position,
  QuickPickItem,
  Range,
  Selection,
  TextEditor,
  TextEditorRevealType,
  Uri,
  commands,
  env,
  languages,
  window,
  workspace,
} from 'vscode';
import type { Location as PlainLocation, Position as PlainPosition } from 'vscode-languageserver-protocol';
import { Client } from './client';
import { momentAt, secondsOf } from './moments';
import { Moment } from './protocol';
import { codeOf } from './status';
import { Entry } from './timeline';

const COMMANDS: Record<string, (client: Client, ...args: never[]) => unknown> = {
  'vaultls.restart': (client) => client.restart(),
  'vaultls.showLog': (client) => client.log.show(),
  'vaultls.menu': menu,
  'vaultls.openTimestamp': openTimestamp,
  'vaultls.copyMoment': copyMoment,
  'vaultls.nextTimestamp': (client) => step(client, 'vaultls/nextTimestamp'),
  'vaultls.previousTimestamp': (client) => step(client, 'vaultls/previousTimestamp'),
  'vaultls.createMissingNote': createMissingNote,
  'vaultls.showBacklinks': () => commands.executeCommand('vaultls.backlinks.focus'),
  'vaultls.showTimeline': () => commands.executeCommand('vaultls.timeline.focus'),
  'vaultls.shiftTimes': shiftTimes,
  'vaultls.showReferences': showReferences,
};

export function register(client: Client): Disposable {
  const registered = Object.entries(COMMANDS).map(([name, run]) =>
    commands.registerCommand(name, (...args) => run(client, ...(args as never[]))),
  );
  return Disposable.from(...registered);
}

/** What a click on the status bar offers. */
async function menu(client: Client): Promise<void> {
  const choices: (QuickPickItem & { command: string; args?: string[] })[] = [
    { label: '$(output) Show Log', command: 'vaultls.showLog' },
    { label: '$(debug-restart) Restart Server', command: 'vaultls.restart' },
    { label: '$(warning) Show Problems', command: 'workbench.actions.view.problems' },
    { label: '$(references) Show Backlinks', command: 'vaultls.showBacklinks' },
    { label: '$(gear) Open Settings', command: 'workbench.action.openSettings', args: ['vaultls.'] },
  ];
  const placeHolder = client.condition === 'failed' ? client.problem : 'vaultls';
  const chosen = await window.showQuickPick(choices, { placeHolder });
  if (chosen) {
    await commands.executeCommand(chosen.command, ...(chosen.args ?? []));
  }
}

/** From the timeline an entry is given; else the timestamp is the one at the cursor. */
async function openTimestamp(client: Client, entry?: Entry): Promise<void> {
  const address = await addressOf(client, entry);
  if (address) {
    await env.openExternal(Uri.parse(address));
  }
}

async function copyMoment(client: Client, entry?: Entry): Promise<void> {
  const address = await addressOf(client, entry);
  if (address) {
    await env.clipboard.writeText(address);
    say(`Copied ${address}`);
  }
}

async function addressOf(client: Client, entry?: Entry): Promise<string | undefined> {
  const moment = entry?.moment ?? (await momentAtCursor(client));
  if (!moment) {
    say('There is no timestamp in this line.');
  } else if (!moment.address) {
    say('Nothing says of which video this timestamp is.');
  }
  return moment?.address ?? undefined;
}

async function momentAtCursor(client: Client): Promise<Moment | undefined> {
  const editor = noteEditor(client);
  const moments = editor && (await client.ask('vaultls/timeline', editor.document.uri, {}));
  return moments ? momentAt(moments, editor.selection.active) : undefined;
}

async function step(client: Client, where: 'vaultls/nextTimestamp' | 'vaultls/previousTimestamp'): Promise<void> {
  const editor = noteEditor(client);
  if (!editor) {
    return;
  }
  const range = await client.ask(where, editor.document.uri, { position: plain(editor.selection.active) });
  if (range) {
    moveTo(editor, new Position(range.start.line, range.start.character));
  } else {
    say(where === 'vaultls/nextTimestamp' ? 'There is no timestamp further down.' : 'There is no timestamp further up.');
  }
}

/** Creates the note that the link at the cursor names; where it is on none, that of a broken link of the user's choice. */
async function createMissingNote(client: Client): Promise<void> {
  const editor = noteEditor(client);
  const place = editor && (await brokenLink(editor));
  if (!editor || !place) {
    return;
  }
  const { document } = editor;
  const actions = await commands.executeCommand<CodeAction[]>('vscode.executeCodeActionProvider', document.uri, place, 'quickfix');
  const create = actions.find((action) => action.title.startsWith('Create the note'));
  if (!create?.edit) {
    say('The note cannot be created: the link names none that could be.');
    return;
  }
  const created = create.edit.entries().find(([file]) => file.toString() !== document.uri.toString())?.[0];
  if ((await workspace.applyEdit(create.edit)) && created) {
    await (await window.showTextDocument(created)).document.save();
  }
}

async function brokenLink({ document, selection }: TextEditor): Promise<Range | undefined> {
  const broken = languages.getDiagnostics(document.uri).filter((finding) => codeOf(finding) === 'link.broken');
  const here = broken.find(({ range }) => range.contains(selection.active));
  if (here || !broken.length) {
    if (!here) {
      say('No link of this note is broken.');
    }
    return here?.range;
  }
  const choices = broken.map(({ range, message }) => ({ label: document.getText(range), detail: message, range }));
  const placeHolder = 'Which note is to be created?';
  return (await window.showQuickPick(choices, { placeHolder }))?.range;
}

/** Moves the times of the selection, or of the note, by an amount that the user is asked for. */
async function shiftTimes(client: Client, by?: string): Promise<void> {
  const editor = noteEditor(client);
  const server = client.running;
  if (!editor || !server) {
    return;
  }
  const { document, selection } = editor;
  const written = by ?? (await askForSeconds(selection.isEmpty));
  const seconds = written === undefined ? undefined : secondsOf(written);
  if (seconds === undefined) {
    return;
  }
  const range = selection.isEmpty ? {} : { range: { start: plain(selection.start), end: plain(selection.end) } };
  try {
    const edit = await client.ask('vaultls/shiftTimes', document.uri, { seconds, ...range });
    const applied = edit && (await server.protocol2CodeConverter.asWorkspaceEdit(edit));
    if (applied?.size) {
      await workspace.applyEdit(applied);
    } else {
      say('There are no times to shift.');
    }
  } catch (problem) {
    void window.showWarningMessage(`The times were not shifted: ${(problem as Error).message}.`);
  }
}

function askForSeconds(isWholeNote: boolean): Thenable<string | undefined> {
  return window.showInputBox({
    title: isWholeNote ? 'Shift all times of the note' : 'Shift the selected times',
    prompt: 'Later by 90 or 1:30, earlier by -90 or -1:30',
    validateInput: (written) => (secondsOf(written) === undefined ? 'Seconds, or minutes and seconds: -1:30' : undefined),
  });
}

/** The server's lenses have this done: it speaks of places in plain values. */
async function showReferences(client: Client, uri: string, at: PlainPosition, found: PlainLocation[]): Promise<void> {
  const convert = client.running?.protocol2CodeConverter;
  if (convert) {
    const places: Location[] = found.map((place) => convert.asLocation(place));
    await commands.executeCommand('editor.action.showReferences', convert.asUri(uri), convert.asPosition(at), places);
  }
}

function noteEditor(client: Client): TextEditor | undefined {
  const editor = window.activeTextEditor;
  if (!client.isNote(editor?.document)) {
    say('Open a note first.');
    return undefined;
  }
  return editor;
}

function moveTo(editor: TextEditor, place: Position): void {
  editor.selection = new Selection(place, place);
  editor.revealRange(new Range(place, place), TextEditorRevealType.InCenterIfOutsideViewport);
}

function plain({ line, character }: Position): PlainPosition {
  return { line, character };
}

function say(sentence: string): void {
  window.setStatusBarMessage(`vaultls: ${sentence}`, 5000);
}
