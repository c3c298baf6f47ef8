/** What the key of a round that trains says, once the analyst has answered: of the sentence in hand, else of the last. */

import { make, tagMark } from '../lib/dom.js';

/** @typedef {import('./work.js').Work} Work */
/** @typedef {{ tag: string, first: string, reason: string | null, label?: string, meaning?: string }} Key */

/**
 * @param {HTMLElement} root
 * @param {Work} work
 * @param {import('../types.js').Desk} desk
 */
export function key(root, work, desk) {
  const box = root.querySelector('#key');
  const url = desk.urls.key;
  if (!(box instanceof HTMLElement) || !url) return;
  const shown = box;
  const address = url;
  /** @type {Map<number, Key | null>} */
  const known = new Map();
  let last = 0;

  /** The sentence of which the key is told: one that the server has an answer to. */
  function about() {
    if (work.saveState(work.current) === 'saved') return work.current;
    return work.sentences[last - 1];
  }

  /** @param {Event} [event]  of a sentence that changed: the answer to it may just have arrived at the server */
  async function load(event) {
    const changed = event instanceof CustomEvent ? event.detail : undefined;
    if (changed && work.saveState(changed) === 'saved') last = changed.index;
    const sentence = about();
    if (!sentence) return;
    if (!known.has(sentence.id)) {
      try {
        const response = await fetch(address.replace('/0/', `/${sentence.id}/`), {
          headers: { Accept: 'application/json' },
        });
        known.set(sentence.id, (await response.json()).key);
      } catch {
        return; // it is asked for again with the next move
      }
    }
    if (about() === sentence) tell(sentence.index, known.get(sentence.id) ?? null);
  }

  /**
   * @param {number} index
   * @param {Key | null} found
   */
  function tell(index, found) {
    shown.hidden = false;
    shown.replaceChildren(...(found ? lines(index, found) : [make('p', {}, `Sentence ${index}: the key is silent.`)]));
  }

  /**
   * @param {number} index
   * @param {Key} found
   */
  function lines(index, found) {
    const tags = desk.fields.tag ?? [];
    const same = found.first === found.tag;
    return [
      make(
        'p',
        {},
        `Sentence ${index}, the key: `,
        tagMark(found.tag, tags),
        ...(same
          ? [', as you answered first.']
          : ['. You answered ', tagMark(found.first, tags), ' first, and that counts.']),
      ),
      ...(found.label ? [make('p', {}, make('strong', {}, found.label), ` ${found.meaning ?? ''}`)] : []),
      ...(found.reason ? [make('p', { dir: 'auto' }, found.reason)] : []),
    ];
  }

  work.addEventListener('moved', load);
  work.addEventListener('changed', load);
  void load();
}
