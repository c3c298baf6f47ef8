/**
 * Keeps a progress bar up to date until the work has ended, then shows the report; of work without a total it waits.
 * @param {HTMLElement} root  holds the bar; `data-url` answers with state, done and total, and of some which part
 */
export function progress(root) {
  const bar = root.querySelector('progress');
  const words = root.querySelector('[data-count]');
  const part = root.querySelector('[data-part]');
  if (!bar || !words) return;
  const look = async () => {
    try {
      const answered = await fetch(root.dataset.url ?? '', { headers: { Accept: 'application/json' } });
      const job = await answered.json();
      if (job.state !== 'queued' && job.state !== 'running') {
        location.reload();
        return;
      }
      if (job.total) {
        bar.max = job.total;
        bar.value = job.done;
        words.textContent = `${job.done.toLocaleString('en')} of ${job.total.toLocaleString('en')}`;
        if (part) part.textContent = job.part;
      }
    } catch {
      // The server is away; the next look may find it back.
    }
    setTimeout(look, 1000);
  };
  setTimeout(look, 500);
}
