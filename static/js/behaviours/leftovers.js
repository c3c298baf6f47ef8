/** Delivers, from any page, the answers that an earlier visit could not. */

import { Courier } from '../lib/courier.js';
import { localStore, Outbox } from '../lib/outbox.js';

/** @param {HTMLElement} root  a hidden notice that names the person, the token and where to ask who is signed in */
export function leftovers(root) {
  const { owner = '', user = '', csrf = '', me = '' } = root.dataset;
  const outbox = new Outbox(localStore(), owner);
  if (!outbox.all().length) return;
  const courier = new Courier(outbox, { userId: Number(user), csrf, meUrl: me, notifyReply: show, notifyState: show });

  function show() {
    const left = outbox.all().length;
    root.hidden = false;
    root.textContent = left
      ? `${left} of your changes, made earlier in this browser, ${left > 1 ? 'are' : 'is'} not delivered yet; the desk shows which.`
      : 'What you tagged earlier in this browser is now delivered.';
    const sentence = left ? outbox.all().find((record) => /^\d/.test(record.id)) : undefined;
    if (sentence) root.append(' ', linkTo(`/sentences/${Number.parseInt(sentence.id, 10)}/tag`));
  }
  window.addEventListener('online', () => courier.wake());
  courier.wake();
}

/**
 * The way to the sentence of the oldest of them.
 * @param {string} href
 */
function linkTo(href) {
  const link = document.createElement('a');
  link.href = href;
  link.textContent = 'See the first';
  return link;
}
