/** Which sources a field offers: those named above in the article, those the server finds, and a new one. */

import { namedIn } from '../lib/answer.js';
import { make } from '../lib/dom.js';
import { fits, marked, nameKey } from '../lib/names.js';

/** @typedef {import('./work.js').Work} Work */
/** @typedef {import('../types.js').Source} Source */

const MOST = 8;

export class SourceLookup {
  #work;
  #desk;
  /** @type {Map<string, Source[]>} what the server found, by what was asked */
  #found = new Map();

  /**
   * @param {Work} work
   * @param {import('../types.js').Desk} desk
   */
  constructor(work, desk) {
    this.#work = work;
    this.#desk = desk;
  }

  /**
   * Ask the server, which has every source that may be named.
   * @param {string} text
   * @param {AbortSignal} signal
   */
  async ask(text, signal) {
    const response = await fetch(`${this.#desk.urls.sources}?q=${encodeURIComponent(text)}`, {
      headers: { Accept: 'application/json' },
      signal,
    });
    if (!response.ok) return;
    /** @type {Source[]} */
    const sources = (await response.json()).sources;
    this.#found.set(text, sources);
    this.#work.sources.learn(sources.map(({ alias: _, ...source }) => source));
  }

  /**
   * The sources that fit what is written; nothing written fits those of this article alone.
   * @param {string} text
   * @param {unknown[]} taken  ids that are not to be offered
   * @param {boolean} isLink  the article's own outlet comes first
   * @returns {Source[]}
   */
  sources(text, taken, isLink) {
    const outlet = isLink ? this.#outlet() : [];
    const here = [...outlet, ...this.#named()].filter(({ name }) => fits(name, text));
    /** @type {Source[]} */
    const offered = [];
    for (const source of [...here, ...(this.#found.get(text) ?? [])]) {
      const isOne = (/** @type {unknown} */ id) => Boolean(id) && this.#work.sources.areOne(id, source.id);
      if (offered.length < MOST && !taken.some(isOne) && !offered.some(({ id }) => isOne(id))) offered.push(source);
    }
    return offered;
  }

  /** @returns {Source[]} */
  #outlet() {
    const { outlet } = this.#desk;
    if (!outlet || !nameKey(outlet.name)) return [];
    const known = outlet.id ? this.#work.sources.get(outlet.id) : this.#work.sources.called(outlet.name, 'outlet');
    return [known ?? { id: '', name: outlet.name, kind: 'outlet' }];
  }

  /** @returns {Source[]} those that answers of this article name, the nearest above first */
  #named() {
    const { sentences, here } = this.#work;
    const order = [...sentences.slice(0, here + 1).reverse(), ...sentences.slice(here + 1)];
    const named = order.filter(({ answer }) => answer.tag === 'ATTRIBUTION').flatMap(({ answer }) => namedIn(answer));
    return named.map((id) => (id ? this.#work.sources.get(id) : undefined)).filter((source) => source !== undefined);
  }

  /**
   * Which kinds a new source of this name can be of: what its type says, or any where no type was chosen.
   * @param {string} text
   * @param {unknown} type
   * @param {Source[]} offered
   * @param {boolean} isLink  what passes on is most often an outlet
   */
  newKinds(text, type, offered, isLink) {
    if (!nameKey(text)) return [];
    const all = this.#desk.fields.source_kind ?? [];
    const isOutlet = (/** @type {{ value: string }} */ { value }) => isLink && value === 'outlet';
    const kinds = [...all.filter(isOutlet), ...all.filter((kind) => !isOutlet(kind))];
    const fitting = type ? kinds.filter(({ value }) => value === this.#desk.kind_of[String(type)]) : kinds;
    const isThere = (/** @type {string} */ kind) =>
      offered.some((source) => source.kind === kind && nameKey(source.name) === nameKey(text));
    return fitting.filter(({ value }) => !isThere(value));
  }

  /** @param {string} kind */
  kindWorded(kind) {
    return this.#desk.fields.source_kind?.find(({ value }) => value === kind)?.label.toLowerCase() ?? kind;
  }

  /**
   * How many of one's own sentences name it: elsewhere as the server counted, here as they are now.
   * @param {Source} source
   */
  ownSentences(source) {
    return (source.elsewhere ?? 0) + this.#work.uses(source.id);
  }

  /**
   * What a list shows of a source.
   * @param {Source} source
   * @param {string} text  asked for
   */
  parts(source, text) {
    const { alias, name } = source;
    const shown = make(
      'span',
      { class: 'options__name', dir: 'auto' },
      ...marked(alias ?? name, text).map((part) => (part.isAsked ? make('b', {}, part.text) : part.text)),
    );
    const kind = this.kindWorded(source.kind);
    const about = make('span', { class: 'muted' }, alias ? ` alias of ${name}, ${kind}` : ` ${kind}`);
    const count = this.ownSentences(source);
    return [shown, about, ...(count ? [make('span', { class: 'options__count num' }, ` ${count}`)] : [])];
  }
}
