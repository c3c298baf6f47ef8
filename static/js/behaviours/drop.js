/** Takes files that are dropped anywhere on the page. */

/** @param {HTMLElement} root  a form with a field for files, which is sent with those dropped; hidden, it shows meanwhile */
export function drop(root) {
  if (!(root instanceof HTMLFormElement)) return;
  const form = root;
  const field = form.querySelector('input[type=file]');
  const wasHidden = form.hidden;
  let inside = 0;

  /** @param {DragEvent} event */
  const holdsFiles = (event) => event.dataTransfer?.types.includes('Files') ?? false;
  /** @param {boolean} isOver */
  const show = (isOver) => {
    form.toggleAttribute('data-dropping', isOver);
    if (wasHidden) form.hidden = !isOver;
  };

  if (wasHidden) form.addEventListener('click', () => show(false));
  document.addEventListener('dragenter', (event) => {
    if (holdsFiles(event)) show(++inside > 0);
  });
  document.addEventListener('dragleave', (event) => {
    if (holdsFiles(event)) show(--inside > 0);
  });
  document.addEventListener('dragover', (event) => {
    if (holdsFiles(event)) event.preventDefault();
  });
  document.addEventListener('drop', (event) => {
    if (!holdsFiles(event) || !event.dataTransfer) return;
    event.preventDefault();
    inside = 0;
    show(false);
    if (!(field instanceof HTMLInputElement) || !event.dataTransfer.files.length) return;
    field.files = event.dataTransfer.files;
    form.requestSubmit();
    if (field.hasAttribute('aria-invalid')) show(true);
  });
}
