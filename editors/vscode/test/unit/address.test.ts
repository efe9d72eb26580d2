import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { innermost, normalised } from '../../src/address';

test('a file of Windows is the same in all its spellings', () => {
  for (const address of ['file:///c%3A/notes/a.md', 'file:///C:/notes/a.md', 'file:///c:/notes/a.md', 'FILE:///C%3a/notes/a.md']) {
    assert.equal(normalised(address), 'file:///c:/notes/a.md', address);
  }
  assert.equal(normalised('file://NAS/share/a%20b.md'), normalised('file://nas/share/a b.md'));
  assert.notEqual(normalised('file:///c:/notes/a.md'), normalised('file:///d:/notes/a.md'));
});

test('a letter of macOS is the same in one piece and in two', () => {
  assert.equal(normalised('file:///Users/ada/cafe%CC%81.md'), normalised('file:///Users/ada/caf%C3%A9.md'));
  assert.equal(normalised('file://localhost/Users/a.md'), 'file:///Users/a.md');
});

test('what is no escape is left alone', () => {
  assert.equal(normalised('file:///100%.md'), 'file:///100%.md');
  assert.equal(normalised('file:///%FF.md'), 'file:///%FF.md');
});

test('the innermost folder holds a file', () => {
  const folders = [{ uri: 'file:///c%3A/notes' }, { uri: 'file:///C:/notes/talks/' }, { uri: 'file:///c%3A/not' }];
  assert.equal(innermost(folders, 'file:///c%3A/notes/talks/a.md'), folders[1]);
  assert.equal(innermost(folders, 'file:///c%3A/notes/a.md'), folders[0]);
  assert.equal(innermost(folders, 'file:///c%3A/notes2/a.md'), undefined);
  assert.equal(innermost([], 'file:///a.md'), undefined);
});
