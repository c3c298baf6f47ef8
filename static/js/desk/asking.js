/** Who says so, asked right after the tag: the types of source where the tags stood, and names used above. */

import { worded } from '../lib/answer.js';
import { make, the } from '../lib/dom.js';

/** @typedef {import('./work.js').Work} Work */
/** @typedef {import('./answering.js').Answering} Answering */

const TOLD_FOR = 8000;

/**
 * @param {HTMLElement} root  the panel
 * @param {HTMLElement} strip
 * @param {Work} work
 * @param {Answering} answering
 * @param {import('../types.js').Desk} desk
 * @param {{ type: (type: string) => void, name: (above: import('../types.js').Answer | undefined) => void,
 *   write: () => void, leave: () => void, back: () => void }} on
 */
export function asking(root, strip, work, answering, desk, on) {
  const box = the('#asks', HTMLElement, root);
  const names = the('#asks-names', HTMLElement, box);
  const types = [...box.querySelectorAll('[data-type]')].filter((type) => type instanceof HTMLButtonElement);
  const told = make('span', { class: 'strip__told', 'aria-hidden': 'true' });
  let fading = 0;

  function render() {
    const { isAsking } = answering;
    box.hidden = !isAsking;
    root.toggleAttribute('data-asks', isAsking);
    root.parentElement?.toggleAttribute('data-asks', isAsking);
    if (!isAsking) return;
    root.scrollTop = 0;
    for (const type of types)
      type.setAttribute('aria-pressed', String(type.dataset.type === work.current.answer.source_type));
    const above = answering.named();
    names.hidden = !above.length;
    names.replaceChildren(
      ...above.map((answer, i) => {
        const button = make(
          'button',
          { type: 'button', class: 'button button--small asks__name' },
          make('kbd', { 'aria-hidden': 'true' }, `⇧${i + 1}`),
          make('bdi', {}, nameOf(answer)),
        );
        button.title = worded('source_type', answer.source_type, desk.fields);
        button.addEventListener('click', (event) => act(event, () => on.name(answer)));
        return button;
      }),
    );
  }

  /** @param {import('../types.js').Answer} answer */
  function nameOf({ source_id, source_text }) {
    return source_id ? work.sources.nameOf(String(source_id)) : String(source_text);
  }

  /**
   * A second click of a double one was meant for the tag that stood here.
   * @param {MouseEvent} event
   * @param {() => void} wanted
   */
  function act(event, wanted) {
    if (event.detail > 1) return;
    wanted();
    on.back();
  }

  for (const type of types) {
    type.addEventListener('click', (event) => act(event, () => on.type(type.dataset.type ?? '')));
  }
  the('#asks-write', HTMLButtonElement, box).addEventListener('click', on.write);
  the('#asks-later', HTMLButtonElement, box).addEventListener('click', (event) => act(event, on.leave));
  answering.addEventListener('asking', render);

  return {
    /**
     * Say in the strip which type a sentence has been given.
     * @param {import('./work.js').Sentence} sentence
     */
    tell(sentence) {
      const cell = strip.querySelectorAll('a')[sentence.index - 1];
      const type = sentence.answer.source_type;
      if (!cell || !type) return;
      told.replaceChildren(worded('source_type', type, desk.fields), make('small', {}, ' u undoes'));
      told.dataset.side = sentence.index > work.sentences.length / 2 ? 'before' : 'behind';
      cell.append(told);
      clearTimeout(fading);
      fading = window.setTimeout(() => told.remove(), TOLD_FOR);
    },
    forget() {
      clearTimeout(fading);
      told.remove();
    },
  };
}
