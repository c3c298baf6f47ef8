import assert from 'node:assert/strict';
import { test } from 'node:test';
import { found, next } from '../../static/js/lib/find.js';

const SENTENCES = ['The café isn’t open.', 'Nobody went.', 'The Cafe is open again.', '新华社北京电。'].map((text) => ({
  text,
}));

test('what is asked for is found without case, accents and apostrophes', () => {
  assert.deepEqual(found(SENTENCES, 'CAFÉ'), [0, 2]);
  assert.deepEqual(found(SENTENCES, "isn't open"), [0]);
  assert.deepEqual(found(SENTENCES, '北京'), [3]);
  assert.deepEqual(found(SENTENCES, ' ?! '), []);
});

test('behind the last one comes the first, and the other way round', () => {
  assert.equal(next([0, 2], 0, 1), 2);
  assert.equal(next([0, 2], 2, 1), 0);
  assert.equal(next([0, 2], 0, -1), 2);
  assert.equal(next([], 0, 1), undefined);
});
