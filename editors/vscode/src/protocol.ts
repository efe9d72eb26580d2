// What `vaultls` says beyond the protocol that all servers speak. Its README describes each of these.
import type { Position, Range, WorkspaceEdit } from 'vscode-languageserver-protocol';

/** Of `vaultls/timeline`. */
export interface Moment {
  range: Range;
  seconds: number;
  time: string;
  address: string | null;
  claim: string | null;
  section: string | null;
  otherNotes: number;
}

/** Of `vaultls/backlinks`: a note that links to the one asked about. */
export interface Linking {
  uri: string;
  title: string;
  path: string;
  mentions: Mention[];
}

export interface Mention {
  range: Range;
  before: string;
  link: string;
  after: string;
}

/** Of the notification `vaultls/changed`. */
export interface Vault {
  uri: string;
  notes: number;
  isVault: boolean;
  read: number;
  total: number;
  loaded: boolean;
}

/** Requests of ours: parameters and answer by method. Each is about a note, which is added. */
export interface Requests {
  'vaultls/backlinks': [object, Linking[] | null];
  'vaultls/timeline': [object, Moment[] | null];
  'vaultls/nextTimestamp': [{ position: Position }, Range | null];
  'vaultls/previousTimestamp': [{ position: Position }, Range | null];
  'vaultls/shiftTimes': [{ range?: Range; seconds: number }, WorkspaceEdit | null];
}
