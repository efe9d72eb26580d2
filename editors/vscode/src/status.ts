// The item in the status bar: how large the vault is, how many links of the note are broken, how loading goes.
import { Diagnostic, Disposable, StatusBarAlignment, ThemeColor, Uri, languages, window } from 'vscode';
import { Client, SECTION } from './client';
import { isVaultOpen } from './trouble';

export class Status implements Disposable {
  readonly item = window.createStatusBarItem('vaultls.status', StatusBarAlignment.Right, 90);
  private readonly listeners: Disposable;

  constructor(private readonly client: Client) {
    this.item.name = 'vaultls';
    this.item.command = 'vaultls.menu';
    const show = () => this.show();
    this.listeners = Disposable.from(
      client.onDidChange(show),
      window.onDidChangeActiveTextEditor(show),
      languages.onDidChangeDiagnostics(show),
    );
    show();
  }

  dispose(): void {
    this.listeners.dispose();
    this.item.dispose();
  }

  private show(): void {
    const note = window.activeTextEditor?.document;
    const vault = this.client.isNote(note) ? this.client.vaultOf(note.uri) : undefined;
    const isInTrouble = this.client.condition === 'failed';
    if (!this.client.isNote(note) || !(isInTrouble || vault?.isVault || this.client.progress)) {
      this.item.hide();
      return;
    }
    this.item.backgroundColor = isInTrouble && isVaultOpen() ? new ThemeColor('statusBarItem.errorBackground') : undefined;
    if (isInTrouble) {
      this.say('$(error) vaultls', this.client.problem);
    } else if (this.client.progress || !vault?.loaded) {
      this.say(`$(sync~spin) ${this.client.progress || 'Reading notes'}`, 'vaultls reads the vault');
    } else {
      const [notes, broken] = [counted(vault.notes, 'note'), brokenLinks(note.uri)];
      this.say(
        `$(references) ${notes}${broken ? ` $(warning) ${counted(broken, 'broken link')}` : ''}`,
        `vaultls: ${notes} in this vault, ${counted(broken, 'broken link')} in this note`,
      );
    }
    this.item.show();
  }

  private say(text: string, tooltip: string): void {
    this.item.text = text;
    this.item.tooltip = tooltip;
  }
}

function brokenLinks(note: Uri): number {
  return languages.getDiagnostics(note).filter((finding) => codeOf(finding)?.startsWith('link.broken')).length;
}

/** The code of a finding of ours. */
export function codeOf({ source, code }: Diagnostic): string | undefined {
  return source === SECTION ? String(typeof code === 'object' ? code.value : code) : undefined;
}

function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}
