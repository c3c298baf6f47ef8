/** The keys of the desk: after ATTRIBUTION digits say who is told to say so, and only then the next sentence comes. */

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { Answering } from '../../static/js/desk/answering.js';
import { Work } from '../../static/js/desk/work.js';
import { keepDraft } from '../../static/js/lib/drafts.js';
import { meaningOf } from '../../static/js/lib/keys.js';
import { Outbox } from '../../static/js/lib/outbox.js';

const TYPES = ['named_person', 'organisation', 'document', 'media_outlet', 'unnamed_official'].concat([
  'unnamed_source',
  'group',
  'own_reporting',
  'unspecified',
  'none',
]);
const TAG_KEYS = { 1: 'FACT', f: 'FACT', 2: 'ATTRIBUTION', a: 'ATTRIBUTION', 3: 'SPECULATION', s: 'SPECULATION' };
Object.assign(TAG_KEYS, { 4: 'OPINION', o: 'OPINION', 0: 'NOT_CODABLE' });

/** A desk of so many sentences, and what its keys do. */
class Desk {
  count = 0;

  constructor(sentences, asksWho = true, more = {}) {
    const rows = Array.from({ length: sentences }, (_, i) => ({
      id: i + 1,
      version: 0,
      answer: {},
      to_confirm: false,
    }));
    const given = {
      answer_fields: ['tag', 'source_type', 'source_text', 'note', 'active_seconds', 'not_codable_reason', 'chain'],
      assignment_key: 'key',
      sentences: rows,
      urls: { annotation: '/api/v1/sentences/0/annotation' },
      required: { ATTRIBUTION: 'source_type', NOT_CODABLE: 'not_codable_reason' },
      longest_stay: 600,
      locked: false,
      ...more,
    };
    const stopwatch = { take: () => 0, turnTo: () => undefined };
    this.outbox = new Outbox(null, 'claimtag:instance:1:');
    this.work = new Work(
      given,
      rows.map(() => 'One came.'),
      this.outbox,
      stopwatch,
    );
    this.answering = new Answering(this.work, () => asksWho);
  }

  press(...keys) {
    for (const key of keys) this.#press(typeof key === 'string' ? { key } : key);
    return this;
  }

  #press(pressed) {
    this.count += 1;
    const { work, answering } = this;
    const { isAsking } = answering;
    const { command, value } = meaningOf(pressed, { tagKeys: TAG_KEYS, types: TYPES, isAsking, areSingle: true }) ?? {};
    const does = {
      tag: () => answering.tag(value),
      type: () => answering.type(value),
      name: () => answering.name(answering.named()[Number(value) - 1]),
      leave: () => answering.leave(),
      repeat: () => answering.repeat(),
      next: () => work.move(work.here + 1),
      before: () => work.move(work.here - 1),
      needing: () => work.moveToNeeding() === 'source_type' && answering.ask(),
      undo: () => work.undo(),
    };
    does[command]?.();
  }

  get told() {
    return this.work.sentences.map(({ answer }) => [answer.tag, answer.source_type].filter(Boolean).join(' '));
  }
}

beforeEach(() => {
  const kept = new Map();
  globalThis.localStorage = {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => kept.set(key, value),
    removeItem: (key) => kept.delete(key),
  };
  globalThis.window = globalThis;
});

test('after 2 the digits are types of source, 2 2 too, and only then the next sentence comes', () => {
  const desk = new Desk(4).press('2');
  assert.deepEqual([desk.work.here, desk.answering.isAsking], [0, true]);
  desk.press('2', 'a', '6', '1');

  assert.deepEqual(desk.told, ['ATTRIBUTION organisation', 'ATTRIBUTION unnamed_source', 'FACT', '']);
  assert.equal(desk.work.here, 3);
});

