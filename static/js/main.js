/** Starts the behaviours that a page asks for by `data-behaviour`. */

/** @type {Record<string, () => Promise<(root: HTMLElement) => void>>} */
const behaviours = {
  desk: async () => {
    await painted();
    return (await import('./behaviours/desk.js')).desk;
  },
  adjudicate: async () => (await import('./behaviours/adjudicate.js')).adjudicate,
  copy: async () => (await import('./behaviours/copy.js')).copy,
  caret: async () => (await import('./behaviours/caret.js')).caret,
  largest: async () => (await import('./behaviours/largest.js')).largest,
  leftovers: async () => (await import('./behaviours/leftovers.js')).leftovers,
  live: async () => (await import('./behaviours/live.js')).live,
  progress: async () => (await import('./behaviours/progress.js')).progress,
  codebook: async () => (await import('./behaviours/codebook.js')).codebook,
  drop: async () => (await import('./behaviours/drop.js')).drop,
  reading: async () => (await import('./behaviours/reading.js')).reading,
  dropdown: async () => dropdown,
  slash: async () => slash,
  submit: async () => submit,
};

/** Once the article is on the screen: it does not wait for what makes it move. */
function painted() {
  return new Promise((done) => (document.hidden ? done(undefined) : requestAnimationFrame(() => setTimeout(done))));
}

/**
 * Closes an open `<details>` menu at a click elsewhere and at Escape.
 * @param {HTMLElement} root
 */
function dropdown(root) {
  const close = () => root.removeAttribute('open');
  document.addEventListener('click', (event) => {
    if (event.target instanceof Node && !root.contains(event.target)) close();
  });
  root.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    close();
    root.querySelector('summary')?.focus();
  });
}

/**
 * Puts the cursor into a search field at `/`, unless somebody is typing; where the header has no room for its field the
 * key leads to the page that has one. At the desk `/` finds in the article.
 * @param {HTMLElement} root
 */
function slash(root) {
  if (!(root instanceof HTMLInputElement) || document.body.classList.contains('at-desk')) return;
  document.addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
    if (event.target instanceof Element && event.target.closest('input, textarea, select, [contenteditable], dialog'))
      return;
    event.preventDefault();
    if (root.checkVisibility()) {
      root.focus();
      root.select();
    } else root.form?.requestSubmit();
  });
}

/**
 * Sends a form as its button would; a page that the browser only prepares waits until somebody looks at it.
 * @param {HTMLElement} root
 */
function submit(root) {
  const send = () => root instanceof HTMLFormElement && root.requestSubmit();
  if ('prerendering' in document && document.prerendering) {
    document.addEventListener('prerenderingchange', send, { once: true });
  } else send();
}

/** Whether the page is being left, which breaks off what still loads. */
let isLeft = false;
addEventListener('beforeunload', () => {
  isLeft = true;
});

/**
 * A script that did not come is an error, unless somebody left before it could.
 * @param {unknown} failed
 */
function unlessLeft(failed) {
  if (!isLeft) throw failed;
}

for (const root of document.querySelectorAll('[data-behaviour]')) {
  if (!(root instanceof HTMLElement)) continue;
  for (const name of (root.dataset.behaviour ?? '').split(/\s+/)) {
    behaviours[name]?.().then((start) => start(root), unlessLeft);
  }
}
