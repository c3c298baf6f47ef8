/** Which claims the field offers: those that the article mentions, those that the server finds, and a new one. */

import { make } from '../lib/dom.js';
import { fits, marked, nameKey } from '../lib/names.js';

/** @typedef {import('./work.js').Work} Work */
/** @typedef {import('../types.js').Claim} Claim */

const MOST = 8;

export class ClaimLookup {
  #work;
  #url;
  /** @type {Map<string, Claim[]>} what the server found, by what was asked */
  #found = new Map();

  /**
   * @param {Work} work
   * @param {string} url  where claims at hand are looked up
   */
  constructor(work, url) {
    this.#work = work;
    this.#url = url;
  }

  /**
   * Ask the server, which has every claim that may be mentioned.
   * @param {string} text
   * @param {AbortSignal} signal
   */
  async ask(text, signal) {
    const response = await fetch(`${this.#url}?q=${encodeURIComponent(text)}`, {
      headers: { Accept: 'application/json' },
      signal,
    });
    if (response.ok) this.#found.set(text, (await response.json()).claims);
  }

  /**
   * The claims that fit what is written, those of this article first; nothing written fits those alone.
   * @param {string} text
   * @returns {Claim[]}
   */
  claims(text) {
    const here = [...this.#places().keys()].map((id) => this.#work.claims.claim(id));
    const taken = new Set(this.#own().map(({ id }) => id));
    /** @type {Claim[]} */
    const offered = [];
    for (const claim of [...here.filter(({ wording }) => fits(wording, text)), ...(this.#found.get(text) ?? [])]) {
      const isOffered = offered.some(({ id }) => id === claim.id);
      if (offered.length < MOST && !isOffered && !taken.has(claim.id)) offered.push(claim);
    }
    return offered;
  }

  /**
   * Whether what is written would be a claim that is neither offered nor mentioned by the sentence.
   * @param {string} text
   * @param {Claim[]} offered
   */
  isNew(text, offered) {
    const key = nameKey(text);
    return key !== '' && ![...offered, ...this.#own()].some(({ wording }) => nameKey(wording) === key);
  }

  /** The claims that the person says the sentence in hand mentions. */
  #own() {
    const { claims, current } = this.#work;
    const own = claims.mentionsOn(current.id).filter(({ is_mine }) => is_mine);
    return own.map(({ claim_id }) => claims.claim(claim_id));
  }

  /** Where the article mentions each claim: the nearest above first, then those below. */
  #places() {
    const { claims, sentences, here } = this.#work;
    const mentions = claims.mentionsBySentence();
    /** @type {Map<string, number>} */
    const places = new Map();
    for (const { id, index } of [...sentences.slice(0, here).reverse(), ...sentences.slice(here)]) {
      for (const { claim_id } of mentions.get(id) ?? []) if (!places.has(claim_id)) places.set(claim_id, index);
    }
    return places;
  }

  /**
   * What the list shows of a claim.
   * @param {Claim} claim
   * @param {string} text  asked for
   */
  parts({ id, wording }, text) {
    const asked = marked(wording, text).map((part) => (part.isAsked ? make('b', {}, part.text) : part.text));
    const place = this.#places().get(id);
    return [
      make('span', { class: 'options__claim', dir: 'auto' }, ...asked),
      ...(place ? [make('span', { class: 'muted num' }, ` sentence ${place}`)] : []),
    ];
  }
}
