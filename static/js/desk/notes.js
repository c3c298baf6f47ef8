/** Corroboration notes of the sentence in hand, and the history of its answer. */

import { fieldName, toldDifferences, worded } from '../lib/answer.js';
import { button, make, tagMark, the } from '../lib/dom.js';
import { newId } from '../lib/outbox.js';

/** @typedef {import('./work.js').Work} Work */
/** @typedef {import('../types.js').Answer} Answer */
/** @typedef {import('../types.js').Note} Note */

/**
 * @param {HTMLElement} root
 * @param {Work} work
 * @param {import('../types.js').Desk} desk
 * @param {import('../lib/outbox.js').Outbox} outbox
 * @param {{ saved: () => void, send: () => void }} on
 */
export function notes(root, work, desk, outbox, on) {
  const fold = the('#corroboration', HTMLDetailsElement, root);
  const form = the('#note-form', HTMLFormElement, root);
  const list = the('#notes', HTMLElement, root);
  const status = the('#n-status', HTMLSelectElement, root);
  const error = the('#note-error', HTMLElement, root);
  const draftKey = () => `claimtag-draft:${desk.instance}:${desk.user_id}:${work.current.id}`;
  /** @type {Note | null} */
  let amended = null;
  let shown = -1;

  function render() {
    if (shown !== work.current.id) start(null);
    shown = work.current.id;
    const unsent = unsentNotes().filter((record) => record.about.sentence_id === work.current.id);
    const replaced = new Set(unsent.map((record) => record.about.note_key));
    const kept = work.current.notes.filter((note) => !replaced.has(note.key));
    list.replaceChildren(...kept.map(noteItem), ...unsent.map(unsentItem));
    const count = kept.length + unsent.length;
    the('#notes-note', HTMLElement, root).textContent = count ? `${count} note${count > 1 ? 's' : ''}` : 'none yet';
  }

  function unsentNotes() {
    return outbox.all().filter((record) => record.kind === 'note');
  }

  /** @param {Note} note */
  function noteItem(note) {
    return make(
      'li',
      { class: 'note' },
      ...noteText(note),
      make(
        'p',
        { class: 'note__foot' },
        clock(note.created_at),
        ...(note.is_mine ? [button('Amend', () => amend(note), 'button button--small')] : []),
      ),
    );
  }

  /** @param {import('../types.js').OutboxRecord} record */
  function unsentItem(record) {
    const item = make('li', { class: 'note' }, ...noteText(record.body));
    if (record.state === 'conflict' && record.current) {
      item.append(
        make(
          'p',
          {},
          'This note was changed elsewhere too: “',
          make('span', { dir: 'auto' }, String(record.current.claim ?? '')),
          '”',
        ),
        make(
          'p',
          { class: 'choose__do' },
          button('Keep mine', () => settle(record.id, true)),
          button('Take theirs', () => settle(record.id, false)),
        ),
      );
    } else if (record.state === 'refused') {
      item.append(
        make('p', { class: 'field__error' }, record.error ?? ''),
        make(
          'p',
          { class: 'choose__do' },
          button('Write it anew', () => rewrite(record)),
          button('Discard', () => settle(record.id, false)),
        ),
      );
    } else {
      item.append(make('p', { class: 'note__foot' }, 'not saved yet'));
    }
    return item;
  }

  /** @param {Note | Answer} note */
  function noteText(note) {
    const parts = [
      make('p', { class: 'note__status' }, worded('corroboration_status', String(note.status), desk.fields)),
      make('p', { class: 'note__claim', dir: 'auto' }, String(note.claim ?? '')),
    ];
    if (note.note) parts.push(make('p', { class: 'note__text', dir: 'auto' }, String(note.note)));
    const url = String(note.url ?? '');
    if (/^https?:/i.test(url))
      parts.push(make('p', {}, make('a', { href: url, rel: 'noreferrer', target: '_blank' }, url)));
    return parts;
  }

  /** @param {Note | null} note  the one to amend, or a new one */
  function start(note) {
    amended = note;
    refuse(null, '');
    fill(note ?? storedDraft() ?? {});
  }

  /** @param {Note | Answer} values */
  function fill(values) {
    status.value = String(values.status ?? 'not_started');
    for (const name of ['claim', 'note', 'url']) {
      const field = /** @type {HTMLInputElement} */ (form.elements.namedItem(name));
      field.value = String(/** @type {Record<string, unknown>} */ (values)[name] ?? '');
    }
    explain();
  }

  /** @param {Note} note */
  function amend(note) {
    start(note);
    status.focus();
  }

  /** @param {import('../types.js').OutboxRecord} record */
  function rewrite(record) {
    amended = work.current.notes.find((note) => note.key === record.about.note_key) ?? null;
    fill(record.body);
    outbox.drop(record.id);
    render();
    status.focus();
  }

  /**
   * @param {string} id
   * @param {boolean} isMine
   */
  function settle(id, isMine) {
    const record = outbox.get(id);
    if (isMine) outbox.insist(id);
    else {
      const theirs = /** @type {Note | undefined} */ (/** @type {unknown} */ (record?.current));
      if (theirs) replace(theirs);
      outbox.drop(id);
    }
    render();
    on.send();
  }

  /** @param {Note} note */
  function replace(note, sentence = work.current) {
    const at = sentence.notes.findIndex((one) => one.key === note.key);
    if (at >= 0) sentence.notes[at] = { ...sentence.notes[at], ...note };
    else sentence.notes.push({ ...note, is_mine: true });
  }

  function values() {
    const written = new FormData(form);
    const text = (/** @type {string} */ name) => String(written.get(name) ?? '').trim();
    return { status: text('status'), claim: text('claim'), note: text('note'), url: text('url') };
  }

  /**
   * @param {string | null} name  the field at fault, or none
   * @param {string} why
   */
  function refuse(name, why) {
    error.textContent = why;
    for (const field of form.querySelectorAll('[aria-describedby=note-error]')) {
      const isAtFault = field.getAttribute('name') === name;
      field.setAttribute('aria-invalid', String(isAtFault));
      if (isAtFault && field instanceof HTMLElement) field.focus();
    }
  }

  function save() {
    const body = values();
    if (!body.claim) return refuse('claim', 'Say in one sentence which claim you checked.');
    if (body.url && !isAddress(body.url))
      return refuse('url', 'That is no web address; write it whole, as in https://example.org/page.');
    const id = `note-${amended?.key ?? newId()}`;
    outbox.put({
      id,
      kind: 'note',
      method: amended ? 'PUT' : 'POST',
      url: amended
        ? (desk.urls.note ?? '').replace('KEY', amended.key)
        : (desk.urls.notes ?? '').replace('/0/', `/${work.current.id}/`),
      body,
      version: amended?.version ?? 0,
      about: {
        article_id: desk.article_id,
        sentence_id: work.current.id,
        index: work.current.index,
        text: work.current.text.slice(0, 200),
        note_key: amended?.key ?? null,
      },
    });
    forget(draftKey());
    start(null);
    render();
    on.saved();
  }

  function explain() {
    the('#n-status-hint', HTMLElement, root).textContent = status.selectedOptions[0]?.dataset.meaning ?? '';
  }

  status.addEventListener('change', explain);
  form.addEventListener('input', () => {
    if (!amended) remember(draftKey(), JSON.stringify(values()));
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    save();
  });
  form.addEventListener('reset', (event) => {
    event.preventDefault();
    forget(draftKey());
    start(null);
  });
  form.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    save();
  });
  work.addEventListener('moved', render);

  function storedDraft() {
    try {
      return JSON.parse(localStorage.getItem(draftKey()) ?? 'null');
    } catch {
      return null;
    }
  }

  return {
    render,
    /** Open the form, ready to write. */
    write() {
      fold.open = true;
      status.focus();
    },
    /**
     * The server has stored a note.
     * @param {import('../types.js').OutboxRecord} record
     * @param {Answer | null} reply
     */
    takeReply(record, reply) {
      const sentence = work.withId(record.about.sentence_id);
      if (reply && sentence) replace(/** @type {Note} */ (/** @type {unknown} */ (reply)), sentence);
      render();
    },
  };
}

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

/** @param {string} address */
function isAddress(address) {
  return /^https?:\/\/[^\s<>"/]+/i.test(address) && !/[\s<>"]/.test(address) && URL.canParse(address);
}

/** @param {string} time */
function clock(time) {
  const shown = /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(time) ? `${time.slice(0, 10)} ${time.slice(11, 19)} UTC` : time;
  return make('time', { datetime: time }, shown);
}

/**
 * @param {string} key
 * @param {string} value
 */
function remember(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // The form still holds it.
  }
}

/** @param {string} key */
function forget(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // There was nothing to forget.
  }
}
