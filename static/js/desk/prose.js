/** The article as a list of sentences to walk and tag by keys, and the strip that shows all of them at once. */

import { fieldName, worded } from '../lib/answer.js';
import { goesOnWhileHeld, meaningOf } from '../lib/keys.js';

/** @typedef {import('./work.js').Work} Work */
/** @typedef {import('./work.js').Sentence} Sentence */

const STATES = {
  none: '',
  saved: 'saved',
  saving: 'saving',
  kept: 'kept here',
  conflict: 'conflict',
  refused: 'not delivered',
};
/** @type {Record<string, string>} */
const ASKED = { source_type: 'source type missing', not_codable_reason: 'reason missing' };

/**
 * @param {HTMLElement} list
 * @param {HTMLElement} strip
 * @param {Work} work
 * @param {import('../types.js').Desk} desk
 * @param {{ command: (name: string, value?: string) => void, isAsking: () => boolean, singleKeys: () => boolean }} on
 */
export function prose(list, strip, work, desk, on) {
  const options = /** @type {HTMLElement[]} */ ([...list.querySelectorAll('.s')]);
  const cells = /** @type {HTMLElement[]} */ ([...strip.querySelectorAll('a')]);
  let marked = -1;
  let movedAt = 0;

  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', 'Sentences of the article');
  for (const paragraph of list.querySelectorAll('p')) paragraph.setAttribute('role', 'none');
  options.forEach((option, i) => {
    option.setAttribute('role', 'option');
    option.setAttribute('aria-posinset', String(i + 1));
    option.setAttribute('aria-setsize', String(options.length));
    option.setAttribute('aria-selected', 'false');
    option.tabIndex = -1;
    if (cells[i]) cells[i].tabIndex = -1;
  });
  work.sentences.forEach(paint);

  /** @param {Sentence} sentence */
  function paint(sentence) {
    const option = options[sentence.index - 1];
    const cell = cells[sentence.index - 1];
    if (!option || !cell) return;
    const tag = sentence.answer.tag;
    const state = work.wholeState(sentence);
    const lacks = work.missing(sentence);
    const begun = sentence.isBegun ? 'evidence not saved' : '';
    const ask = lacks && lacks !== 'tag' ? (ASKED[lacks] ?? `${fieldName(lacks)} missing`) : begun;
    for (const element of [option, cell]) {
      mark(element, 'tag', tag ? String(tag) : '');
      mark(element, 'state', state === 'none' || state === 'saved' ? '' : state);
      mark(element, 'ask', ask);
    }
    mark(option, 'confirm', sentence.to_confirm ? 'yes' : '');
    mark(option, 'noted', sentence.mentioned ? String(sentence.mentioned) : '');
    const claims = sentence.mentioned ? `mentions ${sentence.mentioned} claim${sentence.mentioned > 1 ? 's' : ''}` : '';
    const said = [
      tag ? worded('tag', tag, desk.fields) : 'Not tagged',
      ask,
      sentence.to_confirm ? 'to confirm' : '',
      STATES[state],
      ...(sentence.problems ?? []),
      claims,
    ];
    option.setAttribute('aria-label', `${said.filter(Boolean).join(', ')}. ${sentence.text}`);
    const type =
      tag && sentence.answer.source_type ? worded('source_type', sentence.answer.source_type, desk.fields) : '';
    const told = [`${sentence.index}`, said[0], type.toLowerCase(), ask].filter(Boolean).join(', ');
    cell.setAttribute('aria-label', told);
    if (type) cell.title = told;
    else cell.removeAttribute('title');
  }

  function markHere() {
    const before = options[marked];
    if (before) {
      before.setAttribute('aria-selected', 'false');
      before.tabIndex = -1;
    }
    cells[marked]?.removeAttribute('aria-current');
    marked = work.here;
    const now = options[marked];
    now?.setAttribute('aria-selected', 'true');
    if (now) now.tabIndex = 0;
    cells[marked]?.setAttribute('aria-current', 'true');
  }

  /** How much of the window shows sentences: header and docked panel lie over the rest. */
  function room() {
    const bar = document.querySelector('.bar')?.getBoundingClientRect();
    const panel = document.querySelector('#panel')?.getBoundingClientRect();
    const isDocked = panel && panel.left < list.getBoundingClientRect().right;
    return (isDocked ? panel.top : window.innerHeight) - (bar?.bottom ?? 0);
  }

  /** @param {HTMLElement} option */
  function bringIntoView(option) {
    if (work.here === 0) {
      if (window.scrollY) window.scrollTo({ top: 0, behavior: 'instant' }); // the title with it, where there is room
      if (option.getBoundingClientRect().bottom < window.innerHeight) return uncover();
    }
    const { top, height } = option.getBoundingClientRect();
    const isFar = top < -window.innerHeight || top > 2 * window.innerHeight;
    const isHurried = performance.now() - movedAt < 400 || matchMedia('(prefers-reduced-motion: reduce)').matches;
    movedAt = performance.now();
    const block = height > room() * 0.6 ? 'start' : 'nearest';
    option.scrollIntoView({ block, behavior: isFar || isHurried ? 'instant' : 'smooth' });
    // Paragraphs met for the first time get their true height only now, and push the sentence away.
    if (isFar)
      requestAnimationFrame(() => requestAnimationFrame(() => option.scrollIntoView({ block, behavior: 'instant' })));
  }

  function focus() {
    options[work.here]?.focus({ preventScroll: true });
  }

  /** Bring the sentence in hand from under what lies over it. */
  function uncover() {
    const option = options[work.here];
    const panel = document.querySelector('#panel')?.getBoundingClientRect();
    const sentence = option?.getBoundingClientRect();
    if (panel && sentence && sentence.right > panel.left && sentence.bottom > panel.top)
      option?.scrollIntoView({ block: 'start', behavior: 'instant' });
  }

  work.addEventListener('moved', () => {
    const hadFocus = list.contains(document.activeElement);
    markHere();
    if (hadFocus) focus();
    const option = options[work.here];
    if (option) bringIntoView(option);
  });
  work.addEventListener('changed', (event) => paint(/** @type {CustomEvent<Sentence>} */ (event).detail));

  list.addEventListener('click', (event) => {
    const option = event.target instanceof Element ? event.target.closest('.s') : null;
    if (!(option instanceof HTMLElement)) return;
    work.move(options.indexOf(option));
    focus();
  });

  strip.addEventListener('click', (event) => {
    if (event.target instanceof Element && event.target.closest('select')) return;
    event.preventDefault();
    const cell = event.target instanceof Element ? event.target.closest('a') : null;
    work.move(cell ? cells.indexOf(cell) : nearestCell(event));
    focus();
  });

  /** @param {MouseEvent} event  beside the cells, which are thin in a long article */
  function nearestCell(event) {
    const first = cells[0]?.getBoundingClientRect();
    const last = cells.at(-1)?.getBoundingClientRect();
    if (!first || !last) return 0;
    const isRow = last.left > first.left;
    const along = isRow
      ? (event.clientX - first.left) / (last.right - first.left)
      : (event.clientY - first.top) / (last.bottom - first.top);
    return Math.floor(along * cells.length);
  }

  const types = (desk.fields.source_type ?? []).map(({ value }) => value);
  list.addEventListener('keydown', (event) => {
    const now = {
      tagKeys: desk.tag_keys,
      types,
      isAsking: on.isAsking(),
      areSingle: on.singleKeys(),
      isLocked: work.isLocked,
    };
    const meaning = meaningOf(event, now);
    if (!meaning) return;
    event.preventDefault();
    if (event.repeat && !goesOnWhileHeld(meaning)) return;
    on.command(meaning.command, meaning.value);
  });

  return { focus, uncover };
}

/**
 * @param {HTMLElement} element
 * @param {string} name
 * @param {string} value  empty: the mark goes
 */
function mark(element, name, value) {
  if (value) element.dataset[name] = value;
  else delete element.dataset[name];
}
