// Takes the pictures of README in a real VS Code: editors/pictures/vscode-*.png.
//
//   node pictures.mjs PACKAGE.vsix        (see pictures.sh)
//
// Each is waited for until it shows what it is to show; look at them before they are committed.
import fs from 'node:fs';
import path from 'node:path';
import { inScratch, installed, open, until } from './editor.mjs';

const here = import.meta.dirname;
const folder = path.join(here, '../../pictures');
const vsix = path.resolve(process.argv[2]);

const FIRES = 'harbour_lectures/lighthouses_before_electricity.md';
const LENS = 'harbour_lectures/the_fresnel_lens.md';

const SETTINGS = {
  'breadcrumbs.enabled': false,
  'editor.fontSize': 14,
  'editor.hover.delay': 100,
  'editor.minimap.enabled': false,
  'editor.lineNumbers': 'off',
  'editor.glyphMargin': false,
  'editor.occurrencesHighlight': 'off',
  'editor.scrollbar.vertical': 'hidden',
  'explorer.autoReveal': false,
  'markdown.suggest.paths.enabled': false,
  'vaultls.hints.elsewhere': true,
  'window.commandCenter': false,
  'workbench.activityBar.location': 'hidden',
  'workbench.editor.showTabs': 'single',
  'workbench.editor.editorActionsLocation': 'hidden',
  'workbench.layoutControl.enabled': false,
};

/** Puts the cursor in front of `words` of the note that is shown. */
async function goto(page, note, words) {
  const [before] = fs.readFileSync(note, 'utf8').split(words, 1);
  const lines = before.split('\n');
  await page.keyboard.press('Control+g');
  await page.locator('.quick-input-widget input').waitFor();
  await page.keyboard.type(`${lines.length}:${lines.at(-1).length + 1}`);
  await page.keyboard.press('Enter');
  await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
}

async function show(page, note) {
  await page.keyboard.press('Control+p');
  await page.locator('.quick-input-widget input').waitFor();
  await page.keyboard.type(note);
  await page.locator('.quick-input-list .monaco-list-row', { hasText: path.basename(note) }).first().waitFor();
  await page.keyboard.press('Enter');
  await page.locator('.editor-instance .view-line').first().waitFor();
  await page.locator('.tab.active, .title .label-name', { hasText: path.basename(note) }).first().waitFor();
}

async function run(page, command) {
  await page.keyboard.press('F1');
  await page.locator('.quick-input-widget input').waitFor();
  await page.keyboard.type(command);
  await page.locator('.quick-input-list .monaco-list-row', { hasText: command }).first().waitFor();
  await page.keyboard.press('Enter');
}

async function take(page, name, clip) {
  const file = path.join(folder, `vscode-${name}.png`);
  await page.screenshot({ path: file, clip });
  console.log(`${file}: ${Math.round(fs.statSync(file).size / 1024)} KB`);
}

/** The editor down to the end of what matters, a little below it. */
async function downTo(page, ...selectors) {
  const editor = await page.locator('.editor-instance').first().boundingBox();
  const boxes = await Promise.all(selectors.map((selector) => page.locator(selector).first().boundingBox()));
  const bottom = Math.max(...boxes.map((box) => box.y + box.height)) + 24;
  return { ...editor, height: Math.min(editor.height, bottom - editor.y) };
}

async function pictures(page, vault) {
  const [fires, index] = [path.join(vault, FIRES), path.join(vault, 'index.md')];
  await page.locator('.statusbar-item[id="vaultls.vaultls.vaultls.status"]', { hasText: 'notes' }).waitFor({ timeout: 60_000 });

  // Both views and the status bar, beside a note.
  await show(page, FIRES);
  await run(page, 'vaultls: Show Backlinks');
  await page.locator('.monaco-list-row', { hasText: 'an earlier part' }).first().waitFor();
  await run(page, 'vaultls: Show Video Timeline');
  await page.locator('.monaco-list-row', { hasText: '00:01:12' }).first().waitFor();
  await page.locator('.pane-header', { hasText: 'notes' }).first().click();
  await page.locator('.statusbar-item', { hasText: '1 broken link' }).waitFor();
  await page.locator('.squiggly-warning').first().waitFor();
  await run(page, 'View: Focus Active Editor Group');
  await goto(page, fires, 'From:');
  await page.locator('.codelens-decoration', { hasText: 'open video' }).waitFor();
  await take(page, 'views');

  await run(page, 'View: Close Primary Side Bar');

  // Hover of a timestamp: the claim, the words that are said, who else cites it.
  await goto(page, fires, '00:01:12');
  await page.keyboard.press('Control+k');
  await page.keyboard.press('Control+i');
  await page.locator('.monaco-hover:not(.hidden)', { hasText: 'Open the video' }).waitFor();
  await take(page, 'hover-timestamp', await downTo(page, '.monaco-hover:not(.hidden)'));
  await page.keyboard.press('Escape');

  // A finding and its fixes.
  await goto(page, fires, 'the_bell_rock');
  await page.keyboard.press('Control+.');
  await page.locator('.action-widget .monaco-list-row', { hasText: 'Create the note' }).waitFor();
  await take(page, 'quick-fix', await downTo(page, '.action-widget'));
  await page.keyboard.press('Escape');

  // Hover of a note.
  await show(page, 'index.md');
  await goto(page, index, 'the_fresnel_lens');
  await page.keyboard.press('Control+k');
  await page.keyboard.press('Control+i');
  await page.locator('.monaco-hover:not(.hidden)', { hasText: 'too thick to cast' }).waitFor();
  await take(page, 'hover-note', await downTo(page, '.monaco-hover:not(.hidden)'));
  await page.keyboard.press('Escape');

  // Completion in a link.
  await page.keyboard.press('Control+End');
  await page.keyboard.type('\nThe lamp came first, then [[fresn', { delay: 40 });
  await page.locator('.suggest-widget.visible .monaco-list-row', { hasText: 'fresnel' }).first().waitFor();
  await page.keyboard.press('Control+Space');
  await until('the preview', () => page.locator('.suggest-details').isVisible());
  await take(page, 'completion', await downTo(page, '.suggest-details', '.suggest-widget'));
}

await inScratch(async (home) => {
  const vault = path.join(home, 'notes');
  fs.cpSync(path.join(here, '../../../tests/sample'), vault, { recursive: true });
  fs.cpSync(path.join(here, 'notes/transcripts'), path.join(vault, 'transcripts'), { recursive: true });
  fs.mkdirSync(folder, { recursive: true });
  const extensions = installed(vsix, path.join(home, 'extensions'));
  const size = { width: 1080, height: 560 };
  const editor = await open({ home, vault, extensions, settings: SETTINGS, size, payload: [['openFile', path.join(vault, LENS)]] });
  try {
    await pictures(editor.page, vault);
  } catch (problem) {
    await editor.page.screenshot({ path: path.join(here, '../out/failed.png') });
    throw problem;
  } finally {
    await editor.close();
  }
});
