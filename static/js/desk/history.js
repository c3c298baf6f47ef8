/** What was answered before to the sentence in hand. */

import { fieldName, toldDifferences, worded } from '../lib/answer.js';
import { make, tagMark, the } from '../lib/dom.js';

/** @typedef {import('./work.js').Work} Work */
/** @typedef {import('../types.js').Answer} Answer */

/**
 * @param {HTMLElement} root
 * @param {Work} work
 * @param {import('../types.js').Desk} desk
 */
export function history(root, work, desk) {
  const fold = the('#history', HTMLDetailsElement, root);
  const list = the('#revisions', HTMLElement, root);
  let asked = '';

  async function load() {
    const { id, version } = work.current;
    if (!fold.open || asked === `${id} ${version}`) return;
    asked = `${id} ${version}`;
    list.replaceChildren(make('li', { class: 'muted' }, 'loading…'));
    const isStill = () => asked === `${id} ${version}`;
    try {
      const response = await fetch((desk.urls.history ?? '').replace('/0/', `/${id}/`), {
        headers: { Accept: 'application/json' },
      });
      const { revisions, sources } = await response.json();
      work.sources.learn(sources);
      if (isStill()) list.replaceChildren(...items(revisions));
    } catch {
      if (!isStill()) return;
      asked = '';
      list.replaceChildren(
        make('li', { class: 'muted' }, 'The history cannot be fetched now; open it again when the connection is back.'),
      );
    }
  }

  /** @param {(Answer & { created_at: string })[]} revisions  newest first */
  function items(revisions) {
    if (!revisions.length) return [make('li', { class: 'muted' }, 'No answer has been saved yet.')];
    return revisions.map((revision, i) => {
      const changed = toldDifferences(revision, revisions[i + 1] ?? {}, desk.answer_fields).filter(
        (name) => name !== 'tag',
      );
      const nameOf = (/** @type {string} */ id) => work.sources.nameOf(id);
      return make(
        'li',
        {},
        tagMark(revision.tag ? String(revision.tag) : null, desk.fields.tag ?? []),
        ...changed.map((name) =>
          make('small', {}, ` · ${fieldName(name)}: ${worded(name, revision[name], desk.fields, nameOf)}`),
        ),
        make('span', { class: 'muted' }, clock(revision.created_at)),
      );
    });
  }

  fold.addEventListener('toggle', load);
  work.addEventListener('moved', load);
  work.addEventListener('changed', load);
}

/** @param {string} time */
function clock(time) {
  const shown = /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(time) ? `${time.slice(0, 10)} ${time.slice(11, 19)} UTC` : time;
  return make('time', { datetime: time }, shown);
}
