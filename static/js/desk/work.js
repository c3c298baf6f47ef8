/** One analyst's work on one article: the sentences, the one in hand, the answers and the way back through them. */

import { differences, missing, namedIn, recorded } from '../lib/answer.js';
import { Claims } from '../lib/claims.js';
import { isBegun } from '../lib/drafts.js';
import { isAboutClaims } from '../lib/known_claims.js';
import { localStore, newId } from '../lib/outbox.js';
import { broughtRatings } from '../lib/ratings.js';
import { KnownSources } from '../lib/sources.js';

/** @typedef {import('../types.js').Answer} Answer */
/** @typedef {import('../types.js').Rating} Rating */
/**
 * `mentioned` is how many mentions of claims the sentence has, `unsent` how what was written about them stands that the
 * server does not have, `isBegun` whether evidence on one was begun and not saved.
 * @typedef {import('../types.js').SentenceRow & { index: number, text: string, saved: Answer, mentioned: number,
 *   isBegun: boolean, unsent?: RecordState, problems?: string[] }} Sentence */
/** @typedef {import('../types.js').RecordState} RecordState */
/** @typedef {'none' | 'saved' | 'saving' | 'kept' | 'conflict' | 'refused'} SaveState */
/** @typedef {import('../types.js').Did} Did */
/** @typedef {{ sentence: number, before: Answer, typed?: string, at: number, key?: string | null, gave?: string[],
 *   did?: Did }} Step */

const TYPING_PAUSE = 1200;
const MOST_STEPS = 100;

/**
 * Notifies by the events `moved`, `changed` (detail: the sentence), `delivery`.
 */
export class Work extends EventTarget {
  /** @type {Sentence[]} */
  sentences;
  here = 0;
  /** @type {KnownSources} */
  sources;
  /** @type {Claims} */
  claims;

  #desk;
  #outbox;
  #stopwatch;
  #fields;
  #undoKey;
  #typing = 0;
  #wasStuck = false;
  /** @type {string | null} the piece of work; the answer that makes it brings it */
  #key;
  /** @type {import('../lib/courier.js').Courier | null} */
  #courier = null;
  /** @type {string | null} the rating that the person is still giving, which nobody has been sent */
  #rating = null;

