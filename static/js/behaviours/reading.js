/** Keys of the reading room: j and k go through the sentences, d to the next dispute; Enter follows the link in focus. */

/** @param {HTMLElement} root  the page's main element, with a link for each sentence */
export function reading(root) {
  const print = root.querySelector('[data-print]');
  if (print instanceof HTMLElement) {
    print.hidden = false;
    print.addEventListener('click', () => window.print());
  }
  /** @type {HTMLAnchorElement[]} */
  const links = [...root.querySelectorAll('.voiced__no')].filter((link) => link instanceof HTMLAnchorElement);
  const missing = /^#s(\d+)$/.exec(location.hash)?.[1];
  if (missing && !document.getElementById(`s${missing}`)) location.replace(`?at=${missing}#s${missing}`);
  const isDispute = (/** @type {HTMLElement} */ link) => link.closest('[data-settle]') !== null;
  const current = () => {
    const row = document.activeElement?.closest('.voiced') ?? root.querySelector('.voiced[aria-current]');
    return links.findIndex((link) => link.closest('.voiced') === row);
  };

  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
    const from = event.target instanceof Element ? event.target : document.body;
    if (event.key === 'Escape' && from.closest('.voiced form')) {
      go(links[current()]);
      return;
    }
    if (root.dataset.singleKeys === undefined || from.closest('input, textarea, select, dialog')) return;
    const here = current();
    /** @type {Record<string, () => void>} */
    const keys = {
      j: () => go(links[here + 1]) || follow('next'),
      k: () => go(links[Math.max(here, 0) - 1]) || follow('prev'),
      d: () => go(links.find((link, n) => n > here && isDispute(link))) || toDispute(),
    };
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  /** Where none follows on this page: the one that the page names, which may stand on another part or further up. */
  function toDispute() {
    const target = root.dataset.nextDispute;
    const id = target?.split('#')[1];
    if (go(links.find((link) => link.closest('.voiced')?.id === id))) return;
    if (target) location.href = target;
    else say('No other dispute waits here.');
  }

  /** @param {string} rel */
  function follow(rel) {
    const link = root.querySelector(`.reading__parts a[rel=${rel}]`);
    if (link instanceof HTMLAnchorElement) location.href = link.href;
  }
}

/**
 * Puts the focus on the link of a sentence; false where there is none.
 * @param {HTMLElement | undefined} link
 */
function go(link) {
  if (!link) return false;
  link.focus({ preventScroll: true });
  link.closest('.voiced')?.scrollIntoView({ block: 'nearest' });
  return true;
}

/** @param {string} words */
function say(words) {
  const spoken = document.getElementById('spoken');
  if (spoken) spoken.textContent = words;
}
