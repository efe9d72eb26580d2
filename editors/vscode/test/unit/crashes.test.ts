import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { Crashes } from '../../src/crashes';

test('the third crash in three minutes is one too many', () => {
  const crashes = new Crashes();
  assert.deepEqual([0, 1000, 2000].map((time) => crashes.areTooMany(time)), [false, false, true]);
});

test('crashes that are long ago, or before the user had the server restarted, do not count', () => {
  const crashes = new Crashes();
  assert.deepEqual([0, 100_000, 200_000, 300_000].map((time) => crashes.areTooMany(time)), [false, false, false, false]);
  crashes.forget();
  assert.equal(crashes.areTooMany(300_001), false);
});
