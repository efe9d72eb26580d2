import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { Surroundings, locate } from '../../src/server';

function around(platform: string, files: Record<string, 'program' | 'file' | 'folder'>, more: Partial<Surroundings> = {}): Surroundings {
  const kinds = { program: 'file', file: 'file', folder: 'folder' } as const;
  return {
    platform,
    env: {},
    home: platform === 'win32' ? 'C:\\Users\\ada' : '/home/ada',
    extension: platform === 'win32' ? 'C:\\ext' : '/ext',
    kind: (file) => (file in files ? kinds[files[file]] : 'nothing'),
    isExecutable: (file) => files[file] === 'program',
    ...more,
  };
}

test('the server that is set goes before the one that came along, and that before the PATH', () => {
  const files = { '/opt/vaultls': 'program', '/ext/server/vaultls': 'program', '/usr/bin/vaultls': 'program' } as const;
  const env = { PATH: '/bin:/usr/bin' };
  assert.deepEqual(locate(' /opt/vaultls ', around('linux', files, { env })), { command: '/opt/vaultls' });
  assert.deepEqual(locate('', around('linux', files, { env })), { command: '/ext/server/vaultls' });
  assert.deepEqual(locate('', around('linux', { '/usr/bin/vaultls': 'program' }, { env })), { command: '/usr/bin/vaultls' });
});

test('a home, a workspace and a bare name are understood', () => {
  const files = { '/home/ada/bin/v': 'program', '/notes/target/v': 'program', '/bin/v': 'program' } as const;
  const here = around('darwin', files, { workspace: '/notes', env: { PATH: '/bin' } });
  assert.deepEqual(locate('~/bin/v', here), { command: '/home/ada/bin/v' });
  assert.deepEqual(locate('${workspaceFolder}/target/v', here), { command: '/notes/target/v' });
  assert.deepEqual(locate('./target/v', here), { command: '/notes/target/v' });
  assert.deepEqual(locate('v', here), { command: '/bin/v' });
});

test('paths of Windows are read as Windows does', () => {
  const program = (file: string) => ({ [file]: 'program' }) as const;
  const on = (file: string, more: Partial<Surroundings> = {}) => around('win32', program(file), more);
  assert.deepEqual(locate('', on('C:\\ext\\server\\vaultls.exe')), { command: 'C:\\ext\\server\\vaultls.exe' });
  assert.deepEqual(locate('C:\\tools\\vaultls.exe', on('C:\\tools\\vaultls.exe')), { command: 'C:\\tools\\vaultls.exe' });
  assert.deepEqual(locate('C:/tools/vaultls.exe', on('C:/tools/vaultls.exe')), { command: 'C:/tools/vaultls.exe' });
  assert.deepEqual(locate('\\\\nas\\tools\\v.exe', on('\\\\nas\\tools\\v.exe')), { command: '\\\\nas\\tools\\v.exe' });
  assert.deepEqual(locate('~\\bin\\v.exe', on('C:\\Users\\ada\\bin\\v.exe')), { command: 'C:\\Users\\ada\\bin\\v.exe' });
  const env = { Path: 'C:\\Windows;"C:\\Program Files;x\\bin"' };
  assert.deepEqual(locate('', on('C:\\Windows\\vaultls.exe', { env })), { command: 'C:\\Windows\\vaultls.exe' });
  assert.deepEqual(locate('v.cmd', on('C:\\Windows\\v.cmd', { env })), { command: 'C:\\Windows\\v.cmd' });
});

test('what is wrong is said with what to do', () => {
  const problem = (setting: string, here: Surroundings) => {
    const located = locate(setting, here);
    return 'problem' in located ? located.problem : '';
  };
  assert.match(problem('', around('linux', {})), /no vaultls server.*cargo install --path/);
  assert.match(problem('/a', around('linux', {})), /“vaultls.server.path” names \/a, and no such file is there/);
  assert.match(problem('/a', around('linux', { '/a': 'folder' })), /which is a folder/);
  assert.match(problem('/a', around('linux', { '/a': 'file' })), /must not be executed.*chmod \+x/);
  assert.match(problem('', around('linux', { '/ext/server/vaultls': 'file' })), /came with the extension.*chmod \+x/);
  assert.match(problem('v', around('linux', {})), /names v, which is not on the PATH/);
  assert.match(problem('./v', around('linux', {})), /needs an open folder/);
});
