/** Other ways to a sentence: by its number, and through what a filter of the strip shows. */

import { the } from '../lib/dom.js';

/** @typedef {import('./work.js').Work} Work */
/** @typedef {import('./work.js').Sentence} Sentence */

/**
 * The field in the place of the heading that takes a number: `12 g`, or Enter.
 * @param {HTMLElement} root  the panel
 * @param {Work} work
 * @param {{ back: () => void, notify: (text: string) => void }} on
 */
export function goTo(root, work, on) {
  const opener = the('#goto-open', HTMLButtonElement, root);
  const form = the('#goto', HTMLFormElement, root);
  const field = the('#goto-number', HTMLInputElement, form);

  function close() {
    form.hidden = true;
    opener.hidden = false;
  }

  /** @param {string} number */
  function go(number) {
    const index = Number(number);
    close();
    on.back();
    if (!/^\d+$/.test(number.trim()) || index < 1 || index > work.sentences.length)
      return on.notify(`There is no such sentence; they go from 1 to ${work.sentences.length}.`);
    work.move(index - 1);
  }

  function open() {
    opener.hidden = true;
    form.hidden = false;
    field.value = '';
    field.focus();
  }

  opener.addEventListener('click', open);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    go(field.value);
  });
  field.addEventListener('keydown', (event) => {
    if (event.key !== 'g' && event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'g') return go(field.value);
    close();
    on.back();
  });
  field.addEventListener('blur', close);
  return { open, go };
}

/** @type {Record<string, (sentence: Sentence) => boolean>} */
const SHOWN = {
  untagged: ({ answer }) => !answer.tag,
  unsure: ({ answer }) => answer.tag_certainty === 'unsure',
  flagged: ({ answer }) => Object.keys(answer).some((name) => name.startsWith('flag_') && answer[name]),
  noted: ({ answer, mentioned }) => mentioned > 0 || Boolean(answer.note),
};

/**
 * Some sentences stand out in the strip, the others step back.
 * @param {HTMLElement} strip
 * @param {Work} work
 * @param {{ back: () => void, notify: (text: string) => void }} on
 */
export function filter(strip, work, on) {
  const select = the('#strip-show', HTMLSelectElement, strip);
  const cells = [...strip.querySelectorAll('a')];

  /** @param {Sentence} sentence */
  function isShown(sentence) {
    return SHOWN[select.value]?.(sentence) ?? true;
  }

  /** @param {Sentence} sentence */
  function paint(sentence) {
    cells[sentence.index - 1]?.toggleAttribute('data-off', !isShown(sentence));
  }

  function choose() {
    work.sentences.forEach(paint);
    const count = work.sentences.filter(isShown).length;
    on.notify(select.value ? `${count} ${select.value}; n goes through them.` : 'All sentences again.');
  }

  select.addEventListener('change', choose);
  select.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') on.back();
  });
  work.addEventListener('changed', (event) => {
    if (select.value) paint(/** @type {CustomEvent<Sentence>} */ (event).detail);
  });
  select.hidden = false;

  return {
    isOn: () => select.value !== '',
    /** The next sentence shown, past the end the first one. */
    next() {
      const shown = work.sentences.filter(isShown);
      const found = shown.find(({ index }) => index - 1 > work.here) ?? shown[0];
      if (!found) return on.notify(`No sentence is ${select.value}.`);
      work.move(found.index - 1);
    },
    turn() {
      select.selectedIndex = (select.selectedIndex + 1) % select.options.length;
      choose();
    },
  };
}
