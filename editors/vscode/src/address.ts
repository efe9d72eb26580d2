// Whether two spellings of an address are of the same place. Knows text alone.
//
// The server and the editor may spell one file differently: `file:///c%3A/notes` and `file:///C:/notes` on Windows, an `é`
// in one letter or in two on macOS.

/** One spelling for all of an address. */
export function normalised(address: string): string {
  const decoded = address.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes; // Not of UTF-8.
    }
  });
  const plain = decoded.normalize('NFC').replace(/^file:\/\/localhost\//i, 'file:///');
  return plain
    .replace(/^file:\/\/([^/]*)/i, (_, host: string) => `file://${host.toLowerCase()}`)
    .replace(/^file:\/\/\/([a-z]):/i, (_, drive: string) => `file:///${drive.toLowerCase()}:`);
}

/** The innermost of some folders that holds a file. */
export function innermost<F extends { uri: string }>(folders: readonly F[], file: string): F | undefined {
  const inside = normalised(file);
  const depth = (folder: F): number => {
    const root = normalised(folder.uri).replace(/\/?$/, '/');
    return inside.startsWith(root) ? root.length : -1;
  };
  return folders.filter((folder) => depth(folder) >= 0).sort((a, b) => depth(b) - depth(a))[0];
}
