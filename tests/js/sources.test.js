/** Names as they are compared, the sources that a desk knows, chains, and the ratings that go with an answer. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { beforeEach, test } from 'node:test';
import { Work } from '../../static/js/desk/work.js';
import { differences, fieldName, recorded, toldDifferences, worded } from '../../static/js/lib/answer.js';
import { Courier } from '../../static/js/lib/courier.js';
import { fits, marked, nameKey } from '../../static/js/lib/names.js';
import { Outbox } from '../../static/js/lib/outbox.js';
import { broughtRatings } from '../../static/js/lib/ratings.js';
import { KnownSources } from '../../static/js/lib/sources.js';

const EXAMPLES = JSON.parse(readFileSync(new URL('./names.json', import.meta.url), 'utf-8'));
const FIELDS = [
  'tag',
  'source_id',
  'rating_id',
  'source_text',
  'source_type',
  'cue_text',
  'source_reliability',
  'active_seconds',
  'chain',
];

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

// ---- names

test('names are compared and found as the server does it', () => {
  for (const [name, key] of Object.entries(EXAMPLES.keys)) assert.equal(nameKey(name), key);
  for (const [name, asked, isFound] of EXAMPLES.found) assert.equal(fits(name, asked), isFound, `${name} by ${asked}`);
});

test('what was asked for is marked where it begins a word', () => {
  const shown = (name, asked) => marked(name, asked).map(({ text, isAsked }) => (isAsked ? `[${text}]` : text));
  assert.equal(shown('Islamic Republic of Iran', 'isl ira').join(''), '[Isl]amic Republic of [Ira]n');
  assert.equal(shown('Süddeutsche', 'su').join(''), '[Sü]ddeutsche');
  assert.equal(shown('debkafile', '').join(''), 'debkafile');
});

// ---- chains

test('of a chain the links behind the first are recorded, those that name somebody', () => {
  const chain = [
    { position: 1, source_id: 'a' },
    { position: 2, source_id: 'b', cue_text: null },
    { cue_text: 'said' },
  ];
  assert.deepEqual(recorded({ tag: 'ATTRIBUTION', chain }, FIELDS), {
    tag: 'ATTRIBUTION',
    chain: [{}, { source_id: 'b' }],
  });
  assert.deepEqual(recorded({ tag: 'FACT', chain: [] }, FIELDS), { tag: 'FACT' });
});

test('chains differ link by link, whatever the order of their fields and what the first repeats', () => {
  const one = { chain: [{}, { source_id: 'b', cue_text: 'prints' }] };
  const same = { chain: [{ source_id: 'a' }, { cue_text: 'prints', source_id: 'b', position: 2 }] };
  assert.deepEqual(differences(one, same), []);
  assert.deepEqual(differences(one, { chain: [{}, { source_id: 'c', cue_text: 'prints' }] }), ['chain']);
  assert.deepEqual(differences(one, {}), ['chain']);
});

test('sources and chains are told by names and words', () => {
  const nameOf = (id) => ({ b: 'debkafile' })[id];
  const choices = { cue_stance: [{ value: 'neutral', label: 'Neutral' }], source_type: [] };
  const chain = [{}, { source_id: 'b', cue_text: 'prints', cue_stance: 'neutral' }, { source_text: 'the agency' }];
  assert.equal(worded('chain', chain, choices, nameOf), 'debkafile (“prints”, neutral) → the agency');
  assert.equal(worded('chain', undefined, choices, nameOf), 'none');
  assert.equal(worded('source_id', 'b', choices, nameOf), 'debkafile');
  assert.equal(fieldName('source_id'), 'source');
  assert.deepEqual(toldDifferences({ rating_id: 'x', source_id: 'b' }, {}, FIELDS), ['source_id']);
});

// ---- what a desk knows

test('a new source is made once, and what is known already is not made again', () => {
  const known = new KnownSources(storage(), 'here', [{ id: '1', name: 'Reuters', kind: 'outlet' }]);
  const made = known.make(' Military  sources ', 'described');

  assert.equal(made.name, 'Military sources');
  assert.equal(known.make('military sources', 'described').id, made.id);
  assert.equal(known.make('REUTERS', 'outlet').id, '1');
  assert.notEqual(known.make('Reuters', 'organisation').id, '1');
});

test('new sources are known after a reload, and are brought until the server has them', () => {
  const store = storage();
  const { id } = new KnownSources(store, 'here', []).make('Sources', 'described');
  const again = new KnownSources(store, 'here', []);
  const answer = { source_id: 'known', chain: [{}, { source_id: id }] };
  assert.deepEqual(again.broughtBy(answer), [{ id, name: 'Sources', kind: 'described' }]);

  again.settle(again.broughtBy(answer), answer, { source_id: 'known', chain: [{}, { source_id: 'other' }] });
  assert.deepEqual(again.broughtBy(answer), []);
  assert.equal(again.nameOf('other'), 'Sources');
  assert.deepEqual(new KnownSources(store, 'here', []).replacedIn(answer).chain, [{}, { source_id: 'other' }]);
});

test('one that was refused is brought no more', () => {
  const known = new KnownSources(storage(), 'here', []);
  const { id } = known.make('Sources', 'described');
  const answer = { source_id: id };
  known.settle(known.broughtBy(answer), answer, { source_id: null, source_text: 'Sources' });

  assert.deepEqual(known.broughtBy(answer), []);
});

test('merged doubles are one', () => {
  const known = new KnownSources(null, 'here', [
    { id: '1', name: 'Reuters', kind: 'outlet' },
    { id: '2', name: 'Reuters', kind: 'outlet', root: '1' },
  ]);
  assert.ok(known.areOne('1', '2'));
  assert.ok(!known.areOne('1', '3'));
});

// ---- ratings

test('a rating waits with its answer until it is sent, replaced, taken back, or the source is another', () => {
  const given = { id: 'a', reliability: 'B' };
  const back = { id: 'o', withdrawn: true };
  assert.deepEqual(broughtRatings([given], [], true), [given]);
  assert.deepEqual(broughtRatings([given], [], false), []);
  assert.deepEqual(broughtRatings([back, given], [{ id: 'c', reliability: 'C' }], true), [
    back,
    { id: 'c', reliability: 'C' },
  ]);
  assert.deepEqual(broughtRatings([back, given], [{ id: 'a', withdrawn: true }], true), [
    back,
    { id: 'a', withdrawn: true },
  ]);
});

// ---- the work on an article

let outbox;

beforeEach(() => {
  globalThis.localStorage = storage();
  globalThis.window = globalThis;
  outbox = new Outbox(storage(), 'claimtag:instance:1:');
});

function work(answer = {}, sources = [{ id: 'r', name: 'Reuters', kind: 'outlet' }]) {
  const desk = {
    answer_fields: FIELDS,
    assignment_key: 'A',
    instance: 'instance',
    user_id: 1,
    article_id: 1,
    sentences: [{ id: 12, version: 0, answer, notes: [], to_confirm: false }],
    urls: { annotation: '/api/v1/sentences/0/annotation' },
    required: {},
    longest_stay: 600,
    locked: false,
    sources,
  };
  return new Work(desk, ['One came.'], outbox, { take: () => 0, turnTo: () => undefined });
}

function sent(desk) {
  const [record] = outbox.all();
  const { sources = [], ratings = [] } = record.brought ?? {};
  return { record, sources, ratings, answer: desk.current.answer };
}

test('an answer brings the new sources of its links and its letter, and nothing where it has none', () => {
  const desk = work({ tag: 'ATTRIBUTION' });
  desk.answer({ source_type: 'group' });
  assert.equal(outbox.all()[0].brought, undefined);

  const made = desk.sources.make('Sources', 'described');
  desk.answer({ source_id: made.id });
  desk.rate('C', 'two of three held');
  const { sources, ratings, answer } = sent(desk);
  assert.deepEqual(sources, [{ id: made.id, name: 'Sources', kind: 'described' }]);
  assert.equal(ratings.length, 1);
  assert.equal(answer.rating_id, ratings[0].id);
  assert.equal(answer.source_reliability, 'C');
});

test('while the letter is given its basis makes no second rating; once it went out, the next one is another', () => {
  const desk = work({ tag: 'ATTRIBUTION', source_id: 'r' });
  desk.rate('C', '');
  desk.rate('C', 'checked');
  const first = sent(desk).ratings;
  assert.deepEqual([first.length, first[0].basis], [1, 'checked']);

  desk.flush();
  desk.rate('D', '');
  assert.notEqual(sent(desk).ratings[0].id, first[0].id);
});

test('undo of a letter takes the rating back, also where it has not been sent', () => {
  const desk = work({ tag: 'ATTRIBUTION', source_id: 'r' });
  desk.rate('C', '');
  const [{ id }] = sent(desk).ratings;
  desk.undo();

  assert.deepEqual(sent(desk).ratings, [{ id, withdrawn: true }]);
  assert.equal(desk.current.answer.rating_id, undefined);
  assert.equal(desk.sources.get('r').reliability, undefined);
});

test('undo of a source and of a link brings back what was there', () => {
  const desk = work({ tag: 'ATTRIBUTION', source_id: 'r' });
  desk.answer({ chain: [{}, { source_text: 'the agency' }] });
  desk.answer({ source_id: desk.sources.make('Sources', 'described').id });
  assert.deepEqual(desk.undo().names, ['source_id']);
  assert.deepEqual(desk.undo().names, ['chain']);
  assert.deepEqual(desk.current.answer, { tag: 'ATTRIBUTION', source_id: 'r', active_seconds: 0 });
});

test('a source that turns out to be another one is that everywhere here, on the way back too', () => {
  const desk = work({ tag: 'ATTRIBUTION' });
  const made = desk.sources.make('reuters', 'organisation');
  desk.answer({ source_id: made.id });
  desk.answer({ source_text: 'the agency' });
  const [record] = outbox.all();
  const reply = { ...record.body, version: 1, source_id: 'other', sources: [], problems: ['Said.'], chain: [] };
  desk.takeReply(record, reply, outbox.answered(record.id, record.client_id, 1));

  assert.equal(desk.current.answer.source_id, 'other');
  assert.deepEqual(desk.current.problems, ['Said.']);
  desk.undo();
  assert.equal(desk.current.answer.source_id, 'other');
  assert.deepEqual(sent(desk).sources, []);
});

test('what stands behind an answer that brings something waits until it is there', async () => {
  Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true });
  const [sentTo, answers] = [[], []];
  const courier = new Courier(outbox, {
    userId: 1,
    csrf: '',
    meUrl: '',
    notifyReply: () => undefined,
    notifyState: () => undefined,
    post: (url) => {
      sentTo.push(url);
      return new Promise((done) => answers.push(done));
    },
  });
  const about = { article_id: 1, sentence_id: 1, index: 1, text: '' };
  const common = { kind: 'answer', method: 'PUT', body: { tag: 'FACT' }, version: 0, about };
  outbox.put({ ...common, id: '1', url: '/1', brought: { sources: [{ id: 's' }], ratings: [] } });
  outbox.put({ ...common, id: '2', url: '/2' });
  outbox.put({ ...common, id: '3', url: '/3' });
  courier.wake();
  await new Promise((done) => setTimeout(done, 10));
  assert.deepEqual(sentTo, ['/1']);

  answers[0]({ status: 200, ok: true, json: async () => ({ version: 1 }) });
  await new Promise((done) => setTimeout(done, 10));
  assert.deepEqual(sentTo, ['/1', '/2', '/3']);
});

test('the courier sends what an answer brings, and records of before without it', async () => {
  const bodies = [];
  Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true });
  const courier = new Courier(outbox, {
    userId: 1,
    csrf: '',
    meUrl: '',
    notifyReply: () => undefined,
    notifyState: () => undefined,
    post: async (_, { body }) => {
      bodies.push(JSON.parse(body));
      return { status: 200, ok: true, json: async () => ({ version: 1 }) };
    },
  });
  const about = { article_id: 1, sentence_id: 1, index: 1, text: '' };
  const common = { kind: 'answer', method: 'PUT', url: '/', body: { tag: 'FACT' }, version: 0, about };
  outbox.put({ ...common, id: '1' });
  const brought = { sources: [{ id: 's', name: 'S', kind: 'outlet' }], ratings: [{ id: 'r', reliability: 'A' }] };
  outbox.put({ ...common, id: '2', brought: { ...brought, rated: 's' } });
  courier.wake();
  await new Promise((done) => setTimeout(done, 50));

  assert.deepEqual(
    bodies.map(({ sources, rating }) => ({ sources, rating })),
    [
      { sources: undefined, rating: undefined },
      { sources: brought.sources, rating: brought.ratings },
    ],
  );
});
