/** A list that follows its form as one types: what is found takes the place of what was, and the address follows. */

const PAUSE = 250;

/** @param {HTMLElement} root  holds a form for GET, and behind it `[data-live]` with what was found */
export function live(root) {
  const form = root.querySelector('form[method=get]');
  if (!(form instanceof HTMLFormElement)) return;
  let timer = 0;
  /** @type {XMLHttpRequest | undefined} */
  let asked;

  form.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    ask();
  });
  root.addEventListener('change', (event) => {
    if (event.target instanceof HTMLInputElement && event.target.name === 'article') tell(root);
  });

  function ask() {
    clearTimeout(timer);
    asked?.abort();
    const address = addressOf(/** @type {HTMLFormElement} */ (form));
    const request = new XMLHttpRequest();
    asked = request;
    request.open('GET', address);
    request.responseType = 'document';
    request.addEventListener('load', () => {
      const found = request.responseXML?.querySelector('[data-live]');
      const shown = root.querySelector('[data-live]');
      if (!found || !shown) return location.assign(address);
      shown.replaceWith(document.adoptNode(found));
      history.replaceState(null, '', address);
    });
    request.addEventListener('error', () => location.assign(address));
    request.send();
  }
}

/**
 * The address that the form leads to, without what it leaves empty.
 * @param {HTMLFormElement} form
 */
export function addressOf(form) {
  const said = [...new FormData(form)].filter(([, value]) => typeof value === 'string' && value !== '');
  const query = new URLSearchParams(said.map(([name, value]) => [name, String(value)]));
  const path = new URL(form.action).pathname;
  return query.size ? `${path}?${query}` : path;
}

/**
 * How many are chosen.
 * @param {HTMLElement} root
 */
function tell(root) {
  const count = root.querySelectorAll('input[name=article]:checked').length;
  const told = root.querySelector('.chosen__count');
  if (!(told instanceof HTMLElement)) return;
  told.hidden = false;
  told.textContent = `${count} chosen`;
}
