/** Claims at the desk: each change is a record of the outbox, lies over what the server told, and is undone. */

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true });
globalThis.window = globalThis;

const { Courier } = await import('../../static/js/lib/courier.js');
const { Outbox } = await import('../../static/js/lib/outbox.js');
const { Work } = await import('../../static/js/desk/work.js');

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

const TOLD = {
  id: 'told',
  wording: 'He came.',
  version: 1,
  assessment: { status: 'contested', note: 'Two say no.', version: 3 },
  items: [
    { id: 'i1', claim_id: 'told', version: 2, is_mine: true, stance: 'refutes', independence: 'unknown', url: 'u' },
  ],
  item_count: { own: 1, visible: 4 },
};
const MENTION = { id: 'm1', claim_id: 'told', sentence_id: 12, kind: 'makes', version: 1, is_mine: true };

function desk() {
  return {
    answer_fields: ['tag'],
    assignment_key: null,
    instance: 'instance',
    user_id: 1,
    article_id: 1,
    sentences: [12, 13].map((id) => ({ id, version: 0, answer: {}, to_confirm: false })),
    urls: {
      annotation: '/s/0/annotation',
      claims: '/s/0/claims',
      claim: '/claims/ID',
      mention: '/mentions/ID',
      item: '/evidence/ID',
      assessment: '/claims/ID/assessment',
    },
    required: {},
    longest_stay: 600,
    locked: false,
    claims: [TOLD],
    mentions: [MENTION],
  };
}

let store;
let outbox;
let work;

function opened() {
  outbox = new Outbox(store, 'claimtag:instance:1:');
  work = new Work(desk(), ['One came.', 'Two went.'], outbox, { take: () => 0, turnTo: () => undefined });
  return work;
}

beforeEach(() => {
  store = storage();
  globalThis.localStorage = storage();
  opened();
});

const first = () => work.sentences[0];
const kinds = (sentence = first()) => work.claims.mentionsOn(sentence.id).map(({ kind }) => kind);
const waiting = () => outbox.all().map(({ id, method, version }) => `${method} ${id.split('-')[0]} ${version}`);
const item = { stance: 'supports', independence: 'unknown', url: 'https://e.org' };

function make(wording = 'It shut.') {
  const did = work.claims.make(first(), wording, 'makes');
  work.did(first(), did);
  return did.id;
}

/** All that waits is on its way, and answers come or are lost. */
function sent() {
  for (const { id } of outbox.waiting()) outbox.send(id);
}

/** The server answers to the record as it does. */
function stored(id, reply) {
  const record = outbox.get(id);
  work.takeReply(record, reply, outbox.answered(id, record.client_id, reply.version));
}

test('a new claim, its mention otherwise and its item are there at once, wait for the claim, and are there after a reload', () => {
  const id = make('  It   shut. ');
  const mention = work.claims.mentionsOn(12).find(({ claim_id }) => claim_id === id);
  work.did(first(), work.claims.amendMention(first(), mention, 'denies'));
  work.did(first(), work.claims.saveItem(first(), id, null, item));
  work.did(first(), work.claims.assess(first(), id, { status: 'in_progress' }));

  for (const now of [work, opened()]) {
    assert.equal(now.claims.claim(id).wording, 'It shut.');
    assert.deepEqual(kinds(), ['makes', 'denies']);
    assert.equal(first().mentioned, 2);
    assert.deepEqual(now.claims.count(id), { own: 1, visible: 1 });
    assert.equal(now.claims.assessment(id).status, 'in_progress');
  }
  assert.deepEqual(waiting(), ['POST claim 0', 'PUT mention 1', 'PUT item 0', 'PUT assessment 0']);
  const after = outbox.all().map((record) => record.after);
  assert.deepEqual(after, [[], [`claim-${id}`], [`claim-${id}`], [`claim-${id}`]]);
});

test('an item waits for the new item whose origin it has', () => {
  const { id } = work.claims.saveItem(first(), 'told', null, item);
  const other = work.claims.saveItem(first(), 'told', null, { ...item, same_origin_as: id });
  assert.deepEqual(outbox.get(`item-${other.id}`).after, ['claim-told', `item-${id}`]);

  const [one, two] = work.claims.items('told').slice(1);
  const offered = (entered) => work.claims.possibleOrigins('told', entered).map((other) => other.id);
  assert.ok(offered(two).includes(one.id));
  assert.ok(!offered(one).includes(two.id));
  assert.ok(!offered(one).includes(one.id));
  assert.ok(offered(null).includes(two.id));
});

