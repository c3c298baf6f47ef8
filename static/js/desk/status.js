/** What is saved and what is not, in the header; the list behind it; the end of the article. */

import { fieldName, needWorded, worded } from '../lib/answer.js';
import { button, make, refill, the } from '../lib/dom.js';

/** Ids, which tell a person nothing. */
const UNTOLD = new Set(['rating_id', 'id', 'claim_id', 'sentence_id', 'same_origin_as']);

/** @typedef {import('./work.js').Work} Work */
/** @typedef {import('../types.js').OutboxRecord} OutboxRecord */

/**
 * @param {Work} work
 * @param {import('../types.js').Desk} desk
 * @param {import('../lib/outbox.js').Outbox} outbox
 * @param {import('../lib/courier.js').Courier} courier
 * @param {{ goTo: (sentence: import('./work.js').Sentence, need?: string) => void, notifyAloud: (text: string) => void, notify: (text: string) => void }} on
 */
export function status(work, desk, outbox, courier, on) {
  const saved = the('#saved', HTMLButtonElement);
  const why = the('#undelivered-why', HTMLElement);
  const box = the('#undelivered', HTMLElement);
  const list = the('#undelivered-list', HTMLElement);
  const finish = the('#finish', HTMLElement);
  const submit = the('#submit', HTMLButtonElement);
  let state = 'saved';

  function render() {
    const [waiting, conflicts, refused] = counts();
    const before = state;
    const [now, short, rest = ''] = sum(waiting, conflicts, refused);
    const words = short + rest;
    state = now;
    saved.dataset.state = now;
    saved.replaceChildren(short, make('span', { class: 'saved__rest' }, rest));
    refill(why, ...reason(now, waiting));
    if (box.matches(':popover-open')) renderList(outbox.all());
    the('#answered', HTMLElement).textContent = String(work.tagged);
    renderFinish();
    if (before !== now && ['kept', 'conflict', 'refused', 'out', 'trouble'].includes(now)) on.notifyAloud(words);
    if (before !== now && before !== 'saving' && now === 'saved') on.notifyAloud('All saved.');
  }

  /** @returns {[waiting: number, conflicts: number, refused: number]} */
  function counts() {
    const all = outbox.all();
    const count = (/** @type {string} */ wanted) => all.filter((record) => record.state === wanted).length;
    return [count('waiting'), count('conflict'), count('refused')];
  }

  /**
   * @param {number} waiting
   * @param {number} conflicts
   * @param {number} refused
   * @returns {[state: string, short: string, rest?: string]}  the rest is seen where there is room for it
   */
  function sum(waiting, conflicts, refused) {
    if (outbox.trouble && waiting) return ['trouble', `${waiting} not stored`, ': keep this page open'];
    if (waiting && courier.state === 'signed_out') return ['out', 'signed out', `: ${waiting} kept here`];
    if (waiting && courier.state === 'someone_else')
      return ['out', `${waiting} kept here`, ': someone else is signed in'];
    if (refused) return ['refused', `${refused} not delivered`];
    if (conflicts) return ['conflict', `${conflicts} conflict${conflicts > 1 ? 's' : ''}`];
    if (waiting && courier.isStuck)
      return [
        'kept',
        `${waiting} kept here`,
        courier.why ? ' until the server can save again' : ' until the connection is back',
      ];
    if (waiting) return ['saving', 'saving…'];
    if (courier.state === 'signed_out') return ['out', 'signed out'];
    return ['saved', 'all saved'];
  }

  /**
   * @param {string} now
   * @param {number} waiting
   * @returns {(Node | string)[]}
   */
  function reason(now, waiting) {
    const signIn = make(
      'a',
      { href: `${desk.urls.sign_in}?next=${encodeURIComponent(location.pathname)}` },
      'Sign in again',
    );
    if (now === 'trouble')
      return [
        'This browser has no room (or no permission) to keep answers. They are in this page only: leave it open until everything is saved.',
      ];
    if (now === 'out' && courier.state === 'someone_else')
      return [
        'Another person is signed in in this browser. What you tagged is kept here and goes out when you are signed in again. ',
        signIn,
      ];
    if (now === 'out') return ['You are signed out. What you tagged is kept here. ', signIn];
    if (waiting && courier.isStuck)
      return [
        courier.why || 'The server cannot be reached.',
        ' Go on tagging; everything is kept in this browser, over a restart too, and goes out by itself as soon as the server takes it. ',
        button('Try now', () => courier.wake(), 'button button--small', 'try'),
      ];
    if (now === 'saved') return ['Everything you did is saved.'];
    return now === 'saving' ? ['On its way.'] : [];
  }

  /** @param {OutboxRecord[]} records */
  function renderList(records) {
    refill(list, ...records.filter((record) => record.state !== 'waiting' || courier.isStuck).map(item));
  }

  /** @param {OutboxRecord} record */
  function item(record) {
    const { about } = record;
    const sentence = about.article_id === desk.article_id ? work.withId(about.sentence_id) : undefined;
    const where = sentence
      ? button(
          `Sentence ${about.index}`,
          () => {
            closeList();
            on.goTo(sentence);
          },
          'button button--small',
          `sentence ${record.client_id}`,
        )
      : make('span', { class: 'muted' }, `Sentence ${about.index} of another article`);
    const parts = [
      make('p', {}, where, ' ', make('strong', {}, described(record))),
      make('p', {}, make('q', { dir: 'auto' }, shortened(about.text))),
    ];
    if (record.error) parts.push(make('p', { class: 'bad' }, record.error));
    if (record.state === 'refused') {
      parts.push(
        make(
          'p',
          { class: 'undelivered__do' },
          button('Copy', () => copy(record), 'button button--small', `copy ${record.client_id}`),
          button('Discard', () => discard(record, sentence), 'button button--small', `discard ${record.client_id}`),
        ),
      );
    }
    return make('li', {}, ...parts);
  }

  /** @param {OutboxRecord} record */
  function described({ kind, body, method, about }) {
    if (kind === 'note') return `note: ${String(body.claim ?? '').slice(0, 60)}`;
    if (kind !== 'answer') {
      const what = kind === 'item' ? 'evidence on' : kind === 'claim' ? 'claim:' : `${kind} of`;
      return `${what} “${String(about.wording ?? '').slice(0, 60)}”${method === 'DELETE' ? ', taken back' : ''}`;
    }
    return method === 'DELETE' ? 'answer taken back' : worded('tag', body.tag, desk.fields);
  }

  /** @param {OutboxRecord} record */
  async function copy(record) {
    const lines = Object.entries(record.body)
      .filter(([name]) => !UNTOLD.has(name))
      .map(
        ([name, value]) => `${fieldName(name)}: ${worded(name, value, desk.fields, (id) => work.sources.nameOf(id))}`,
      );
    try {
      await navigator.clipboard.writeText([`“${record.about.text}”`, ...lines].join('\n'));
      on.notify('Copied.');
    } catch {
      on.notify('This browser does not let the page copy.');
    }
  }

  /**
   * @param {OutboxRecord} record
   * @param {import('./work.js').Sentence | undefined} sentence
   */
  function discard(record, sentence) {
    // Of the same sentence there may be one of another piece of work.
    if (sentence && work.unsent(sentence)?.id === record.id) work.choose(sentence, 'theirs');
    else work.claims.drop(record);
    if (sentence && record.kind !== 'answer') work.notifyMentioned(sentence);
    work.dispatchEvent(new Event('delivery'));
    render();
  }

  function closeList() {
    box.hidePopover();
  }

  let wasWhole = work.tagged === work.sentences.length;

  function renderFinish() {
    const isWhole = work.tagged === work.sentences.length;
    const becameWhole = isWhole && !wasWhole;
    wasWhole = isWhole;
    finish.hidden = !isWhole && !finish.dataset.asked;
    submit.hidden = !desk.urls.submit || desk.locked;
    if (finish.hidden) return;
    const needing = work.needing();
    the('.finish__what', HTMLElement, finish).textContent = desk.locked
      ? 'Submitted.'
      : isWhole
        ? `All ${work.sentences.length} sentences have their tag.`
        : `${work.tagged} of ${work.sentences.length} sentences have their tag.`;
    const lines = needing.slice(0, 20).map(({ sentence, need }) =>
      make(
        'li',
        {},
        button(
          `Sentence ${sentence.index}`,
          () => on.goTo(sentence, need),
          'button button--small',
          `sentence ${sentence.id}`,
        ),
        ` ${needWorded(need)}`,
      ),
    );
    if (needing.length > 20) lines.push(make('li', { class: 'muted' }, `and ${needing.length - 20} more`));
    refill(the('.finish__missing', HTMLElement, finish), ...(isWhole || finish.dataset.asked ? lines : []));
    if (becameWhole)
      on.notifyAloud(
        `All ${work.sentences.length} sentences have their tag.${needing.length ? ` ${needing.length} still need something.` : ''}`,
      );
  }

  let isSubmitting = false;

  /** Hand the article in, once what is under way is saved and nothing is missing. */
  async function handIn() {
    if (isSubmitting) return;
    isSubmitting = true;
    try {
      work.flush();
      if (isShort()) return;
      if (ownWaiting()) on.notify('It is submitted as soon as all is saved.');
      await settled();
      if (isShort()) return;
      if (ownWaiting()) return on.notify(`Not submitted: ${sum(...counts())[1]}. Submit again when all is saved.`);
      await post();
    } finally {
      isSubmitting = false;
    }
  }

  /** Whether something is missing, which is shown then. */
  function isShort() {
    const [first] = work.needing();
    const lost = records().some(({ state }) => state !== 'waiting');
    if (!first && !lost) return false;
    finish.dataset.asked = 'yes';
    render();
    if (first) {
      const more = work.needing().length - 1;
      const why = first.need === 'tag' ? 'Submit when every sentence has its tag' : 'Not submitted';
      const what = `sentence ${first.sentence.index}: ${needWorded(first.need)}`;
      on.notify(`${why}. Next, ${what}${more ? ` (and ${more} more)` : ''}.`);
      on.goTo(first.sentence, first.need);
    } else {
      on.notify('Not submitted: something you wrote could not be delivered.');
      box.showPopover();
    }
    return true;
  }

  /** What is not saved of this piece of work, and of claims in this article. */
  function records() {
    return outbox.all().filter((record) => record.about.article_id === desk.article_id && work.isOfThisWork(record));
  }

  function ownWaiting() {
    return records().some(({ state }) => state === 'waiting');
  }

  /** Until nothing of the article waits, or what waits will wait for long. */
  function settled() {
    return new Promise((done) => {
      const look = () => {
        if (ownWaiting() && !courier.isStuck) return;
        work.removeEventListener('delivery', look);
        done(undefined);
      };
      work.addEventListener('delivery', look);
      look();
    });
  }

  async function post() {
    try {
      const response = await fetch(desk.urls.submit ?? '', {
        method: 'POST',
        headers: { 'X-CSRFToken': courier.csrf, 'Content-Type': 'application/json' },
        body: JSON.stringify({ assignment_key: work.key }),
      });
      if (response.ok) return location.reload();
      finish.dataset.asked = 'yes';
      const reply = await response.json();
      on.notify(reply.detail ?? 'The article could not be submitted.');
      const first = work.withId(reply.missing?.[0]?.sentence_id);
      render();
      if (first) on.goTo(first);
    } catch {
      on.notify('The server cannot be reached; submit again when the connection is back.');
    }
  }

  submit.addEventListener('click', handIn);

  window.addEventListener('beforeunload', (event) => {
    if (outbox.all().some((record) => record.state === 'waiting')) event.preventDefault();
  });
  box.addEventListener('toggle', () => renderList(outbox.all()));

  let isDue = false;
  // One answer makes several events; they are shown at once.
  const renderSoon = () => {
    if (isDue) return;
    isDue = true;
    queueMicrotask(() => {
      isDue = false;
      render();
    });
  };
  work.addEventListener('changed', renderSoon);
  work.addEventListener('delivery', renderSoon);
  render();
  return { handIn };
}

/** @param {string} text */
function shortened(text) {
  return text.length > 90 ? `${text.slice(0, 80).replace(/\s+\S*$/, '')}…` : text;
}
