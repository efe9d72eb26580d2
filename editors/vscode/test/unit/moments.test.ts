import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { momentAt, secondsOf } from '../../src/moments';

test('the timestamp at the cursor is meant, else the last before it in the line, else the first of the line', () => {
  const moment = (line: number, from: number) => ({ range: { start: { line, character: from }, end: { line, character: from + 5 } } });
  const moments = [moment(1, 30), moment(0, 0), moment(1, 10)]; // In order of time, not of place.
  const at = (line: number, character: number) => momentAt(moments, { line, character });
  assert.equal(at(1, 12), moments[2]);
  assert.equal(at(1, 15), moments[2]);
  assert.equal(at(1, 25), moments[2]);
  assert.equal(at(1, 40), moments[0]);
  assert.equal(at(1, 3), moments[2]);
  assert.equal(at(2, 0), undefined);
});

test('a length of time is written in seconds or by colons', () => {
  const lengths = { '90': 90, ' -90 ': -90, '1:30': 90, '+1:02:03': 3723, '-1:30': -90, '−5': -5, '90:00': 5400 };
  for (const [written, seconds] of Object.entries(lengths)) {
    assert.equal(secondsOf(written), seconds, written);
  }
  for (const written of ['', '1:60', 'x', '1.5', '1:2:3:4', '9'.repeat(20)]) {
    assert.equal(secondsOf(written), undefined, written);
  }
});