test('of two items that name each other each keeps what it names', () => {
  const other = { ...item, id: 'other', claim_id: 'told', version: 2, is_mine: true, same_origin_as: 'ring' };
  const ring = { ...item, id: 'ring', claim_id: 'told', version: 1, is_mine: true, same_origin_as: 'other' };
  work.claims.learn([{ ...work.claims.claim('told'), items: [other, ring] }]);

  assert.deepEqual(work.claims.possibleOrigins('told', ring), [other]);
  assert.deepEqual(work.claims.possibleOrigins('told', other), [ring]);
});

test('what the server stored is what counts, with its version', () => {
  const id = make();
  sent();
  const mention = { ...MENTION, id, claim_id: id };
  stored(`claim-${id}`, {
    ...TOLD,
    id,
    wording: 'It shut.',
    assessment: null,
    items: [],
    item_count: { own: 0, visible: 0 },
    mention,
  });
  assert.deepEqual(outbox.all(), []);
  assert.deepEqual(kinds(), ['makes', 'makes']);

  const { id: itemId } = work.claims.saveItem(first(), id, null, item);
  stored(`item-${itemId}`, { id: itemId, claim_id: id, version: 1, is_mine: true, ...item });
  assert.deepEqual(work.claims.count(id), { own: 1, visible: 1 });
  const [now] = work.claims.items(id);
  work.claims.saveItem(first(), id, now, { ...item, stance: 'refutes' });
  assert.deepEqual(waiting(), ['PUT item 1']);
  assert.deepEqual(work.claims.count(id), { own: 1, visible: 1 });
});

test('what a mention tells of its claim is older than what an item told since', () => {
  const { id } = work.claims.amendMention(first(), MENTION, 'denies');
  const added = work.claims.saveItem(first(), 'told', null, item);
  sent();
  stored(`item-${added.id}`, { id: added.id, claim_id: 'told', version: 1, is_mine: true, ...item });
  stored(`mention-${id}`, { ...MENTION, kind: 'denies', version: 2, claim: TOLD });
  assert.deepEqual(work.claims.count('told'), { own: 2, visible: 5 });
  assert.deepEqual(kinds(), ['denies']);
});

test('another kind of a mention whose claim is still to go is forgotten when it is undone', () => {
  const id = make();
  const mention = work.claims.mentionsOn(12).find(({ claim_id }) => claim_id === id);
  work.did(first(), work.claims.amendMention(first(), mention, 'repeats'));
  work.undo();
  assert.deepEqual(waiting(), ['POST claim 0']);
});

test('a claim is taken back once all else about it has arrived', async () => {
  work.did(first(), work.claims.assess(first(), 'told', { status: 'unverifiable' }));
  sent();
  work.claims.undo(first(), { kind: 'claim', id: 'told', claim_id: 'told', before: null });
  const seen = await delivered((url) => [
    200,
    url.includes('assessment') ? { version: 4 } : { version: 2, withdrawn_why: '' },
  ]);
  assert.deepEqual(seen, ['PUT /claims/told/assessment', 'DELETE /claims/told']);
  assert.deepEqual([outbox.all(), kinds()], [[], []]);
});

test('what was never sent is forgotten when it is undone, the newest first', () => {
  const id = make();
  work.did(first(), work.claims.saveItem(first(), id, null, item));
  work.did(first(), work.claims.assess(first(), 'told', { status: 'corroborated' }));
  work.answer({ tag: 'FACT' });

  assert.deepEqual(work.undo()?.names, ['tag']);
  assert.equal(work.undo()?.did?.kind, 'assessment');
  assert.equal(work.claims.assessment('told').status, 'contested');
  assert.equal(work.undo()?.did?.kind, 'item');
  assert.equal(work.undo()?.did?.kind, 'claim');
  assert.equal(work.undo(), undefined);
  assert.deepEqual(waiting(), ['DELETE 12 0']);
  assert.equal(first().mentioned, 1);
});

