/** Where else the sentence in hand was said, and what becomes of it: a mention of the claim in hand, or an item. */

import { button, make, the } from '../lib/dom.js';

/** @typedef {import('./work.js').Work} Work */
/**
 * @typedef {{ sentence_id: number, index: number, article_id: number, title: string, outlet: string | null,
 *   published: string | null, when: string | null, runs: [string, boolean][], may_mention: boolean, may_be_item: boolean }} Hit
 */

/**
 * @param {HTMLElement} root
 * @param {Work} work
 * @param {import('../types.js').Desk} desk
 * @param {{ open: () => void, notify: (text: string) => void, notifyAloud: (text: string) => void,
 *   singleKeys: () => boolean, mention: (hit: Hit, text: string) => void, evidence: (hit: Hit, text: string) => void }} on
 */
export function elsewhere(root, work, desk, on) {
  const fold = the('#elsewhere', HTMLDetailsElement, root);
  const list = the('#hits', HTMLElement, root);
  const told = the('#elsewhere-told', HTMLElement, root);
  const note = the('#elsewhere-note', HTMLElement, root);
  /** The sentence whose hits are shown, or asked for. */
  let shown = -1;

  function clear() {
    shown = -1;
    fold.open = false;
    list.replaceChildren();
    told.textContent = '';
    note.textContent = '';
  }

  /** Ask for the sentence in hand, unless that was done. */
  async function show() {
    const sentence = work.current;
    if (shown === sentence.id) return;
    shown = sentence.id;
    list.replaceChildren();
    told.textContent = 'looking …';
    const hits = await fetched(sentence.id).catch(() => null);
    if (shown !== sentence.id) return;
    if (!hits) {
      shown = -1;
      told.textContent = 'This cannot be looked up now; try again when the connection is back.';
      return;
    }
    list.replaceChildren(...hits.map(line));
    note.textContent = hits.length ? String(hits.length) : 'nowhere';
    told.textContent = hits.length
      ? 'The most alike first; what both say is marked.'
      : 'No other sentence of the articles that you may read is like it.';
  }

  /**
   * @param {number} id
   * @returns {Promise<Hit[]>}
   */
  async function fetched(id) {
    const url = (desk.urls.elsewhere ?? '').replace('/0/', `/${id}/`);
    const response = await fetch(url, { headers: { Accept: 'application/json' } });
    if (!response.ok) throw new Error(response.statusText);
    return (await response.json()).hits;
  }

  /** @param {Hit} hit */
  function line(hit) {
    const words = hit.runs.map(([text, isShared]) => (isShared ? make('mark', {}, text) : text));
    const where = [hit.outlet, hit.when, `sentence ${hit.index}`].filter(Boolean).join(', ');
    const link = make(
      'a',
      { href: `/articles/${hit.article_id}#s${hit.sentence_id}`, target: '_blank', dir: 'auto' },
      hit.title,
    );
    const acts = [
      ...(hit.may_mention ? [act(hit, 'Mention', 'm', on.mention)] : []),
      ...(hit.may_be_item ? [act(hit, 'Evidence', 'e', on.evidence)] : []),
    ];
    const item = make(
      'li',
      { class: 'hit' },
      make('p', { class: 'hit__words', dir: 'auto' }, ...words),
      make('p', { class: 'hit__where' }, link, ` ${where}`),
      make('p', { class: 'hit__do' }, ...acts),
    );
    item.addEventListener('keydown', (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey || !on.singleKeys()) return;
      const pressed = acts.find(({ dataset }) => dataset.key === event.key.toLowerCase());
      const to = { ArrowDown: item.nextElementSibling, ArrowUp: item.previousElementSibling }[event.key];
      if (pressed) pressed.click();
      else if (to) to.querySelector('a')?.focus();
      else return;
      event.preventDefault();
    });
    return item;
  }

  /**
   * @param {Hit} hit
   * @param {string} label
   * @param {string} key
   * @param {(hit: Hit, text: string) => void} take
   */
  function act(hit, label, key, take) {
    const text = hit.runs.map(([part]) => part).join('');
    const made = button(`${label} `, () => take(hit, text), 'button button--small');
    made.dataset.key = key;
    made.setAttribute('aria-label', `${label}: sentence ${hit.index} of ${hit.title}`);
    made.append(make('kbd', { 'aria-hidden': 'true' }, key));
    return made;
  }

  fold.addEventListener('toggle', () => {
    if (fold.open) void show();
  });
  work.addEventListener('moved', () => {
    if (work.current.id !== shown) clear();
  });

  return {
    /** Look, and go to the first that was found. */
    async enter() {
      on.open();
      fold.open = true;
      await show();
      const first = list.querySelector('a');
      (first ?? fold.querySelector('summary'))?.focus();
      on.notifyAloud(first ? `Said elsewhere: ${note.textContent}.` : (told.textContent ?? ''));
    },
  };
}
