import assert from 'node:assert/strict';
import { test } from 'node:test';

import { differences, missing, recorded, worded } from '../../static/js/lib/answer.js';
import { Stopwatch } from '../../static/js/lib/stopwatch.js';

const CHOICES = {
  tag: [{ value: 'FACT', label: 'Fact', meaning: '' }],
  second_choice: [],
  likelihood_code: [{ value: '5', label: 'likely', meaning: '55–80 %' }],
  corroboration_status: [],
};

test('only what is recorded is sent, and nothing that is no field of an answer', () => {
  const fields = ['tag', 'second_choice', 'flag_mixed', 'note'];
  assert.deepEqual(recorded({ tag: 'FACT', note: '', flag_mixed: false, second_choice: null, version: 3 }, fields), {
    tag: 'FACT',
  });
});

test('an answer misses its tag, or the field that its tag requires', () => {
  const required = { ATTRIBUTION: 'source_type' };
  assert.equal(missing({}, required), 'tag');
  assert.equal(missing({ tag: 'ATTRIBUTION' }, required), 'source_type');
  assert.equal(missing({ tag: 'ATTRIBUTION', source_type: 'group' }, required), null);
  assert.equal(missing({ tag: 'FACT' }, required), null);
});

test('the time spent is no difference', () => {
  assert.deepEqual(differences({ tag: 'FACT', active_seconds: 3 }, { tag: 'FACT', active_seconds: 9 }), []);
  assert.deepEqual(differences({ tag: 'FACT' }, { tag: 'FACT', note: 'hard' }), ['note']);
});

test('a likelihood is never shown without its range', () => {
  assert.equal(worded('likelihood_code', '5', CHOICES), 'likely (55–80 %)');
  assert.equal(worded('second_choice', 'FACT', CHOICES), 'Fact');
});

test('time counts for the sentence in hand, while the page is watched and somebody is there', () => {
  let now = 0;
  let isWatched = true;
  const watch = new Stopwatch(
    () => now,
    () => isWatched,
  );
  watch.turnTo(1);
  now += 4_500;
  watch.turnTo(2);
  now += 2_000;
  assert.equal(watch.take(1), 4);
  assert.equal(watch.take(2), 2);
  isWatched = false;
  watch.sign();
  now += 60_000;
  isWatched = true;
  watch.sign();
  now += 1_000;
  assert.equal(watch.take(2), 1);
  now += 121_000;
  assert.equal(watch.take(2), 0);
  assert.equal(watch.take(1), 0);
});