test('what was sent is withdrawn with the reason', () => {
  const id = make();
  const did = work.claims.saveItem(first(), id, null, item);
  work.did(first(), did);
  sent();
  work.undo();
  work.undo();

  assert.deepEqual(waiting(), ['DELETE claim 0', 'DELETE item 0']);
  assert.deepEqual(outbox.get(`claim-${id}`).body, { reason: 'undone at the desk' });
  assert.equal(outbox.get(`claim-${id}`).url, `/claims/${id}`);
  assert.deepEqual(kinds(), ['makes']);
});

test('an answer that comes after the undo leaves the claim undone, on the version that it has now', () => {
  const id = make();
  sent();
  const record = outbox.get(`claim-${id}`);
  work.undo();
  const reply = { ...TOLD, id, mention: { ...MENTION, id, claim_id: id } };
  work.takeReply(record, reply, outbox.answered(record.id, record.client_id, 1));
  assert.deepEqual(kinds(), ['makes']);
  assert.deepEqual(waiting(), ['DELETE claim 1']);

  stored(`claim-${id}`, { id, version: 2, withdrawn_why: 'undone at the desk' });
  assert.deepEqual([kinds(), waiting()], [['makes'], []]);
});

test('a mention, an item and an assessment of before are as before once a change of them is undone', () => {
  const [now] = work.claims.items('told');
  for (const [change, undone] of [
    [() => work.claims.amendMention(first(), MENTION, 'denies'), 'PUT mention 1'],
    [() => work.claims.withdrawMention(first(), MENTION), 'PUT mention 1'],
    [() => work.claims.saveItem(first(), 'told', now, { ...item }), 'PUT item 2'],
    [() => work.claims.withdrawItem(first(), now), 'PUT item 2'],
    [() => work.claims.assess(first(), 'told', { note: 'Three.' }), 'PUT assessment 3'],
  ]) {
    const did = change();
    work.did(first(), did);
    sent();
    work.undo();
    assert.deepEqual(waiting(), [undone]);
    assert.deepEqual(kinds(), ['makes']);
    assert.equal(work.claims.items('told')[0].stance, 'refutes');
    assert.equal(work.claims.assessment('told').note, 'Two say no.');
    outbox.drop(`${did.kind}-${did.id}`);
  }
});

test('a first assessment that was sent is undone to not started', () => {
  const id = make();
  work.did(first(), work.claims.assess(first(), id, { status: 'contradicted' }));
  sent();
  work.undo();
  assert.deepEqual(outbox.get(`assessment-${id}`).body, { status: 'not_started' });
});

test('the step back from a first assessment tells the server, also while another step back has not left yet', () => {
  const id = make();
  work.did(first(), work.claims.assess(first(), id, { status: 'corroborated' }));
  work.did(first(), work.claims.assess(first(), id, { note: 'Two.' }));
  sent();
  stored(`claim-${id}`, { id, wording: 'It shut.', version: 1, mention: { ...MENTION, id, claim_id: id } });
  stored(`assessment-${id}`, { claim_id: id, version: 1, status: 'corroborated', note: 'Two.' });
  work.undo();
  work.undo();
  assert.equal(work.claims.assessment(id).status, 'not_started');
  assert.deepEqual(outbox.get(`assessment-${id}`)?.body, { status: 'not_started' });
});

test('an assessment keeps what else it says', () => {
  work.claims.learn([{ ...TOLD, assessment: { ...TOLD.assessment, look_again_by: '2027-01', why_other: 'weak' } }]);
  work.claims.assess(first(), 'told', { status: 'unverifiable' });
  const kept = { status: 'unverifiable', note: 'Two say no.', look_again_by: '2027-01', why_other: 'weak' };
  assert.deepEqual(outbox.get('assessment-told').body, kept);
});

test('a claim that the server refuses takes what belongs to it along when it is given up', () => {
  const id = make();
  work.did(first(), work.claims.saveItem(first(), id, null, item));
  const record = outbox.get(`claim-${id}`);
  outbox.refuse(record.id, record.client_id, 'The sentence was split.', 'not_found');
  work.claims.drop(outbox.get(record.id));
  assert.deepEqual([outbox.all(), kinds()], [[], ['makes']]);
});

