// The view of the active note's timestamps in order of time, each with what it supports.
import { Range, ThemeIcon, TreeItem, Uri } from 'vscode';
import { NoteTree } from './tree';
import { Moment } from './protocol';

/** A moment, and the note it is cited in. */
export type Entry = { note: Uri; moment: Moment };

export class Timeline extends NoteTree<Entry> {
  readonly id = 'vaultls.timeline';
  protected readonly nothing = 'This note has no timestamps.';

  protected async ask(note: Uri): Promise<Entry[] | undefined> {
    const found = await this.client.ask('vaultls/timeline', note, {});
    return found?.map((moment) => ({ note, moment }));
  }

  protected summary(found: Entry[]): string {
    return found.length ? `${found.length}` : '';
  }

  getChildren(parent?: Entry): Entry[] {
    return parent ? [] : this.roots;
  }

  getTreeItem({ note, moment }: Entry): TreeItem {
    const { time, claim, section, otherNotes, address, range } = moment;
    const item = new TreeItem(time);
    item.iconPath = new ThemeIcon('watch');
    item.description = claim ?? '';
    const others = otherNotes && `Cited in ${otherNotes} other ${otherNotes === 1 ? 'note' : 'notes'}`;
    item.tooltip = [time, section, claim, others].filter(Boolean).join('\n');
    item.contextValue = address ? 'moment' : 'time';
    const place = new Range(range.start.line, range.start.character, range.end.line, range.end.character);
    item.command = { title: 'Go to the timestamp', command: 'vscode.open', arguments: [note, { selection: place }] };
    return item;
  }
}
