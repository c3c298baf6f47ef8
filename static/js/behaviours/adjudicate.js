/**
 * Settling by keyboard: digits choose the tag while its group has the focus, Ctrl+Enter saves from anywhere, and what
 * is missing has the focus when the form comes back.
 */

import { digitOf } from '../lib/keys.js';

/** @param {HTMLElement} root  the form with the radios of the tags and, on the second page, the list of rules */
export function adjudicate(root) {
  if (!(root instanceof HTMLFormElement)) return;
  /** @type {HTMLInputElement[]} */
  const radios = [...root.querySelectorAll('input[type=radio][data-key]')].filter(
    (radio) => radio instanceof HTMLInputElement,
  );
  const rule = root.querySelector('select[name=deciding_rule]');

  root.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      root.requestSubmit();
      return;
    }
    const inGroup = event.target instanceof HTMLInputElement && radios.includes(event.target);
    if (!inGroup || event.ctrlKey || event.metaKey || event.altKey || root.dataset.singleKeys === undefined) return;
    const chosen = radios.find((radio) => radio.dataset.key === (digitOf(event) ?? event.key));
    if (!chosen) return;
    event.preventDefault();
    chosen.click();
    if (rule instanceof HTMLSelectElement) rule.focus();
    else chosen.focus();
  });

  if (rule instanceof HTMLSelectElement) {
    const show = () => {
      for (const text of root.querySelectorAll('[data-rule]')) {
        if (text instanceof HTMLElement) text.hidden = text.dataset.rule !== rule.value;
      }
    };
    rule.addEventListener('change', show);
    show();
  }
  const atFault = root.querySelector('[aria-invalid=true]');
  if (atFault instanceof HTMLElement && !(atFault instanceof HTMLFieldSetElement)) atFault.focus();
  else (radios.find((radio) => radio.checked) ?? radios[0])?.focus({ preventScroll: true });
}
