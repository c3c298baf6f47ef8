/** The page of the codebook: its contents beside it, and what holds a word. */

import { passagesWith } from '../desk/dialogs.js';
import { the } from '../lib/dom.js';

const NARROW = '(max-width: 56rem)';

/** @param {HTMLElement} root */
export function codebook(root) {
  const body = the('.codebook', HTMLElement, root);
  const search = the('[type=search]', HTMLInputElement, root);
  const told = the('[role=status]', HTMLElement, root);
  the('.guide__search', HTMLElement, root).hidden = false;
  the('.guide__fold', HTMLDetailsElement, root).open = !matchMedia(NARROW).matches;

  function filter() {
    const said = passagesWith(body, search.value);
    told.textContent = search.value.trim() ? said : '';
  }

  search.addEventListener('input', filter);
  root.addEventListener('click', (event) => {
    if (!(event.target instanceof Element && event.target.closest('.guide__contents a'))) return;
    search.value = ''; // what the link leads to may be hidden by the search
    filter();
  });
}
