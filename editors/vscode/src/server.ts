// Where the server is, and what to say when it is nowhere. Knows paths and files; no editor.
import * as path from 'node:path';

/** What the search depends on. */
export interface Surroundings {
  /** As `process.platform` says. */
  platform: string;
  env: Record<string, string | undefined>;
  home: string;
  /** The folder of the extension. */
  extension: string;
  /** The first folder of the workspace, if it has one. */
  workspace?: string;
  kind(file: string): 'file' | 'folder' | 'nothing';
  isExecutable(file: string): boolean;
}

/** The server's path, or a sentence for the user on why there is none. */
export type Located = { command: string } | { problem: string };

/** The server that is set, else the one that came with the extension, else the first one on the `PATH`. */
export function locate(setting: string, around: Surroundings): Located {
  if (setting.trim()) {
    return setServer(setting.trim(), around);
  }
  const bundled = paths(around).join(around.extension, 'server', names('vaultls', around)[0]);
  if (around.kind(bundled) === 'file') {
    return checked(bundled, 'The server that came with the extension is', around);
  }
  return (
    onPath('vaultls', around) ?? {
      problem:
        'There is no vaultls server: none came with this extension, and none is on the PATH. ' +
        'Build one with “cargo install --path .” in the source of vaultls, or name one in the setting “vaultls.server.path”.',
    }
  );
}

function setServer(setting: string, around: Surroundings): Located {
  const { isAbsolute, join } = paths(around);
  const file = setting
    .replace(/^~(?=$|[\\/])/, () => around.home)
    .replace(/\$\{workspaceFolder\}/g, () => around.workspace ?? '');
  const named = 'The setting “vaultls.server.path” names';
  if (isAbsolute(file)) {
    return checked(file, named, around);
  }
  if (!/[\\/]/.test(file)) {
    return onPath(file, around) ?? { problem: `${named} ${file}, which is not on the PATH.` };
  }
  return around.workspace === undefined
    ? { problem: `${named} ${file}, which needs an open folder to start from.` }
    : checked(join(around.workspace, file), named, around);
}

function checked(file: string, named: string, around: Surroundings): Located {
  switch (around.kind(file)) {
    case 'nothing':
      return { problem: `${named} ${file}, and no such file is there.` };
    case 'folder':
      return { problem: `${named} ${file}, which is a folder.` };
    case 'file':
      return around.isExecutable(file)
        ? { command: file }
        : { problem: `${named} ${file}, which must not be executed. “chmod +x” changes that.` };
  }
}

function onPath(name: string, around: Surroundings): Located | undefined {
  const { delimiter, join } = paths(around);
  // Windows spells the variable as it likes, and quotes folders with a `;` in their names.
  const variable = Object.keys(around.env).find((key) => key.toUpperCase() === 'PATH');
  const folders = (variable && around.env[variable]) || '';
  for (const folder of folders.split(delimiter).map((folder) => folder.replace(/^"|"$/g, ''))) {
    const files = names(name, around).map((name) => join(folder, name));
    const file = folder && files.find((file) => around.kind(file) === 'file' && around.isExecutable(file));
    if (file) {
      return { command: file };
    }
  }
  return undefined;
}

/** The names that a program may have as a file, the likeliest first. */
function names(name: string, around: Surroundings): string[] {
  return around.platform !== 'win32' || /\.(exe|cmd|bat)$/i.test(name) ? [name] : [`${name}.exe`];
}

function paths(around: Surroundings): path.PlatformPath {
  return around.platform === 'win32' ? path.win32 : path.posix;
}
