// What the user sees and types: asked of the browser that shows the editor.
import * as vscode from 'vscode';

async function ask<T>(what: string, about: object): Promise<T> {
  const response = await fetch(`${process.env.SCREEN}/${what}`, { method: 'POST', body: JSON.stringify(about) });
  const { answer, problem } = (await response.json()) as { answer: T; problem?: string };
  if (problem) {
    throw new Error(problem);
  }
  return answer;
}

export const texts = async (selector: string): Promise<string[]> =>
  (await ask<string[]>('texts', { selector })).map((text) => text.replace(/[\u00a0\s]+/g, ' ').trim());
export const press = (key: string): Promise<void> => ask('press', { key });
export const type = (text: string): Promise<void> => ask('type', { text });
/** For whoever looks into a failure: `out/NAME.png`. */
export const picture = (name: string): Promise<void> => ask('picture', { name });
export const click = (selector: string, text = ''): Promise<void> => ask('click', { selector, text });

/** What our item in the status bar says. */
export const status = async (): Promise<string> => (await texts('.statusbar-item[id="vaultls.vaultls.vaultls.status"]'))[0] ?? '';
/** Under test the editor shows messages in their list only. */
export const messages = async (): Promise<string[]> => {
  await vscode.commands.executeCommand('notifications.showList');
  return texts('.notifications-center .notification-list-item');
};
export const suggestions = (): Promise<string[]> => texts('.suggest-widget.visible .monaco-list-row');

/** The rows of a view in the side bar. */
export const rows = (view: string): Promise<string[]> => texts(`${pane(view)} .monaco-list-row`);
export const clickRow = (view: string, text: string): Promise<void> => click(`${pane(view)} .monaco-list-row`, text);

function pane(view: string): string {
  return `.pane:has(.pane-header[aria-label^="${view}"])`;
}