  /**
   * @param {import('../types.js').Desk} desk
   * @param {string[]} texts  of the sentences, in order
   * @param {import('../lib/outbox.js').Outbox} outbox
   * @param {import('../lib/stopwatch.js').Stopwatch} stopwatch
   */
  constructor(desk, texts, outbox, stopwatch) {
    super();
    this.#desk = desk;
    this.#outbox = outbox;
    this.#stopwatch = stopwatch;
    this.#fields = desk.answer_fields;
    this.#key = desk.assignment_key;
    this.#undoKey = `claimtag-undo:${desk.instance}:${desk.user_id}:${desk.article_id}`;
    this.sources = new KnownSources(
      localStore(),
      `claimtag-sources:${desk.instance}:${desk.user_id}:${desk.article_id}`,
      desk.sources ?? [],
    );
    this.claims = new Claims(desk, outbox);
    const mentions = this.claims.mentionsBySentence();
    this.sentences = desk.sentences.map((row, i) => {
      const saved = recorded(row.answer, this.#fields);
      const mentioned = mentions.get(row.id)?.length ?? 0;
      return { ...row, index: i + 1, text: texts[i] ?? '', answer: saved, saved, mentioned, isBegun: false };
    });
    const begun = this.#begun();
    for (const sentence of this.sentences) sentence.isBegun = begun.has(sentence.id);
    for (const record of outbox.all()) {
      if (isAboutClaims(record)) this.#noteUnsent(record.about.sentence_id);
      const sentence = record.kind === 'answer' ? this.withId(record.about.sentence_id) : undefined;
      if (!sentence || !this.isOfThisWork(record)) continue;
      sentence.answer = record.body;
      this.sources.learn(record.current?.sources ?? []);
    }
  }

  /** @param {import('../lib/courier.js').Courier} courier */
  deliverBy(courier) {
    this.#courier = courier;
    courier.wake();
  }

  get current() {
    return /** @type {Sentence} */ (this.sentences[this.here]);
  }

  get key() {
    return this.#key;
  }

  get isLocked() {
    return this.#desk.locked;
  }

  /** @param {number} id */
  withId(id) {
    return this.sentences.find((sentence) => sentence.id === id);
  }

  /** @param {number} to  index from 0; beyond either end stays at that end */
  move(to) {
    this.here = Math.max(0, Math.min(to, this.sentences.length - 1));
    this.#rating = null;
    this.#stopwatch.turnTo(this.current.id);
    this.dispatchEvent(new Event('moved'));
  }

  /**
   * Go to the next sentence that keeps the article from being submitted, past the end to the first one.
   * @returns {string}  what it needs; empty where nothing does
   */
  moveToNeeding() {
    const needing = this.needing();
    const found = needing.find(({ sentence }) => sentence.index - 1 > this.here) ?? needing[0];
    if (found) this.move(found.sentence.index - 1);
    return found?.need ?? '';
  }

  /**
   * Change the answer to the sentence in hand.
   * @param {Answer} changes
   * @param {string} [typed]  the field in which the person is still typing
   * @param {boolean} [isHeld]  whether the rest of the answer is about to come: it is kept here for a moment, to go as one
   */
  answer(changes, typed, isHeld = Boolean(typed)) {
    const sentence = this.current;
    const answer = recorded({ ...sentence.answer, ...changes }, this.#fields);
    // The server refuses a second choice that is the first; the new tag has made it void.
    if (answer.second_choice === answer.tag) delete answer.second_choice;
    const isNew = differences(sentence.answer, answer).length > 0;
    const holdsAgain = 'tag' in changes && (sentence.to_confirm || this.saveState(sentence) === 'refused');
    if (this.isLocked || !(isNew || holdsAgain)) return;
    if (isNew) this.#remember(sentence, { typed });
    this.#change(sentence, answer, isHeld);
  }

  /**
   * Give the sentence in hand this answer, as a whole.
   * @param {Answer} whole
   */
  replace({ active_seconds: _, ...whole }) {
    const { active_seconds: own, ...before } = this.current.answer;
    this.answer({
      ...Object.fromEntries(Object.keys(before).map((name) => [name, null])),
      ...whole,
      active_seconds: own,
    });
  }

  /**
   * Rate the source of the sentence in hand. What is still being written goes out when the person is done with it.
   * @param {string} reliability
   * @param {string} basis
   */
  rate(reliability, basis) {
    const sentence = this.current;
    const source = this.sources.get(sentence.answer.source_id);
    if (this.isLocked || !source) return;
    const id = this.#rating ?? newId();
    this.#remember(sentence, { typed: `rating ${source.id}`, gave: id });
    const rated_on = new Date().toISOString().slice(0, 10);
    const answer = { ...sentence.answer, rating_id: id, source_reliability: reliability };
    this.#change(sentence, answer, true, [{ id, reliability, rated_on, ...(basis && { basis }) }]);
    clearTimeout(this.#typing);
    this.#rating = id;
    this.sources.keep({ ...source, reliability });
    this.sources.learn([{ ...source, reliability }]);
  }

  /**
   * Something was done about a claim of the sentence, which the outbox holds.
   * @param {Sentence} sentence
   * @param {Did} did
   * @param {string} [typed]  the field in which the person is still typing
   */
  did(sentence, did, typed) {
    this.#remember(sentence, { typed, did });
    this.notifyMentioned(sentence);
    clearTimeout(this.#typing);
    if (!typed) return this.flush();
    this.#courier?.hold(`${did.kind}-${did.id}`, true);
    this.#typing = window.setTimeout(() => this.flush(), TYPING_PAUSE);
  }

  /**
   * What the sentence mentions may have changed.
   * @param {Sentence} sentence
   */
  notifyMentioned(sentence) {
    const mentions = this.claims.mentionsOn(sentence.id);
    sentence.mentioned = mentions.length;
    sentence.isBegun = mentions.some(({ claim_id }) => isBegun(this.#desk, claim_id));
    this.#noteUnsent(sentence.id);
    this.#notifyChanged(sentence);
  }

  /** @param {number} id  of a sentence, about whose claims something may be unsent */
  #noteUnsent(id) {
    const sentence = this.withId(id);
    const states = this.claims.unsentOn(id).map(({ state }) => state);
    if (sentence) sentence.unsent = states.find((state) => state !== 'waiting') ?? states[0];
  }

  /**
   * How the sentence stands as a whole: its answer, and what was written about its claims.
   * @param {Sentence} sentence
   * @returns {SaveState}
   */
  wholeState(sentence) {
    const state = this.saveState(sentence);
    if (!sentence.unsent || state === 'conflict' || state === 'refused') return state;
    if (sentence.unsent !== 'waiting') return sentence.unsent;
    return this.#courier?.isStuck ? 'kept' : 'saving';
  }

  /** Say of the sentence in hand that its answer holds as it stands. */
  confirm() {
    this.#change(this.current, { ...this.current.answer }, false);
  }

  /**
   * Take back one's own last change. Returns the sentence it was on, and the names of the fields that it changed, or
   * what it was about claims.
   * @returns {{ sentence: Sentence, names: string[], did?: Did } | undefined}
   */
  undo() {
    const steps = this.#steps();
    const step = steps.pop();
    if (this.isLocked && !step?.did) return undefined;
    this.#keep(steps);
    const sentence = step && this.withId(step.sentence);
    if (!sentence) return undefined;
    if (step.did) {
      this.claims.undo(sentence, step.did);
      this.notifyMentioned(sentence);
      this.flush();
      return { sentence, names: [], did: step.did };
    }
    const before = this.sources.replacedIn(step.before);
    const names = differences(sentence.answer, before);
    this.#forget(sentence, before, step);
    this.#change(
      sentence,
      before,
      false,
      (step.gave ?? []).map((id) => ({ id, withdrawn: true })),
    );
    return { sentence, names };
  }

  /**
   * A letter taken back is in force no more.
   * @param {Sentence} sentence
   * @param {Answer} before
   * @param {Step} step
   */
  #forget(sentence, before, step) {
    const source = step.gave && this.sources.get(sentence.answer.source_id);
    if (!source) return;
    const { reliability: _, ...unrated } = source;
    const letter = before.source_id === sentence.answer.source_id ? before.source_reliability : null;
    const now = letter ? { ...unrated, reliability: String(letter) } : unrated;
    this.sources.keep(now);
    this.sources.learn([now]);
  }

  /** The courier's state may have changed, and with it what each unsent sentence says of itself. */
  notifyDelivery() {
    this.dispatchEvent(new Event('delivery'));
    const isStuck = this.#courier?.isStuck ?? false;
    if (isStuck === this.#wasStuck) return;
    this.#wasStuck = isStuck;
    for (const record of this.#outbox.waiting()) {
      const sentence = this.withId(record.about.sentence_id);
      if (sentence) this.#notifyChanged(sentence);
    }
  }

  /** What was typed goes out now. */
  flush() {
    clearTimeout(this.#typing);
    this.#rating = null;
    for (const record of this.#outbox.all()) this.#courier?.hold(record.id, false);
    this.#courier?.wake();
  }

  /**
   * Decide a conflict, or give up what cannot be delivered.
   * @param {Sentence} sentence
   * @param {'mine' | 'theirs'} choice
   */
  choose(sentence, choice) {
    const id = this.#recordId(sentence);
    const record = this.#outbox.get(id);
    if (choice === 'mine') {
      this.#outbox.insist(id);
    } else if (record) {
      this.#remember(sentence);
      if (record.current) {
        sentence.saved = recorded(record.current, this.#fields);
        sentence.version = Number(record.current.version);
      }
      sentence.answer = sentence.saved;
      this.#outbox.drop(id);
    }
    this.#notifyChanged(sentence);
    this.flush(); // while they typed, it was held
  }

  /**
   * What the server answered to a record of this article.
   * @param {import('../types.js').OutboxRecord} record
   * @param {Answer | null} reply
   * @param {boolean} isNewest  whether nothing newer waits for this sentence
   */
  takeReply(record, reply, isNewest) {
    const sentence = this.withId(record.about.sentence_id);
    if (reply && isAboutClaims(record)) this.claims.takeReply(record, reply);
    if (!sentence || (record.kind === 'answer' && !this.isOfThisWork(record))) return;
    if (isAboutClaims(record)) return this.notifyMentioned(sentence);
    if (reply && record.kind === 'answer') {
      this.#key ??= /** @type {string | null} */ (reply.assignment_key);
      sentence.version = Number(reply.version);
      this.sources.learn(/** @type {{ sources?: import('../types.js').Source[] }} */ (reply).sources ?? []);
      this.sources.settle(record.brought?.sources ?? [], record.body, reply);
      sentence.saved = recorded(reply, this.#fields);
      sentence.to_confirm = false;
      sentence.problems = /** @type {{ problems?: string[] }} */ (reply).problems ?? [];
      sentence.answer = isNewest ? sentence.saved : this.sources.replacedIn(sentence.answer);
    } else if (record.kind === 'answer') {
      this.sources.learn(this.unsent(sentence)?.current?.sources ?? []);
    }
    this.#notifyChanged(sentence);
  }

  /**
   * Another tab has put a newer value of this sentence into the outbox that both share.
   * @param {string} id
   */
  adopt(id) {
    const record = this.#outbox.get(id);
    const sentence = record && this.withId(record.about.sentence_id);
    if (!sentence || !this.isOfThisWork(record)) return;
    sentence.answer = record.body;
    this.#notifyChanged(sentence);
  }

  /**
   * @param {Sentence} sentence
   * @returns {SaveState}
   */
  saveState(sentence) {
    const record = this.unsent(sentence);
    if (!record) return sentence.answer.tag ? 'saved' : 'none';
    if (record.state !== 'waiting') return record.state;
    return this.#courier?.isStuck ? 'kept' : 'saving';
  }

  /** @param {Sentence} sentence */
  unsent(sentence) {
    return this.#outbox.get(this.#recordId(sentence));
  }

  /**
   * Whether an unsent answer is one of this piece of work: the outbox may hold one for the same sentence of another pass.
   * @param {import('../types.js').OutboxRecord} record
   */
  isOfThisWork(record) {
    return !record.assignment_key || !this.#key || record.assignment_key === this.#key;
  }

  /**
   * Under which id the outbox holds what is unsent of a sentence: its number, unless another piece of work has taken it.
   * @param {Sentence} sentence
   */
  #recordId(sentence) {
    const id = String(sentence.id);
    const own = `${id}@${this.#key}`;
    const record = this.#outbox.get(id);
    return (record ? this.isOfThisWork(record) : !this.#outbox.get(own)) ? id : own;
  }

  /**
   * The field without which the answer to this sentence cannot be submitted.
   * @param {Sentence} sentence
   */
  missing(sentence) {
    return missing(sentence.answer, this.#desk.required);
  }

  /**
   * The sentences that keep the article from being submitted, with what each needs: a field, `to_confirm`, `conflict` or
   * `refused` of the answer, `claims` of what was written about claims, `draft` of evidence begun and not saved.
   * @returns {{ sentence: Sentence, need: string }[]}
   */
  needing() {
    const doubtful = this.#outbox.all().filter(({ state }) => state !== 'waiting');
    const ofAnswer = doubtful.filter((record) => record.kind === 'answer' && this.isOfThisWork(record));
    const states = new Map(ofAnswer.map(({ about, state }) => [about.sentence_id, state]));
    const ofClaims = new Set(doubtful.filter(isAboutClaims).map(({ about }) => about.sentence_id));
    const begun = this.#begun();
    return this.sentences.flatMap((sentence) => {
      const { id, to_confirm } = sentence;
      const ofAnswer = this.missing(sentence) ?? states.get(id) ?? (to_confirm ? 'to_confirm' : '');
      const need = ofAnswer || (ofClaims.has(id) ? 'claims' : begun.has(id) ? 'draft' : '');
      return need ? [{ sentence, need }] : [];
    });
  }

  /** Ids of the sentences that mention a claim on which evidence was begun and not saved. */
  #begun() {
    const begun = [...this.claims.mentionsBySentence()].filter(([, mentions]) =>
      mentions.some(({ claim_id }) => isBegun(this.#desk, claim_id)),
    );
    return new Set(begun.map(([id]) => id));
  }

  /**
   * How many sentences of the article name the source.
   * @param {string} id
   * @param {'answer' | 'saved'} [which]
   */
  uses(id, which = 'answer') {
    return this.sentences.filter(
      (sentence) =>
        sentence[which].tag === 'ATTRIBUTION' &&
        namedIn(sentence[which]).some((named) => named && this.sources.areOne(named, id)),
    ).length;
  }

  get tagged() {
    return this.sentences.filter((sentence) => sentence.answer.tag).length;
  }

  /**
   * @param {Sentence} sentence
   * @param {Answer} answer
   * @param {boolean} isTyping
   * @param {Rating[]} [ratings]  given or taken back with it
   */
  #change(sentence, answer, isTyping, ratings = []) {
    const id = this.#recordId(sentence);
    const brought = this.#brought(this.#outbox.get(id), answer, ratings);
    sentence.problems = [];
    const spent = Number(sentence.answer.active_seconds ?? 0) + this.#stopwatch.take(sentence.id);
    sentence.answer = answer.tag ? { ...answer, active_seconds: Math.min(spent, this.#desk.longest_stay) } : {};
    this.#outbox.put({
      id,
      kind: 'answer',
      method: answer.tag ? 'PUT' : 'DELETE',
      url: (this.#desk.urls.annotation ?? '').replace('/0/', `/${sentence.id}/`),
      body: sentence.answer,
      version: sentence.version,
      assignment_key: this.#key,
      brought,
      about: {
        article_id: this.#desk.article_id,
        sentence_id: sentence.id,
        index: sentence.index,
        text: sentence.text.slice(0, 200),
      },
    });
    this.#notifyChanged(sentence);
    this.#courier?.hold(id, isTyping);
    clearTimeout(this.#typing);
    if (isTyping) this.#typing = window.setTimeout(() => this.flush(), TYPING_PAUSE);
    else this.flush();
  }

  /**
   * What goes with the answer: the sources that the server has not met, and ratings, those that still wait among them.
   * @param {import('../types.js').OutboxRecord | undefined} open
   * @param {Answer} answer
   * @param {Rating[]} ratings
   * @returns {import('../types.js').Brought | undefined}
   */
  #brought(open, answer, ratings) {
    const sources = answer.tag ? this.sources.broughtBy(answer) : [];
    const waiting = open && open.state !== 'refused' ? open.brought : undefined;
    const isSame = this.sources.areOne(waiting?.rated, answer.source_id);
    const kept = broughtRatings(waiting?.ratings ?? [], ratings, Boolean(answer.tag) && isSame);
    if (!sources.length && !kept.length) return undefined;
    const isGiven = kept.some((rating) => !rating.withdrawn);
    return { sources, ratings: kept, ...(isGiven && { rated: String(answer.source_id) }) };
  }

  /** @param {Sentence} sentence */
  #notifyChanged(sentence) {
    this.dispatchEvent(new CustomEvent('changed', { detail: sentence }));
  }

  /**
   * @param {Sentence} sentence
   * @param {{ typed?: string, gave?: string, did?: Did }} [how]  in which field, which rating, or what about a claim
   */
  #remember(sentence, { typed, gave, did } = {}) {
    const steps = this.#steps();
    const last = steps.at(-1);
    const goesOn = typed && last?.typed === typed && last.sentence === sentence.id && Date.now() - last.at < 60_000;
    if (goesOn && (!gave || last.gave?.includes(gave))) return;
    if (goesOn && gave) {
      last.gave = [...(last.gave ?? []), gave];
    } else {
      const step = { sentence: sentence.id, before: sentence.answer, at: Date.now(), key: this.#key };
      steps.push({ ...step, ...(typed && { typed }), ...(gave && { gave: [gave] }), ...(did && { did }) });
    }
    this.#keep(steps.slice(-MOST_STEPS));
  }

  /** @type {Step[]} */
  #inMemory = [];

  /** @returns {Step[]} those of this piece of work: the way back never leads into another pass */
  #steps() {
    try {
      /** @type {Step[]} */
      const steps = JSON.parse(localStorage.getItem(this.#undoKey) ?? '[]');
      return steps.filter((step) => !step.key || !this.#key || step.key === this.#key);
    } catch {
      return this.#inMemory;
    }
  }

  /** @param {Step[]} steps */
  #keep(steps) {
    this.#inMemory = steps;
    try {
      localStorage.setItem(this.#undoKey, JSON.stringify(steps));
    } catch {
      // No room: the way back is then as long as this page is open.
    }
  }
}
