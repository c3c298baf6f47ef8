/** A text field with a list that it looks things up in, by keyboard alone (WAI-ARIA combobox with a listbox). */

import { make } from '../lib/dom.js';

/** @typedef {{ id: string, parts: (Node | string)[], choose: () => void }} Option */
/**
 * @typedef {Object} Lookup
 * @property {(text: string) => Option[]} here  what is known without asking anybody
 * @property {(text: string, signal: AbortSignal) => Promise<void>} ask  learns more, so that `here` then knows it
 * @property {(text: string) => void} spoken  how many there are
 * @property {() => boolean} choosesFirst  whether Enter takes the first one, or one that the person has walked to
 */

const SOON = 120;
let made = 0;

/**
 * @param {HTMLInputElement} input
 * @param {string} label  of the list
 * @param {Lookup} lookup
 * @returns {{ open: () => void, close: () => void }}
 */
export function combobox(input, label, lookup) {
  made += 1;
  const list = make('ul', {
    class: 'options',
    id: `options-${made}`,
    role: 'listbox',
    'aria-label': label,
    hidden: '',
  });
  input.after(list);
  for (const [name, value] of Object.entries({
    role: 'combobox',
    'aria-autocomplete': 'list',
    'aria-expanded': 'false',
    'aria-controls': list.id,
    autocomplete: 'off',
    spellcheck: 'false',
  })) {
    input.setAttribute(name, value);
  }
  /** @type {Option[]} */
  let options = [];
  let active = -1;
  let isWanted = false;
  let isWalking = false;
  let timer = 0;
  let asking = new AbortController();

  function open() {
    isWanted = true;
    isWalking = false;
    active = -1;
    show();
    asking.abort();
    clearTimeout(timer);
    const text = input.value.trim();
    if (!text) return;
    asking = new AbortController();
    const { signal } = asking;
    timer = window.setTimeout(async () => {
      // Offline, and whenever the answer does not come: only what is known here.
      await lookup.ask(text, signal).catch(() => {});
      if (!signal.aborted && isWanted) show();
    }, SOON);
  }

  function show() {
    const before = options[active]?.id;
    options = lookup.here(input.value.trim());
    active = isWalking ? options.findIndex((option) => option.id === before) : -1;
    if (active < 0 && options.length && lookup.choosesFirst()) active = 0;
    list.replaceChildren(
      ...options.map((option, i) => make('li', { role: 'option', id: `${list.id}-${i}` }, ...option.parts)),
    );
    list.hidden = !options.length;
    input.setAttribute('aria-expanded', String(!list.hidden));
    mark();
    lookup.spoken(options.length === 1 ? '1 choice.' : `${options.length || 'No'} choices.`);
  }

  function mark() {
    [...list.children].forEach((item, i) => {
      item.setAttribute('aria-selected', String(i === active));
    });
    const item = list.children[active];
    input.removeAttribute('aria-activedescendant');
    if (!item) return;
    input.setAttribute('aria-activedescendant', item.id);
    item.scrollIntoView({ block: 'nearest' });
  }

  function close() {
    isWanted = false;
    clearTimeout(timer);
    asking.abort();
    list.hidden = true;
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
    active = -1;
  }

  function isOpen() {
    return !list.hidden;
  }

  /** @param {number} to  beyond either end goes round */
  function walk(to) {
    isWalking = true;
    active = (to + options.length) % options.length;
    mark();
  }

  /** @type {Record<string, () => boolean | void>} true: the key is not ours */
  const keys = {
    ArrowDown: () => (isOpen() ? walk(active + 1) : open()),
    ArrowUp: () => (isOpen() ? walk(active < 0 ? options.length - 1 : active - 1) : open()),
    Home: () => (isOpen() && isWalking ? walk(0) : true),
    End: () => (isOpen() && isWalking ? walk(options.length - 1) : true),
    Enter() {
      const chosen = isOpen() ? options[active] : undefined;
      close();
      chosen?.choose();
    },
    Escape() {
      if (!isOpen()) return true;
      close();
    },
    Tab() {
      close();
      return true;
    },
  };

  input.addEventListener('keydown', (event) => {
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (!keys[event.key] || keys[event.key]?.()) return;
    event.preventDefault();
    event.stopPropagation();
  });
  input.addEventListener('input', open);
  input.addEventListener('blur', close);
  list.addEventListener('mousedown', (event) => event.preventDefault());
  list.addEventListener('click', (event) => {
    const item = event.target instanceof Element ? event.target.closest('[role=option]') : null;
    const chosen = item && options[[...list.children].indexOf(item)];
    if (!chosen) return;
    close();
    chosen.choose();
  });
  return { open, close };
}
