/**
 * The sources that a desk knows: those of the analyst's answers, those looked up, and new ones that the server has not
 * met. What is named here is kept in the browser, so that the way back and unsent answers find its name after a reload.
 */

import { namedIn } from './answer.js';
import { nameKey } from './names.js';
import { newId } from './outbox.js';

/** @typedef {import('../types.js').Answer} Answer */
/** @typedef {import('../types.js').Source} Source */
/** @typedef {import('../types.js').NewSource} NewSource */
/** @typedef {{ sources: Record<string, Source>, instead: Record<string, string> }} Kept */

export class KnownSources {
  #storage;
  #key;
  /** @type {Map<string, Source>} */
  #told = new Map();
  /** @type {Kept} */
  #kept = { sources: {}, instead: {} };

  /**
   * @param {Pick<Storage, 'getItem' | 'setItem'> | null} storage
   * @param {string} key
   * @param {Source[]} told  by the server
   */
  constructor(storage, key, told) {
    this.#storage = storage;
    this.#key = key;
    this.#read();
    this.learn(told);
  }

  /** @param {Source[]} told */
  learn(told) {
    for (const source of told) this.#told.set(source.id, source);
  }

  /**
   * @param {unknown} id
   * @returns {Source | undefined}
   */
  get(id) {
    const now = this.now(id);
    const known = () => this.#told.get(now) ?? this.#kept.sources[now];
    if (now && !known()) this.#read(); // another tab may have named it
    return known();
  }

  /**
   * What the source is called; where nobody here knows, that it is one.
   * @param {unknown} id
   */
  nameOf(id) {
    return this.get(id)?.name ?? 'a source named elsewhere';
  }

  /**
   * The id under which the server keeps it: another one where a new source was one that it had.
   * @param {unknown} id
   */
  now(id) {
    return this.#kept.instead[String(id)] ?? String(id ?? '');
  }

  /**
   * Whether two ids mean one entry, doubles that were merged among them.
   * @param {unknown} one
   * @param {unknown} other
   */
  areOne(one, other) {
    return this.#root(one) === this.#root(other);
  }

  /** @param {unknown} id */
  #root(id) {
    return this.get(id)?.root ?? this.now(id);
  }

  /**
   * Keep one that an answer names.
   * @param {Source} source
   */
  keep(source) {
    this.#read();
    this.#kept.sources[source.id] = source;
    this.#write();
  }

  /**
   * A new source, or the one of that name and kind that is known here already.
   * @param {string} name
   * @param {string} kind
   * @returns {Source}
   */
  make(name, kind) {
    const known = this.called(name, kind);
    if (known) return known;
    const source = { id: newId(), name: name.replace(/\s+/g, ' ').trim(), kind, is_new: true };
    this.keep(source);
    return source;
  }

  /**
   * @param {string} name
   * @param {string} kind
   */
  called(name, kind) {
    const all = [...this.#told.values(), ...Object.values(this.#kept.sources)];
    return all.find((source) => source.kind === kind && nameKey(source.name) === nameKey(name));
  }

  /**
   * What the answer has to bring along: those that it names and the server has not met.
   * @param {Answer} answer
   * @returns {NewSource[]}
   */
  broughtBy(answer) {
    const named = [...new Set(namedIn(answer))].map((id) => id && this.get(id));
    return named
      .filter((source) => typeof source === 'object' && source?.is_new)
      .map((source) => {
        const { id, name, kind } = /** @type {Source} */ (source);
        return { id, name, kind };
      });
  }

  /**
   * What became of the sources that an answer brought: each is there now, perhaps under another id, or was refused.
   * @param {NewSource[]} brought
   * @param {Answer} sent
   * @param {Answer} stored
   */
  settle(brought, sent, stored) {
    if (!brought.length) return;
    this.#read();
    const [from, to] = [namedIn(sent), namedIn(stored)];
    for (const { id, name, kind } of brought) {
      const now = from.length === to.length ? to[from.indexOf(id)] : null;
      delete this.#kept.sources[id];
      if (!now) continue;
      this.#kept.sources[now] = this.#told.get(now) ?? { id: now, name, kind };
      if (now !== id) this.#kept.instead[id] = now;
    }
    this.#write();
  }

  /**
   * The answer with the ids under which the server keeps its sources.
   * @param {Answer} answer
   * @returns {Answer}
   */
  replacedIn(answer) {
    if (!Object.keys(this.#kept.instead).length) return answer;
    const replaced = (/** @type {Answer | import('../types.js').Link} */ link) =>
      link.source_id ? { ...link, source_id: this.now(link.source_id) } : link;
    const chain = answer.chain?.map(replaced);
    return /** @type {Answer} */ ({ ...replaced(answer), ...(chain && { chain }) });
  }

  #read() {
    try {
      /** @type {Partial<Kept>} */
      const { sources = {}, instead = {} } = JSON.parse(this.#storage?.getItem(this.#key) ?? '{}');
      this.#kept = { sources: { ...this.#kept.sources, ...sources }, instead: { ...this.#kept.instead, ...instead } };
    } catch {
      // Forbidden: what is known is then known for as long as this page is open.
    }
  }

  #write() {
    try {
      this.#storage?.setItem(this.#key, JSON.stringify(this.#kept));
    } catch {
      // No room: the same.
    }
  }
}
