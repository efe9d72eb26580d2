// How the user is told that there is no server. Once for each problem, and not at all where nobody takes notes.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { LogOutputChannel, commands, window, workspace } from 'vscode';

/** What marks a vault, as the server has it, but for `.git`: a README in a repository is no reason to complain. */
const MARKERS = ['.obsidian', '.vaultls.toml', '.foam', '.zk', '.marksman.toml', '.logseq'];

const SHOW_LOG = 'Show Log';
const RESTART = 'Restart';
const SETTINGS = 'Open Settings';

const told = new Set<string>();

/** The user had the server started anew: what is wrong then is worth saying again. */
export function forget(): void {
  told.clear();
}

export async function tell(problem: string, log: LogOutputChannel, restart: () => Promise<void>): Promise<void> {
  if (told.has(problem) || !isVaultOpen()) {
    return;
  }
  told.add(problem);
  const chosen = await window.showErrorMessage(problem, SHOW_LOG, RESTART, SETTINGS);
  if (chosen === SHOW_LOG) {
    log.show();
  } else if (chosen === RESTART) {
    await restart();
  } else if (chosen === SETTINGS) {
    await commands.executeCommand('workbench.action.openSettings', 'vaultls.server.path');
  }
}

/** Whether a folder of the workspace is marked as a vault. */
export function isVaultOpen(): boolean {
  const folders = workspace.workspaceFolders ?? [];
  return folders.some(({ uri }) => MARKERS.some((marker) => fs.existsSync(path.join(uri.fsPath, marker))));
}
