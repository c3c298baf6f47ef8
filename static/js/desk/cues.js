/** Marks the words that may speak for a tag, each with its kind, when the person asks for them. */

import { make } from '../lib/dom.js';

/** @typedef {{ sentence_id: number, start: number, end: number, kind: string, kind_label: string }} Cue */

/**
 * Show the marks, or take them away.
 * @param {HTMLElement} toggle  a button with `aria-pressed`
 * @param {HTMLElement} list
 * @param {string} url
 */
export async function cues(toggle, list, url) {
  const isShown = toggle.getAttribute('aria-pressed') === 'true';
  if (isShown) hide(list);
  else show(list, await fetched(url));
  toggle.setAttribute('aria-pressed', String(!isShown));
}

/**
 * @param {string} url
 * @returns {Promise<Cue[]>}
 */
async function fetched(url) {
  const response = await fetch(url, { headers: { Accept: 'application/json' } });
  if (!response.ok) throw new Error(response.statusText);
  return (await response.json()).cues;
}

/**
 * @param {HTMLElement} list
 * @param {Cue[]} found
 */
function show(list, found) {
  /** @type {Map<number, Cue[]>} */
  const bySentence = new Map();
  for (const cue of found) bySentence.set(cue.sentence_id, [...(bySentence.get(cue.sentence_id) ?? []), cue]);
  for (const [id, here] of bySentence) {
    here.sort((one, other) => one.start - other.start);
    const words = list.querySelector(`#s${id} > .words`);
    if (!words) continue;
    // The server counts code points, a string of this language does not.
    const letters = [...(words.textContent ?? '')];
    const parts = [];
    let at = 0;
    for (const cue of here) {
      if (cue.start < at) continue;
      parts.push(letters.slice(at, cue.start).join(''));
      parts.push(
        make(
          'mark',
          { class: 'cue', title: cue.kind_label, 'data-kind': cue.kind },
          letters.slice(cue.start, cue.end).join(''),
        ),
      );
      at = cue.end;
    }
    words.replaceChildren(...parts, letters.slice(at).join(''));
    words.parentElement?.setAttribute(
      'aria-description',
      here.map((cue) => `${letters.slice(cue.start, cue.end).join('')}: ${cue.kind}`).join(', '),
    );
  }
}

/** @param {HTMLElement} list */
function hide(list) {
  for (const words of list.querySelectorAll('.words:has(.cue)')) {
    words.replaceChildren(words.textContent ?? '');
    words.parentElement?.removeAttribute('aria-description');
  }
}
