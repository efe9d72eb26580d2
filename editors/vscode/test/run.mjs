// Runs all checks of the extension: those of its pure parts, and those of the packed extension in a real VS Code.
//
//   node run.mjs PACKAGE.vsix        (see run.sh)
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { inScratch, installed, open } from './editor.mjs';

const here = import.meta.dirname;
const sample = path.join(here, '../../../tests/sample');
const tests = path.join(here, '../out/suite/index.js');
const patience = 240_000;
const vsix = path.resolve(process.argv[2]);

let passed = 0;
let failed = 0;

function say(isFine, name, detail = '') {
  console.log(`${isFine ? 'ok' : 'not ok'} - ${name}${detail && `: ${detail}`}`);
  isFine ? passed++ : failed++;
}

/** The results of the checks `only`, in the vault that `make` makes of a copy of the sample and of our own notes. */
async function checked(extensions, only, make = () => {}, env = {}) {
  return inScratch(async (home) => {
    const vault = path.join(home, 'vault');
    fs.cpSync(sample, vault, { recursive: true });
    fs.cpSync(path.join(here, 'notes'), vault, { recursive: true });
    make(vault);
    const results = path.join(home, 'results');
    const editor = await open({ home, vault, extensions, tests, env: { ONLY: only, RESULTS: results, ...env } });
    try {
      let timer;
      const tooLong = new Promise((_, reject) => (timer = setTimeout(reject, patience, new Error('the checks did not end'))));
      await Promise.race([editor.tested, tooLong]).finally(() => clearTimeout(timer));
    } catch (problem) {
      await editor.page.screenshot({ path: path.join(here, '../out/failed.png') });
      say(false, String(problem));
    } finally {
      await editor.close();
    }
    const lines = fs.existsSync(results) ? fs.readFileSync(results, 'utf8').trim().split('\n') : [];
    return lines.map((line) => JSON.parse(line));
  });
}

function unit() {
  const folder = path.join(here, '../out/unit');
  const files = fs.readdirSync(folder).map((file) => path.join(folder, file));
  const run = spawnSync(process.execPath, ['--test', '--test-reporter=tap', ...files], { encoding: 'utf8' });
  for (const [, not, name] of run.stdout.matchAll(/^ *(not )?ok \d+ - (.*)$/gm)) {
    if (!name.endsWith('.js')) {
      say(!not, `alone: ${name}`);
    }
  }
  if (run.status !== 0) {
    console.log(run.stdout);
    say(false, 'the pure parts');
  }
}

/** Without links and timestamps: what is asked for is not there. */
function emptied(vault) {
  for (const file of fs.readdirSync(vault, { recursive: true }).filter((file) => file.endsWith('.md'))) {
    const note = path.join(vault, file);
    const text = fs.readFileSync(note, 'utf8').replaceAll('[[', '((').replace(/(\d\d):(\d\d):(\d\d)/g, '$1.$2.$3');
    fs.writeFileSync(note, text);
  }
}

function plain(vault) {
  fs.rmSync(vault, { recursive: true });
  fs.mkdirSync(vault);
  fs.writeFileSync(path.join(vault, 'README.md'), '# A program\n\nIt has an array `a[[0]]` with [[1]].\n');
}

unit();
await inScratch(async (scratch) => {
  const extensions = installed(vsix, path.join(scratch, 'extensions'));
  const results = await checked(extensions, '^(lives|reads|writes|fails): ');
  results.push(...(await checked(extensions, '^quiet: ', plain)));
  for (const { name, problem, ms } of results) {
    say(!problem, name, problem ?? `${ms} ms`);
  }
  // Checks that cannot fail prove nothing: where nothing is to be found, none of them may pass.
  const control = await checked(extensions, '^reads: ', emptied, { PATIENCE: '1500' });
  const wrong = control.filter(({ problem }) => !problem?.includes('waited in vain')).map(({ name, problem }) => `${name}: ${problem}`);
  const asked = results.filter(({ name }) => name.startsWith('reads: ')).length;
  say(!wrong.length && asked > 0 && control.length === asked, `control: ${asked} checks fail where nothing is to be found`, wrong.join('; '));
});

console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
