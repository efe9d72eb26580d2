// The view of who links to the active note: notes, and beneath each its mentions with their lines.
import { Range, ThemeIcon, TreeItem, TreeItemCollapsibleState, Uri } from 'vscode';
import { NoteTree } from './tree';
import { Linking, Mention } from './protocol';

/** A note, or one of its mentions. */
export type Backlink = { from: Linking; mention?: Mention };

/** So many notes are shown with their mentions; more are folded. */
const UNFOLDED = 12;

export class Backlinks extends NoteTree<Backlink> {
  readonly id = 'vaultls.backlinks';
  protected readonly nothing = 'No other note links to this one.';

  protected async ask(note: Uri): Promise<Backlink[] | undefined> {
    const found = await this.client.ask('vaultls/backlinks', note, {});
    return found?.map((from) => ({ from }));
  }

  protected summary(found: Backlink[]): string {
    const mentions = found.reduce((sum, { from }) => sum + from.mentions.length, 0);
    return mentions ? `${mentions} in ${found.length} ${found.length === 1 ? 'note' : 'notes'}` : '';
  }

  getChildren(parent?: Backlink): Backlink[] {
    return parent ? parent.from.mentions.map((mention) => ({ from: parent.from, mention })) : this.roots;
  }

  getTreeItem({ from, mention }: Backlink): TreeItem {
    return mention ? this.lineItem(from, mention) : this.noteItem(from);
  }

  private noteItem(from: Linking): TreeItem {
    const { Expanded, Collapsed } = TreeItemCollapsibleState;
    const item = new TreeItem(from.title, this.roots.length > UNFOLDED ? Collapsed : Expanded);
    item.id = from.uri;
    item.iconPath = new ThemeIcon('note');
    item.description = String(from.mentions.length);
    item.tooltip = from.path;
    item.contextValue = 'note';
    return item;
  }

  private lineItem(from: Linking, { range, before, link, after }: Mention): TreeItem {
    const near = lastWords(before);
    const highlights: [number, number][] = [[near.length, near.length + link.length]];
    const item = new TreeItem({ label: near + link + after, highlights });
    item.tooltip = `${from.path}:${range.start.line + 1}\n${before}${link}${after}`;
    const place = new Range(range.start.line, range.start.character, range.end.line, range.end.character);
    item.command = { title: 'Go to the mention', command: 'vscode.open', arguments: [Uri.parse(from.uri), { selection: place }] };
    return item;
  }
}

/** So many letters before a link leave room for the link in a side bar. */
const NARROW = 24;

function lastWords(before: string): string {
  if (before.length <= NARROW) {
    return before;
  }
  const cut = before.slice(-NARROW);
  const blank = cut.slice(0, -1).indexOf(' ');
  return `…${cut.slice(blank + 1)}`;
}
