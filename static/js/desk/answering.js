/** Tags by key or click, and what a tag asks for before the next sentence comes. */

/** @typedef {import('./work.js').Work} Work */
/** @typedef {import('../types.js').Answer} Answer */

/** The one tag whose required field has digits of its own right after it. */
const ASKING = 'ATTRIBUTION';
const MOST_NAMES = 3;

/**
 * What an act has come to: `locked`, nothing happened; `reason`, the reason is to be given; `asks`, the type of source is;
 * `on`, the next sentence is in hand; `none`, there was nothing to do it with.
 * @typedef {'locked' | 'reason' | 'asks' | 'on' | 'none'} Outcome
 */

/**
 * Whoever wants it is asked for the type of source as soon as a sentence is an attribution. Notifies by the event `asking`.
 */
export class Answering extends EventTarget {
  isAsking = false;
  #work;
  #asksWho;

  /**
   * @param {Work} work
   * @param {() => boolean} asksWho  whether the person is asked right after the tag
   */
  constructor(work, asksWho) {
    super();
    this.#work = work;
    this.#asksWho = asksWho;
    work.addEventListener('moved', () => this.leave());
    work.addEventListener('changed', () => {
      if (work.current.answer.tag !== ASKING) this.leave();
    });
  }

  /**
   * @param {string} tag
   * @returns {Outcome}
   */
  tag(tag) {
    const work = this.#work;
    if (work.isLocked) return 'locked';
    const asks = tag === ASKING && this.#asksWho() && !this.isAsking;
    work.answer({ tag }, undefined, asks);
    if (asks) return this.ask();
    return tag === 'NOT_CODABLE' ? 'reason' : this.#goOn();
  }

  /**
   * Digits are types of source of this sentence from now on.
   * @returns {Outcome}
   */
  ask() {
    if (this.#work.isLocked) return 'locked';
    this.isAsking = true;
    this.dispatchEvent(new Event('asking'));
    return 'asks';
  }

  /** Digits are tags again; a type that was not given is asked for before the article is submitted. */
  leave() {
    if (!this.isAsking) return;
    this.isAsking = false;
    this.#work.flush();
    this.dispatchEvent(new Event('asking'));
  }

  /**
   * @param {string} source_type
   * @returns {Outcome}
   */
  type(source_type) {
    this.#work.answer({ source_type });
    return this.#goOn();
  }

  /**
   * Sources that one has named above, the one named last first, each once.
   * @returns {Answer[]}
   */
  named() {
    const { sentences, here } = this.#work;
    /** @type {Map<string, Answer>} */
    const found = new Map();
    for (let i = here - 1; i >= 0 && found.size < MOST_NAMES; i--) {
      const answer = sentences[i]?.answer ?? {};
      const { source_id, source_text, source_type } = answer;
      const name = String(source_id ?? source_text ?? '');
      if (answer.tag === ASKING && name && source_type && !found.has(name)) found.set(name, answer);
    }
    return [...found.values()];
  }

  /**
   * The same source as in an answer above.
   * @param {Answer | undefined} above
   * @returns {Outcome}
   */
  name(above) {
    if (!above) return 'none';
    const { source_id = null, source_type } = above;
    const source_text = this.#work.sources.get(source_id)?.name ?? above.source_text;
    // The letter in force comes with the entry.
    this.#work.answer({ source_id, source_type, source_text, rating_id: null, source_reliability: null });
    return this.#goOn();
  }

  /**
   * The whole answer to the sentence before, for this one too.
   * @returns {Outcome}
   */
  repeat() {
    const work = this.#work;
    const before = work.sentences[work.here - 1]?.answer;
    if (work.isLocked) return 'locked';
    if (!before?.tag) return 'none';
    work.replace(before);
    return this.#goOn();
  }

  /** @returns {Outcome} */
  #goOn() {
    this.leave();
    this.#work.move(this.#work.here + 1);
    return 'on';
  }
}