test('another letter, Escape and an arrow leave it: the letter is another tag of the same sentence', () => {
  const desk = new Desk(5).press('2', 's');
  assert.deepEqual([desk.told[0], desk.work.here], ['SPECULATION', 1]);
  desk.press('2', 'Escape', '4', 'ArrowUp', 'a', 'ArrowDown', '1', 'a', 'a');

  assert.deepEqual(desk.told, ['SPECULATION', 'ATTRIBUTION', 'FACT', 'ATTRIBUTION', '']);
});

test('an undone type is asked for again, and the tag stays', () => {
  const desk = new Desk(2).press('2', '6', 'u');
  assert.deepEqual(desk.told, ['ATTRIBUTION', '']);
  desk.press('u');
  assert.deepEqual(desk.told, ['', '']);
});

test('the tag waits a moment for its type, here and on its way as one answer', () => {
  const desk = new Desk(2);
  const held = [];
  desk.work.deliverBy({ wake: () => undefined, hold: (id, isHeld) => held.push(`${id} ${isHeld}`), isStuck: false });
  desk.press('2');
  assert.deepEqual(
    desk.outbox.all().map(({ body }) => body.tag),
    ['ATTRIBUTION'],
  );
  assert.equal(held.at(-1), '1 true');
  desk.press('ArrowDown');
  assert.equal(held.at(-1), '1 false');
});

test('whoever keeps the old way goes on at once, and digits are always tags', () => {
  const desk = new Desk(3, false).press('2', '2', '1');
  assert.deepEqual(desk.told, ['ATTRIBUTION', 'ATTRIBUTION', 'FACT']);
});

test('a full stop gives the whole answer of the sentence before, with nothing left of what was there', () => {
  const desk = new Desk(3).press('.', '2', '6');
  assert.equal(desk.work.here, 1);
  desk.work.answer({ tag: 'FACT', note: 'Mine.' });
  desk.press('.', '.');

  assert.deepEqual(desk.told, Array(3).fill('ATTRIBUTION unnamed_source'));
  assert.equal(desk.work.sentences[1].answer.note, undefined);
  desk.press('u', 'u');
  assert.equal(desk.work.sentences[1].answer.note, 'Mine.');
});

test('a source named above is one press away', () => {
  const desk = new Desk(3).press('2', '6', '2');
  Object.assign(desk.work.sentences[0].answer, { source_text: 'insiders' });
  desk.press({ key: '!', code: 'Digit1', shiftKey: true });

  assert.deepEqual(
    [desk.told[1], desk.work.sentences[1].answer.source_text],
    ['ATTRIBUTION unnamed_source', 'insiders'],
  );
});

test('n goes to whatever keeps the article from being submitted, and asks', () => {
  const desk = new Desk(5).press('1', '2', 'Escape', 'ArrowDown', '1', '1');
  desk.work.sentences[3].to_confirm = true;
  const met = [];
  for (const _ of 'four') {
    desk.press('n');
    met.push([desk.work.here, desk.answering.isAsking]);
  }

  assert.deepEqual(met, [
    [1, true],
    [3, false],
    [4, false],
    [1, true],
  ]);
});

test('n stops at what was refused and at claims that could not be delivered', () => {
  const desk = new Desk(3).press('1', '1', '1');
  for (const { id, client_id } of desk.outbox.all()) {
    if (id === '2') desk.outbox.refuse(id, client_id, 'No.', 'gone');
    else desk.outbox.drop(id);
  }
  desk.outbox.put({ id: 'note-x', kind: 'note', body: {}, version: 0, about: { article_id: 1, sentence_id: 3 } });
  assert.deepEqual(
    desk.work.needing().map(({ sentence, need }) => [sentence.index, need]),
    [[2, 'refused']],
  );
  desk.outbox.refuse('note-x', desk.outbox.get('note-x').client_id, 'No.', 'gone');

  assert.deepEqual(
    desk.work.needing().map(({ sentence, need }) => [sentence.index, need]),
    [
      [2, 'refused'],
      [3, 'claims'],
    ],
  );
});

