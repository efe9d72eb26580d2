// The vault that is open, and questions to the editor about its notes.
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { until } from './check';

export const root = vscode.workspace.workspaceFolders![0].uri;
export const file = (name: string): string => path.join(root.fsPath, name);
export const uri = (name: string): vscode.Uri => vscode.Uri.joinPath(root, name);

export const INDEX = 'index.md';
export const LENS = 'harbour_lectures/the_fresnel_lens.md';
export const FIRES = 'harbour_lectures/lighthouses_before_electricity.md';

export async function show(name: string): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri(name)), { preview: false });
}

/** The place of the first letter of `words` in a note. */
export async function place(name: string, words: string): Promise<vscode.Position> {
  const document = await vscode.workspace.openTextDocument(uri(name));
  const at = document.getText().indexOf(words);
  if (at < 0) {
    throw new Error(`${name} does not say ${words}`);
  }
  return document.positionAt(at);
}

/** Puts the cursor in front of `words`. */
export async function goto(name: string, words: string): Promise<vscode.TextEditor> {
  const editor = await show(name);
  const at = await place(name, words);
  editor.selection = new vscode.Selection(at, at);
  editor.revealRange(new vscode.Range(at, at));
  return editor;
}

/** As it is on disk. */
export async function revert(name: string): Promise<void> {
  const { document } = await show(name);
  await vscode.commands.executeCommand('workbench.action.files.revert');
  await until(`${name} is as on disk`, () => !document.isDirty && document.getText() === read(name));
}

export const read = (name: string): string => fs.readFileSync(file(name), 'utf8');

type Provider = 'Definition' | 'Reference' | 'Hover';

async function ask<T>(provider: Provider, name: string, words: string): Promise<T[]> {
  return (await vscode.commands.executeCommand<T[]>(`vscode.execute${provider}Provider`, uri(name), await place(name, words))) ?? [];
}

/** Where something leads: `path:line`, lines from 1. */
export async function definitions(name: string, words: string): Promise<string[]> {
  const found = await ask<vscode.Location | vscode.LocationLink>('Definition', name, words);
  return found.map((it) => ('targetUri' in it ? told(it.targetUri, it.targetSelectionRange ?? it.targetRange) : told(it.uri, it.range)));
}

export async function references(name: string, words: string): Promise<string[]> {
  return (await ask<vscode.Location>('Reference', name, words)).map((it) => told(it.uri, it.range));
}

export async function hover(name: string, words: string): Promise<string> {
  const found = await ask<vscode.Hover>('Hover', name, words);
  return found.flatMap(({ contents }) => contents.map((it) => (typeof it === 'string' ? it : it.value))).join('\n');
}

/** The findings of ours in a note that have a code. */
export function findings(name: string, code: string): vscode.Diagnostic[] {
  const codeOf = ({ code }: vscode.Diagnostic) => (typeof code === 'object' ? code.value : code);
  return vscode.languages.getDiagnostics(uri(name)).filter((it) => it.source === 'vaultls' && codeOf(it) === code);
}

function told(where: vscode.Uri, range: vscode.Range): string {
  return `${path.relative(root.fsPath, where.fsPath)}:${range.start.line + 1}`;
}
