import { caretAt, codePointsAt } from '../lib/offset.js';

/**
 * A text field whose caret says where to cut, and whose text cannot be changed.
 * @param {HTMLElement} root  the form with the field, a hidden `at`, and the buttons
 */
export function caret(root) {
  const field = root.querySelector('textarea');
  const at = root.querySelector('input[name=at]');
  if (!(field instanceof HTMLTextAreaElement) || !(at instanceof HTMLInputElement)) return;

  // Not from the markup: a parser drops the first line end of a field.
  const stored = /** @type {string} */ (JSON.parse(root.querySelector('script')?.textContent ?? '""'));
  const start = Number(root.dataset.start);
  field.value = stored;
  field.addEventListener('beforeinput', (event) => event.preventDefault());
  field.addEventListener('drop', (event) => event.preventDefault());
  root.addEventListener('submit', () => {
    at.value = String(start + codePointsAt(stored, field.selectionStart));
  });
  root.hidden = false; // before the focus, which a hidden field does not take
  field.focus();
  const boundary = caretAt(stored, Number(root.dataset.boundary));
  field.setSelectionRange(boundary, boundary);
}