test('digits make the number of a sentence where nothing can be tagged any more, and letters act alone only where they may', () => {
  const desk = { tagKeys: TAG_KEYS, types: TYPES, isAsking: false, areSingle: true, isLocked: true };
  assert.deepEqual(meaningOf({ key: '1' }, desk), { command: 'digit', value: '1' });
  assert.deepEqual(meaningOf({ key: 'g' }, desk), { command: 'guide' });
  assert.equal(meaningOf({ key: 'g' }, { ...desk, areSingle: false }), undefined);
  assert.deepEqual(meaningOf({ key: 'Escape' }, { ...desk, isAsking: true, areSingle: false }), { command: 'leave' });
  assert.equal(meaningOf({ key: 'Escape' }, desk), undefined);
});

test('evidence begun and not saved keeps the article from being submitted', () => {
  const mentions = [{ id: 'm', claim_id: 'c', sentence_id: 2, kind: 'makes', version: 1, is_mine: true }];
  const desk = new Desk(2, true, { mentions, instance: 'instance', user_id: 1 }).press('1', '1');
  assert.deepEqual(desk.work.needing(), []);
  keepDraft({ instance: 'instance', user_id: 1 }, 'c', { stance: 'supports' });
  assert.deepEqual(
    desk.work.needing().map(({ sentence, need }) => [sentence.index, need]),
    [[2, 'draft']],
  );
  keepDraft({ instance: 'instance', user_id: 1 }, 'c', null);
  assert.deepEqual(desk.work.needing(), []);
});

test('400 sentences of which 27 in a hundred are attributions take at most 520 keys', () => {
  const desk = new Desk(400);
  for (let i = 0; i < 400; i++) {
    if (i % 100 < 27) desk.press('2', String(i % 10));
    else desk.press(String([1, 3, 4][i % 3]));
  }

  assert.ok(desk.count <= 520, `${desk.count} keys`);
  assert.deepEqual(desk.work.needing(), []);
});

test('where digits are typed only with Shift, keys of the top row mean them without it, and names above with it', () => {
  const azerty = (/** @type {string} */ code, /** @type {string} */ key, shiftKey = false) => ({ code, key, shiftKey });
  const desk = { tagKeys: TAG_KEYS, types: TYPES, isAsking: false, areSingle: true };
  const asking = { ...desk, isAsking: true };

  assert.deepEqual(meaningOf(azerty('Digit2', 'é'), desk), { command: 'tag', value: 'ATTRIBUTION' });
  assert.deepEqual(meaningOf(azerty('Digit0', 'à'), desk), { command: 'tag', value: 'NOT_CODABLE' });
  assert.deepEqual(meaningOf(azerty('Digit2', '2', true), desk), { command: 'tag', value: 'ATTRIBUTION' });
  assert.deepEqual(meaningOf(azerty('Digit1', '&'), asking), { command: 'type', value: 'named_person' });
  assert.deepEqual(meaningOf(azerty('Digit1', '1', true), asking), { command: 'name', value: '1' });
  assert.deepEqual(meaningOf(azerty('Numpad1', '1'), asking), { command: 'type', value: 'named_person' });
  assert.deepEqual(meaningOf(azerty('Digit3', '"'), { ...desk, isLocked: true }), { command: 'digit', value: '3' });
});

test('a sign that a key types goes before the digit on its cap, and Shift with a digit is none of the tags', () => {
  const desk = { tagKeys: TAG_KEYS, types: TYPES, isAsking: false, areSingle: true };

  assert.deepEqual(meaningOf({ code: 'Digit9', key: '/' }, { ...desk, isAsking: true }), { command: 'write' });
  assert.deepEqual(meaningOf({ code: 'Digit9', key: '/' }, desk), { command: 'find' });
  assert.deepEqual(meaningOf({ code: 'Digit3', key: '#', shiftKey: true }, desk), { command: 'number' });
  assert.equal(meaningOf({ code: 'Digit1', key: '!', shiftKey: true }, desk), undefined);
  assert.deepEqual(meaningOf({ code: 'Digit1', key: '!', shiftKey: true }, { ...desk, isAsking: true }), {
    command: 'name',
    value: '1',
  });
});
