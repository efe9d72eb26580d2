// Where VS Code's own Markdown support answers as well, and which of the two is heard. Knows no note.
//
// VS Code asks every extension and shows all answers. What its own support says in the same words is not said twice; the
// extension's README has the list.
import { Extension, Position, SymbolKind, TextDocument, extensions, workspace } from 'vscode';
import { Middleware } from 'vscode-languageclient/node';

export const beside: Middleware = {
  // Both list the headings of a note.
  provideDocumentSymbols: (document, token, next) => (isThere() ? undefined : next(document, token)),

  // Both find headings in the workspace; notes, aliases, tags and moments are ours alone.
  provideWorkspaceSymbols: async (query, token, next) => {
    const found = await next(query, token);
    return isThere() ? found?.filter(({ kind }) => kind !== SymbolKind.String) : found;
  },

  // Both complete the path of `[text](path)`.
  provideCompletionItem: (document, position, context, token, next) =>
    isThere() && completesPaths(document) && isInPath(document, position) ? undefined : next(document, position, context, token),
};

/**
 * Waits until VS Code's own Markdown support runs. Of two who can rename, the later one is asked first, and VS Code's own
 * knows no wikilinks: it would rename a heading and break the links to it.
 */
export async function isAfterOthers(): Promise<void> {
  await own()?.activate().then(undefined, () => {});
}

function isThere(): boolean {
  return own() !== undefined;
}

function own(): Extension<unknown> | undefined {
  return extensions.getExtension('vscode.markdown-language-features');
}

function completesPaths(document: TextDocument): boolean {
  return workspace.getConfiguration('markdown', document).get<boolean>('suggest.paths.enabled', false);
}

/** Whether a position is behind `](` of a link that does not end before it. */
function isInPath(document: TextDocument, position: Position): boolean {
  const before = document.lineAt(position).text.slice(0, position.character);
  return /\]\([^()]*$/.test(before);
}
