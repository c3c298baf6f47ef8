/**
 * Stops a form that would be refused for its size before it leaves, so that nothing typed into it is lost.
 * @param {HTMLElement} root  the form; `data-largest` is the limit in bytes, `data-over` the sentence for what is over it
 */
export function largest(root) {
  const input = /** @type {HTMLInputElement | null} */ (root.querySelector('input[type=file]'));
  if (!input) return;
  const fault = document.createElement('p');
  fault.className = 'field__error';
  fault.id = `${input.id}-over`;
  fault.textContent = root.dataset.over ?? '';
  root.addEventListener('submit', (event) => {
    fault.remove();
    input.removeAttribute('aria-invalid');
    if (sizeOf(root) <= Number(root.dataset.largest)) return;
    event.preventDefault();
    input.after(fault);
    input.setAttribute('aria-invalid', 'true');
    input.setAttribute('aria-describedby', fault.id);
    input.focus();
  });
}

/**
 * The bytes of what the form's files and texts hold.
 * @param {HTMLElement} root
 */
function sizeOf(root) {
  let size = 0;
  for (const field of root.querySelectorAll('input[type=file], textarea')) {
    if (field instanceof HTMLTextAreaElement) size += new Blob([field.value]).size;
    if (field instanceof HTMLInputElement) for (const file of field.files ?? []) size += file.size;
  }
  return size;
}
