// A view that follows the active note. Knows when to ask again; not what is asked.
import { Disposable, EventEmitter, TreeDataProvider, TreeItem, TreeView, Uri, window } from 'vscode';
import { Client } from './client';

export abstract class NoteTree<T> implements TreeDataProvider<T>, Disposable {
  /** As `package.json` has it. */
  abstract readonly id: string;
  /** Said where nothing was found. */
  protected abstract readonly nothing: string;

  /** What was found for the note. */
  protected roots: T[] = [];
  view?: TreeView<T>;

  /** The note that is shown: the active one, or the last that was. */
  private note?: Uri;
  private asked = 0;
  private listeners?: Disposable;
  private readonly changed = new EventEmitter<void>();
  readonly onDidChangeTreeData = this.changed.event;

  constructor(protected readonly client: Client) {}

  protected abstract ask(note: Uri): Promise<T[] | undefined>;
  /** A few words behind the title of the view. */
  protected abstract summary(found: T[]): string;
  abstract getChildren(parent?: T): T[];
  abstract getTreeItem(entry: T): TreeItem;

  open(): this {
    this.view = window.createTreeView(this.id, { treeDataProvider: this, showCollapseAll: true });
    const look = () => void this.look();
    this.listeners = Disposable.from(
      this.view,
      this.view.onDidChangeVisibility(look),
      window.onDidChangeActiveTextEditor(look),
      this.client.onDidChange(look),
    );
    look();
    return this;
  }

  dispose(): void {
    this.listeners?.dispose();
    this.changed.dispose();
  }

  private async look(): Promise<void> {
    if (!this.view?.visible) {
      return;
    }
    const active = window.activeTextEditor?.document;
    this.note = this.client.isNote(active) ? active.uri : this.note;
    const question = ++this.asked;
    const found = this.note && (await this.ask(this.note).catch(() => undefined));
    if (question !== this.asked) {
      return; // Overtaken by a later one.
    }
    this.roots = found ?? [];
    this.view.message = found?.length ? undefined : this.excuse(found);
    this.view.description = this.summary(this.roots);
    this.changed.fire();
  }

  private excuse(found: T[] | undefined): string {
    return found ? this.nothing : this.note ? 'Reading…' : 'Open a note to see more.';
  }
}
