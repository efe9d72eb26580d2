// Starts the server for Markdown files. Everything about notes is the server's business.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { commands, ExtensionContext, window, workspace } from 'vscode';
import { LanguageClient } from 'vscode-languageclient/node';

const SECTION = 'vaultls';

let client: LanguageClient | undefined;

export async function activate(context: ExtensionContext): Promise<void> {
  context.subscriptions.push(commands.registerCommand('vaultls.restart', restart(context)));
  await start(context);
}

export async function deactivate(): Promise<void> {
  await client?.dispose();
  client = undefined;
}

function restart(context: ExtensionContext): () => Promise<void> {
  return async () => {
    await deactivate();
    await start(context);
  };
}

async function start(context: ExtensionContext): Promise<void> {
  const command = serverPath(context);
  client = new LanguageClient(
    SECTION,
    'vaultls',
    { command },
    {
      documentSelector: [{ scheme: 'file', language: 'markdown' }],
      // Loading begins with these; what changes later is sent by itself.
      initializationOptions: workspace.getConfiguration(SECTION),
      synchronize: { configurationSection: SECTION },
    },
  );
  try {
    await client.start();
  } catch (problem) {
    void window.showErrorMessage(`vaultls could not start ${command}: ${String(problem)}`);
  }
}

/** The server that is set, else the one in the package, else the one on the `PATH`. */
function serverPath(context: ExtensionContext): string {
  const set = workspace.getConfiguration(SECTION).get<string>('server.path', '').trim();
  const name = process.platform === 'win32' ? 'vaultls.exe' : 'vaultls';
  const packed = path.join(context.extensionPath, 'server', name);
  return set || (fs.existsSync(packed) ? packed : name);
}
