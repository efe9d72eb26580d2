// Moments of videos and lengths of time, as they are written and found. Knows no editor.
import type { Position, Range } from 'vscode-languageserver-protocol';

/** The timestamp at a position; where none is, the last before it in the same line, else the first of the line. */
export function momentAt<M extends { range: Range }>(moments: readonly M[], at: Position): M | undefined {
  const touches = ({ range }: M): boolean => compare(range.start, at) <= 0 && compare(at, range.end) <= 0;
  const inLine = moments.filter(({ range }) => range.start.line <= at.line && at.line <= range.end.line);
  inLine.sort((a, b) => compare(a.range.start, b.range.start));
  return inLine.find(touches) ?? inLine.filter(({ range }) => compare(range.end, at) <= 0).at(-1) ?? inLine[0];
}

function compare(a: Position, b: Position): number {
  return a.line - b.line || a.character - b.character;
}

/** Seconds of a length of time with a sign: `90`, `-1:30`, `+1:02:03`. */
export function secondsOf(written: string): number | undefined {
  const match = /^([+-]?)(?:(?:(\d+):)?(\d+):)?(\d+)$/.exec(written.trim().replace('−', '-'));
  if (!match) {
    return undefined;
  }
  const [, sign, hours, minutes, seconds] = match;
  const total = Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds);
  const isSpelledOut = minutes === undefined || Number(seconds) < 60;
  return !isSpelledOut || !Number.isSafeInteger(total) ? undefined : sign === '-' ? -total : total;
}
