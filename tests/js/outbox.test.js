import assert from 'node:assert/strict';
import { test } from 'node:test';

import { newId, Outbox } from '../../static/js/lib/outbox.js';

const OWNER = 'claimtag:cafe0001:1:';

/** @param {number} [room]  how many keys fit */
function storage(room = Infinity) {
  const kept = new Map();
  return {
    get length() {
      return kept.size;
    },
    key: (/** @type {number} */ i) => [...kept.keys()][i] ?? null,
    getItem: (/** @type {string} */ key) => kept.get(key) ?? null,
    removeItem: (/** @type {string} */ key) => void kept.delete(key),
    setItem(/** @type {string} */ key, /** @type {string} */ value) {
      if (!kept.has(key) && kept.size >= room) throw new Error('QuotaExceededError');
      kept.set(key, value);
    },
  };
}

/** @param {Outbox} outbox */
function tag(outbox, id = '12', tagged = 'FACT', version = 0) {
  return outbox.put({
    id,
    kind: 'answer',
    method: 'PUT',
    url: `/api/v1/sentences/${id}/annotation`,
    body: { tag: tagged },
    version,
    about: { article_id: 1, sentence_id: Number(id), index: 1, text: 'The bridge reopened.' },
  });
}

test('a record outlives the page that wrote it', () => {
  const kept = storage();
  tag(new Outbox(kept, OWNER));
  assert.equal(new Outbox(kept, OWNER).get('12')?.body.tag, 'FACT');
});

test('another person does not meet it', () => {
  const kept = storage();
  tag(new Outbox(kept, OWNER));
  assert.deepEqual(new Outbox(kept, 'claimtag:cafe0001:11:').all(), []);
  assert.deepEqual(new Outbox(kept, 'claimtag:cafe0002:1:').all(), []);
});

test('records come in the order in which they were first queued', () => {
  const outbox = new Outbox(storage(), OWNER);
  for (const id of ['9', '3', '7']) tag(outbox, id);
  tag(outbox, '9', 'OPINION');
  assert.deepEqual(
    outbox.waiting().map((record) => record.id),
    ['9', '3', '7'],
  );
});

test('an answer to the newest value takes the record away', () => {
  const outbox = new Outbox(storage(), OWNER);
  const { client_id } = tag(outbox);
  assert.equal(outbox.answered('12', client_id, 1), true);
  assert.deepEqual(outbox.all(), []);
});

test('an answer to an older value lets the newer one follow upon it', () => {
  const outbox = new Outbox(storage(), OWNER);
  const first = tag(outbox);
  outbox.send('12');
  tag(outbox, '12', 'OPINION');
  assert.equal(outbox.answered('12', first.client_id, 1), false);
  assert.equal(outbox.get('12')?.version, 1);
  assert.equal(outbox.get('12')?.body.tag, 'OPINION');
});

test('an earlier value of ours, whose answer was lost, is no conflict', () => {
  const outbox = new Outbox(storage(), OWNER);
  const first = tag(outbox);
  outbox.send('12');
  tag(outbox, '12', 'OPINION');
  assert.equal(outbox.conflict('12', { version: 1, client_id: first.client_id, tag: 'FACT' }), false);
  assert.equal(outbox.get('12')?.state, 'waiting');
  assert.equal(outbox.get('12')?.version, 1);
});

test('the value of another device is a conflict, until the person insists', () => {
  const outbox = new Outbox(storage(), OWNER);
  tag(outbox);
  assert.equal(outbox.conflict('12', { version: 4, client_id: 'elsewhere', tag: 'OPINION' }), true);
  assert.deepEqual(outbox.waiting(), []);
  tag(outbox, '12', 'SPECULATION');
  assert.equal(outbox.get('12')?.state, 'conflict');
  outbox.insist('12');
  assert.equal(outbox.waiting()[0]?.version, 4);
  assert.equal(outbox.waiting()[0]?.body.tag, 'SPECULATION');
});

test('what is refused stays until it is dropped, and a new value starts afresh', () => {
  const outbox = new Outbox(storage(), OWNER);
  const { client_id } = tag(outbox);
  outbox.refuse('12', client_id, 'The article is in the trash.', 'trashed');
  assert.equal(outbox.get('12')?.error, 'The article is in the trash.');
  tag(outbox, '12', 'OPINION', 3);
  assert.deepEqual([outbox.get('12')?.state, outbox.get('12')?.version], ['waiting', 3]);
});

test('a full storage keeps the value in memory and says so', () => {
  const outbox = new Outbox(storage(1), OWNER);
  tag(outbox, '1');
  assert.equal(outbox.trouble, false);
  const { client_id } = tag(outbox, '2');
  assert.equal(outbox.trouble, true);
  assert.equal(outbox.all().length, 2);
  outbox.answered('2', client_id, 1);
  tag(outbox, '1', 'OPINION');
  assert.equal(outbox.trouble, false);
});

test('no storage at all is said from the start', () => {
  const outbox = new Outbox(null, OWNER);
  tag(outbox);
  assert.equal(outbox.trouble, true);
  assert.equal(outbox.waiting().length, 1);
});

test('ids are UUIDs, each another', () => {
  assert.match(newId(), /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  assert.notEqual(newId(), newId());
});

test('the key of the piece of work comes with an answer and goes with what follows upon it', () => {
  const outbox = new Outbox(storage(), OWNER);
  const first = tag(outbox);
  outbox.send('12');
  tag(outbox, '12', 'OPINION');
  assert.equal(outbox.get('12')?.assignment_key, undefined);
  outbox.answered('12', first.client_id, 1, 'its-key');
  assert.equal(outbox.get('12')?.assignment_key, 'its-key');
  tag(outbox, '12', 'SPECULATION');
  assert.equal(outbox.get('12')?.assignment_key, 'its-key');
});

test('a conflict brings the key, too', () => {
  const outbox = new Outbox(storage(), OWNER);
  tag(outbox);
  outbox.conflict('12', { version: 3, client_id: newId(), tag: 'OPINION', assignment_key: 'its-key' });
  outbox.insist('12');
  assert.equal(outbox.get('12')?.assignment_key, 'its-key');
  assert.equal(outbox.get('12')?.version, 3);
});

test('however much is typed while an answer is on its way, it is known as ours', () => {
  const outbox = new Outbox(storage(), OWNER);
  const sent = tag(outbox);
  outbox.send('12');
  for (let i = 0; i < 500; i++) tag(outbox);
  assert.equal(outbox.answered('12', sent.client_id, 1), false);
  assert.equal(outbox.get('12')?.version, 1);
});
