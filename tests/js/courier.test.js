import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Courier } from '../../static/js/lib/courier.js';
import { Outbox } from '../../static/js/lib/outbox.js';

Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true });
Object.defineProperty(globalThis, 'window', { value: { setTimeout: () => 0 }, configurable: true });

const SENTENCE = 'The article lies in the trash.';

/**
 * An outbox whose one record met this answer.
 * @param {number} status
 * @param {Record<string, unknown>} reply
 */
async function delivered(status, reply) {
  const outbox = new Outbox(null, 'claimtag:cafe0001:1:');
  outbox.put({
    id: '12',
    kind: 'answer',
    method: 'PUT',
    url: '/api/v1/sentences/12/annotation',
    body: { tag: 'FACT' },
    version: 0,
    about: { article_id: 1, sentence_id: 12, index: 1, text: 'The bridge reopened.' },
  });
  const courier = await new Promise((done) => {
    const made = new Courier(outbox, {
      userId: 1,
      csrf: 'token',
      meUrl: '/api/v1/me',
      notifyReply: () => {},
      notifyState: () => made.state === 'sending' || done(made),
      post: async () =>
        new Response(JSON.stringify(reply), { status, headers: { 'Content-Type': 'application/problem+json' } }),
    });
    made.wake();
  });
  return { record: outbox.get('12'), courier };
}

test('what the server will never take is kept with the detail of its refusal', async () => {
  const { record } = await delivered(410, {
    type: 'about:blank',
    title: 'Gone',
    status: 410,
    detail: SENTENCE,
    code: 'trashed',
  });
  assert.deepEqual([record?.state, record?.error, record?.code], ['refused', SENTENCE, 'trashed']);
});

test('a conflict brings what counts now', async () => {
  const { record } = await delivered(409, {
    status: 409,
    detail: 'Changed.',
    code: 'conflict',
    current: { version: 3, client_id: 'x', tag: 'OPINION' },
  });
  assert.deepEqual([record?.state, record?.current?.version], ['conflict', 3]);
});

test('a server that cannot save says why, and the record waits', async () => {
  const { record, courier } = await delivered(503, { status: 503, detail: 'The disk is full.', code: 'unavailable' });
  assert.deepEqual([record?.state, courier.why, courier.state], ['waiting', 'The disk is full.', 'offline']);
});

test('an answer that is no refusal of ours, as of a proxy, changes nothing', async () => {
  const { record } = await delivered(404, { message: 'no upstream' });
  assert.equal(record?.state, 'waiting');
});