test('typing in a note is one step back', () => {
  for (const note of ['T', 'Th', 'Three.'])
    work.did(first(), work.claims.assess(first(), 'told', { note }), 'note told');
  work.flush();
  work.undo();
  assert.equal(work.claims.assessment('told').note, 'Two say no.');
  assert.equal(work.undo(), undefined);
});

test('in a locked article answers stay and what was done about claims is undone', () => {
  work.answer({ tag: 'FACT' });
  make();
  Object.defineProperty(work, 'isLocked', { value: true });
  assert.equal(work.undo()?.did?.kind, 'claim');
  assert.equal(work.undo(), undefined);
  assert.equal(first().answer.tag, 'FACT');
});

// ---- delivered

/**
 * What the server was sent, in order, by a courier that is answered like this.
 * @param {(url: string, method: string) => [number, Record<string, unknown>]} answer
 */
async function delivered(answer) {
  const seen = [];
  await new Promise((done) => {
    const courier = new Courier(outbox, {
      userId: 1,
      csrf: 'token',
      meUrl: '/me',
      notifyReply: (record, reply, isNewest) => work.takeReply(record, reply, isNewest),
      notifyState: () => setTimeout(() => courier.state !== 'sending' && done(undefined)),
      post: async (url, { method }) => {
        seen.push(`${method} ${url}`);
        const [status, reply] = answer(url, method);
        return new Response(JSON.stringify(reply), { status });
      },
    });
    courier.wake();
  });
  return seen;
}

test('what belongs to a new claim is sent once the claim is stored, and an item once the one that it names is', async () => {
  const id = make();
  const one = work.claims.saveItem(first(), id, null, item).id;
  const two = work.claims.saveItem(first(), id, null, { ...item, same_origin_as: one }).id;
  const seen = await delivered((url) => [
    200,
    url.includes('evidence')
      ? { id: url.split('/')[2], claim_id: id, version: 1, is_mine: true }
      : { ...TOLD, id, version: 1 },
  ]);
  assert.deepEqual(seen, ['POST /s/12/claims', `PUT /evidence/${one}`, `PUT /evidence/${two}`]);
  assert.deepEqual(outbox.all(), []);
});

test('what belongs to a claim that was refused is not sent', async () => {
  const id = make();
  work.claims.saveItem(first(), id, null, item);
  const seen = await delivered(() => [404, { detail: 'The sentence was split.', code: 'not_found' }]);
  assert.deepEqual(seen, ['POST /s/12/claims']);
  assert.deepEqual(
    outbox.all().map(({ state }) => state),
    ['refused', 'waiting'],
  );
});

test('what had never arrived needs no taking back', async () => {
  make();
  sent();
  work.undo();
  const seen = await delivered(() => [404, { detail: 'There is no such claim.', code: 'not_found' }]);
  assert.equal(seen.length, 1);
  assert.deepEqual([outbox.all(), kinds()], [[], ['makes']]);
});

test('what had arrived though nobody heard of it is taken back on the version that it has', async () => {
  const id = make();
  sent();
  const { client_id } = outbox.get(`claim-${id}`);
  work.undo();
  let asked = 0;
  const seen = await delivered(() => {
    asked += 1;
    if (asked === 1) return [409, { code: 'conflict', detail: 'Changed.', current: { version: 1, client_id } }];
    return [200, { id, version: 2, withdrawn_why: 'undone at the desk' }];
  });
  assert.deepEqual(seen, [`DELETE /claims/${id}`, `DELETE /claims/${id}`]);
  assert.deepEqual(outbox.all(), []);
});

test('a note that a desk of before left here is sent as it was', async () => {
  outbox.put({
    id: 'note-0d6b4bd2',
    kind: 'note',
    method: 'POST',
    url: '/s/12/notes',
    body: { status: 'contested', claim: 'It shut.' },
    version: 0,
    about: { article_id: 1, sentence_id: 12, index: 1, text: 'One came.', note_key: null },
  });
  const seen = await delivered(() => [
    201,
    { key: 'k', claim_id: 'c', version: 1, status: 'contested', claim: 'It shut.' },
  ]);
  assert.deepEqual([seen, outbox.all()], [['POST /s/12/notes'], []]);
});
