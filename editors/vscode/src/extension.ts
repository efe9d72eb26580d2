// Puts the parts together. Everything about notes is the server's business.
import { ExtensionContext, commands, window } from 'vscode';
import { Backlinks } from './backlinks';
import { Client } from './client';
import { register } from './commands';
import { isAfterOthers } from './markdown';
import { Status } from './status';
import { Timeline } from './timeline';

let client: Client | undefined;

export function activate(context: ExtensionContext): void {
  const log = window.createOutputChannel('vaultls', { log: true });
  client = new Client(log, context.extensionPath);
  const running = client;
  const isInVault = () => {
    const isIt = running.vaults.some(({ isVault }) => isVault);
    void commands.executeCommand('setContext', 'vaultls.isInVault', isIt);
  };
  context.subscriptions.push(
    log,
    running.onDidChange(isInVault),
    register(running),
    new Status(running),
    new Backlinks(running).open(),
    new Timeline(running).open(),
  );
  // Not waited for: commands must work while the server starts, above all the one that starts it again.
  void isAfterOthers().then(() => running.start());
}

export async function deactivate(): Promise<void> {
  await client?.stop();
}
