/** Finding and making elements. */

/**
 * The one element that the page is known to have.
 * @template {HTMLElement} T
 * @param {string} selector
 * @param {new () => T} kind
 * @param {ParentNode} [root]
 * @returns {T}
 */
export function the(selector, kind, root = document) {
  const found = root.querySelector(selector);
  if (found instanceof kind) return found;
  throw new Error(`The page has no ${selector}.`);
}

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name
 * @param {Record<string, string>} attributes
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/**
 * @param {string} label
 * @param {() => void} act
 * @param {string} [look]
 * @param {string} [name]  by which `refill` knows it, where what it stands for is not told by its label
 */
export function button(label, act, look = 'button', name = '') {
  const made = make('button', { type: 'button', class: look, ...(name && { name }) }, label);
  made.addEventListener('click', act);
  return made;
}

/**
 * Put other nodes into an element, and the focus on the button that is named as the one that had it: a save that comes
 * back draws anew what somebody may be going through.
 * @param {HTMLElement} parent
 * @param {(Node | string)[]} nodes  whose buttons have a name or an aria-label each, and no two the same
 */
export function refill(parent, ...nodes) {
  const focused = document.activeElement;
  const called = (/** @type {Element} */ one) => one.getAttribute('name') ?? one.getAttribute('aria-label');
  const name = focused && parent.contains(focused) ? called(focused) : null;
  parent.replaceChildren(...nodes);
  [...parent.querySelectorAll('button')].find((one) => name && called(one) === name)?.focus({ preventScroll: true });
}

/**
 * A tag as its badge and its word.
 * @param {string | null} tag
 * @param {import('../types.js').Choice[]} terms
 */
export function tagMark(tag, terms) {
  const term = terms.find((choice) => choice.value === tag);
  if (!term) return make('span', { class: 'muted' }, 'no answer');
  return make(
    'span',
    { class: 'tag', 'data-tag': term.value },
    make('span', { class: 'badge', 'aria-hidden': 'true' }),
    term.label,
  );
}
