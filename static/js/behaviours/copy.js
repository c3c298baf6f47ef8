/** A button that copies the text beside it. */

/** @param {HTMLElement} root  holds a text area and a button `[data-copy]`, which shows where the browser can copy */
export function copy(root) {
  const text = root.querySelector('textarea');
  const button = root.querySelector('[data-copy]');
  if (!text || !(button instanceof HTMLButtonElement) || !navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(text.value.trim());
      button.textContent = 'Copied';
    } catch {
      text.select();
      button.textContent = 'Press Ctrl+C';
    }
  });
}
