/** The codebook at hand, and the list of keys with its switch. */

import { make, the } from '../lib/dom.js';

const SOON = 1500;

/**
 * Leaves of the codebook what holds the words, a rule by its number, and the headings above; says how much that is.
 * @param {HTMLElement} body
 * @param {string} asked
 */
export function passagesWith(body, asked) {
  const wanted = asked.trim().toLowerCase();
  const isRule = /^r\d+$/.test(wanted);
  let hits = 0;
  for (const block of body.querySelectorAll('p, li, tbody tr')) {
    const text = (block.textContent ?? '').toLowerCase();
    const isHit = isRule ? block.id.toLowerCase() === `rule-${wanted}` : text.includes(wanted);
    block.classList.toggle('miss', !isHit);
    if (isHit) hits += 1;
  }
  let holdsHit = false;
  for (const block of [...body.children].reverse()) {
    const isHeading = /^H[234]$/.test(block.tagName);
    if (!isHeading) {
      const hasHit =
        !block.matches('.miss') &&
        (block.matches('p') || block.querySelector(':is(p, li, tbody tr):not(.miss)') !== null);
      block.classList.toggle('miss', Boolean(wanted) && !hasHit);
      holdsHit ||= hasHit;
    } else {
      block.classList.toggle('miss', Boolean(wanted) && !holdsHit);
      if (block.tagName !== 'H4') holdsHit = false;
    }
  }
  return hits ? `${hits} passage${hits > 1 ? 's' : ''}` : `No passage has “${asked.trim()}”.`;
}

/**
 * @param {string} url  of the codebook's text
 * @param {(tag: string) => string} label  the word for a tag
 * @returns {(tag: string) => void} opens the guide at what fits this tag
 */
export function guide(url, label) {
  const dialog = the('#guide', HTMLDialogElement);
  const body = the('#guide-body', HTMLElement, dialog);
  const search = the('#guide-search', HTMLInputElement, dialog);
  const fit = the('#guide-fit', HTMLElement, dialog);
  /** @type {Promise<void> | null} */
  let fetched = null;
  // Once the desk is ready, and before the connection may be gone.
  setTimeout(() => text().catch(() => {}), SOON);

  function text() {
    fetched ??= new Promise((done, fail) => {
      const request = new XMLHttpRequest(); // it gives elements; a string would be refused by the page's policy
      request.open('GET', url);
      request.responseType = 'document';
      request.onload = () => {
        // Whoever is signed out gets another page.
        const nodes =
          request.responseURL.endsWith(url) && request.status === 200 && request.responseXML?.body.childNodes;
        if (!nodes) return fail();
        body.replaceChildren(...nodes);
        done();
      };
      request.onerror = fail;
      request.send();
    });
    fetched.catch(() => (fetched = null));
    return fetched;
  }

  /** @param {string} id */
  function show(id) {
    const target = body.querySelector(`[id="${CSS.escape(id)}"]`);
    if (target) body.scrollTop += target.getBoundingClientRect().top - body.getBoundingClientRect().top - 12;
  }

  /** @param {string} tag */
  async function open(tag) {
    search.value = '';
    dialog.showModal();
    body.focus({ preventScroll: true });
    try {
      await text();
    } catch {
      fit.textContent = 'The codebook cannot be fetched now; open it again when the connection is back.';
      return;
    }
    filter();
    if (search.value) return;
    fit.replaceChildren(...rulesFor(tag));
    show(tag && tag !== 'NOT_CODABLE' ? `tag-${tag}` : 'section-3');
  }

  /** @param {string} tag */
  function rulesFor(tag) {
    const rules = [...body.querySelectorAll('[id^=rule-]')];
    const fitting = tag ? rules.filter((rule) => rule.textContent?.includes(tag)) : [];
    for (const rule of rules) rule.classList.toggle('fits', fitting.includes(rule));
    return fitting.length
      ? [
          `Rules that speak of ${label(tag)}:`,
          ...fitting.map((rule) => make('a', { href: `#${rule.id}` }, rule.id.replace('rule-', ''))),
        ]
      : ['The decision tree leads to a tag; the rules settle the hard borders.'];
  }

  function filter() {
    if (body.firstChild) fit.textContent = passagesWith(body, search.value);
  }

  search.addEventListener('input', filter);
  search.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    event.preventDefault(); // else it would empty the field first
    dialog.close();
  });
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) return dialog.close();
    const link = event.target instanceof Element ? event.target.closest('a[href^="#"]') : null;
    if (!link) return;
    event.preventDefault();
    search.value = '';
    filter();
    show(link.getAttribute('href')?.slice(1) ?? '');
  });
  return open;
}

/**
 * @param {import('../types.js').Desk} desk
 * @param {() => string} csrf
 * @param {(text: string) => void} notify
 * @returns {{ open: () => void, areOn: () => boolean, asksWho: () => boolean }}
 */
export function keys(desk, csrf, notify) {
  const dialog = the('#keys', HTMLDialogElement);
  const single = the('#single-keys', HTMLInputElement, dialog);
  const asksWho = the('#asks-who', HTMLInputElement, dialog);
  const offer = document.querySelector('#offer');
  single.checked = desk.single_keys;
  asksWho.checked = desk.asks_who === true;

  /** @param {Record<string, boolean>} chosen */
  async function keep(chosen) {
    try {
      const response = await fetch(desk.urls.preferences ?? '', {
        method: 'PUT',
        keepalive: true,
        headers: { 'Content-Type': 'application/json', 'X-CSRFToken': csrf() },
        body: JSON.stringify(chosen),
      });
      if (!response.ok) throw new Error(response.statusText);
    } catch {
      notify('This holds for as long as the page is open; it could not be saved.');
    }
  }

  single.addEventListener('change', () => keep({ single_keys: single.checked }));
  asksWho.addEventListener('change', () => {
    offer?.remove();
    void keep({ asks_who: asksWho.checked });
  });
  // Whoever tagged before there was this is asked once, at the desk.
  offer?.addEventListener('click', (event) => {
    const answer = event.target instanceof Element ? event.target.closest('[data-asks]') : null;
    if (!(answer instanceof HTMLElement)) return;
    asksWho.checked = answer.dataset.asks === 'yes';
    asksWho.dispatchEvent(new Event('change'));
    notify('Kept. You can switch it at any time under Keys: ?');
  });
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close();
  });
  return { open: () => dialog.showModal(), areOn: () => single.checked, asksWho: () => asksWho.checked };
}
