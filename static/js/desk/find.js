/** Finding in the article: the field that `/` opens, and the way from one sentence found to the next. */

import { make, the } from '../lib/dom.js';
import { found, next } from '../lib/find.js';

/** @typedef {import('./work.js').Work} Work */

/**
 * @param {Work} work
 * @param {string} searchUrl  of the page that looks through all articles
 * @param {{ back: () => void }} on
 */
export function find(work, searchUrl, on) {
  const form = the('#find', HTMLFormElement);
  const field = the('#find-words', HTMLInputElement, form);
  const told = the('#find-told', HTMLElement, form);

  function close() {
    form.hidden = true;
    on.back();
  }

  /** @param {1 | -1} way */
  function go(way) {
    const places = found(work.sentences, field.value);
    const at = next(places, work.here, way);
    if (at !== undefined) work.move(at);
    tell(places);
  }

  /** @param {number[]} places */
  function tell(places) {
    const at = places.indexOf(work.here) + 1;
    const everywhere = make('a', { href: `${searchUrl}?q=${encodeURIComponent(field.value)}` }, 'all articles');
    if (!field.value.trim()) return told.replaceChildren('Enter goes to the next, Esc back.');
    if (!places.length) return told.replaceChildren('Not in this article; look in ', everywhere, '.');
    told.replaceChildren(`${at ? `${at} of ` : ''}${places.length} here · `, everywhere);
  }

  field.addEventListener('input', () => tell(found(work.sentences, field.value)));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    go(1);
  });
  form.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') close();
    else if (event.key === 'Enter' && event.shiftKey) go(-1);
    else return;
    event.preventDefault();
  });

  return {
    open() {
      form.hidden = false;
      field.select();
      field.focus();
      tell(found(work.sentences, field.value));
    },
  };
}
