/** A desk keeps to its piece of work: unsent answers and steps back of another pass are none of its own. */

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { Work } from '../../static/js/desk/work.js';
import { Outbox } from '../../static/js/lib/outbox.js';

const OWNER = 'claimtag:instance:1:';

function storage() {
  const kept = new Map();
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => kept.set(key, value),
    removeItem: (key) => kept.delete(key),
    key: (i) => [...kept.keys()][i] ?? null,
    get length() {
      return kept.size;
    },
  };
}

function desk(key, answer = {}) {
  const sentence = { id: 12, version: 0, answer, notes: [], to_confirm: false };
  return {
    answer_fields: ['tag'],
    assignment_key: key,
    instance: 'instance',
    user_id: 1,
    article_id: 1,
    sentences: [sentence],
    urls: { annotation: '/api/v1/sentences/0/annotation' },
    required: {},
    longest_stay: 600,
    locked: false,
  };
}

let store;
let outbox;

beforeEach(() => {
  store = storage();
  globalThis.localStorage = storage();
  globalThis.window = globalThis;
  outbox = new Outbox(store, OWNER);
});

function work(key, answer) {
  const stopwatch = { take: () => 0, turnTo: () => undefined };
  return new Work(desk(key, answer), ['One came.'], outbox, stopwatch);
}

test('an unsent answer of another pass is neither shown nor overwritten', () => {
  work('B').answer({ tag: 'FACT' });
  const first = work('A');
  assert.deepEqual(first.current.answer, {});
  assert.equal(first.saveState(first.current), 'none');

  first.answer({ tag: 'OPINION' });
  assert.deepEqual(
    outbox.all().map((record) => [record.assignment_key, record.body.tag, record.url]),
    [
      ['B', 'FACT', '/api/v1/sentences/12/annotation'],
      ['A', 'OPINION', '/api/v1/sentences/12/annotation'],
    ],
  );
  assert.equal(work('A').current.answer.tag, 'OPINION');
  assert.equal(work('B').current.answer.tag, 'FACT');
});

test('what the server says of another pass changes nothing here', () => {
  work('B').answer({ tag: 'FACT' });
  const first = work('A', { tag: 'OPINION' });
  first.takeReply(outbox.all()[0], { version: 7, tag: 'FACT', assignment_key: 'B' }, true);

  assert.equal(first.current.answer.tag, 'OPINION');
  assert.equal(first.current.version, 0);
});

test('an answer given before there was any work is that of the work that it makes', () => {
  work(null).answer({ tag: 'FACT' });

  assert.equal(work('A').current.answer.tag, 'FACT');
});

test('the way back never leads into another pass', () => {
  const first = work('A');
  first.answer({ tag: 'FACT' });
  first.answer({ tag: 'OPINION' });

  assert.equal(work('B').undo(), undefined);
});
