/** The claims that the sentence in hand mentions: looked up or new, and the evidence on them. */

import { worded } from '../lib/answer.js';
import { button, make, refill, the } from '../lib/dom.js';
import { ClaimLookup } from './claim_lookup.js';
import { claimRow } from './claim_row.js';
import { combobox } from './combobox.js';
import { evidence } from './evidence.js';

/** @typedef {import('./work.js').Work} Work */
/** @typedef {import('../types.js').Item} Item */
/** @typedef {import('../types.js').Did} Did */
/** @typedef {import('../types.js').OutboxRecord} OutboxRecord */

/**
 * @param {HTMLElement} root
 * @param {Work} work
 * @param {import('../types.js').Desk} desk
 * @param {import('../lib/outbox.js').Outbox} outbox
 * @param {{ open: () => void, wake: () => void, notify: (text: string) => void, notifyAloud: (text: string) => void }} on
 */
export function claims(root, work, desk, outbox, on) {
  const fold = the('#claims-fold', HTMLDetailsElement, root);
  const list = the('#claims', HTMLElement, root);
  const behind = the('#claims-lost', HTMLElement, root);
  const words = the('#claim-words', HTMLInputElement, root);
  const model = the('#claim-row', HTMLTemplateElement, root);
  const known = work.claims;
  const lookup = new ClaimLookup(work, desk.urls.claims_at_hand ?? '');
  /** @type {ReturnType<typeof claimRow>[]} */
  let rows = [];
  let shown = -1;
  /** The claim that was dealt with last. */
  let inHand = '';

  const form = evidence(root, work, desk, {
    saved(claimId, isNew) {
      render();
      rowOf(claimId)?.add.focus();
      on.notifyAloud(isNew ? 'Item kept.' : 'Item amended.');
    },
    next: () => addEvidence(true),
  });

  // ---- the field

  const field = combobox(words, 'Claims', {
    here: options,
    ask: (text, signal) => lookup.ask(text, signal),
    spoken: on.notifyAloud,
    choosesFirst: () => words.value.trim() !== '',
  });

  /** @param {string} text */
  function options(text) {
    const offered = lookup.claims(text);
    const made = { id: 'new', parts: ['New claim “', make('bdi', {}, text), '”'], choose: () => makeClaim(text) };
    return [
      ...offered.map((claim) => ({
        id: claim.id,
        parts: lookup.parts(claim, text),
        choose: () => take(known.mention(work.current, claim, 'repeats'), `The sentence repeats: ${claim.wording}`),
      })),
      ...(lookup.isNew(text, offered) ? [made] : []),
    ];
  }

  /** @param {string} wording */
  function makeClaim(wording) {
    take(known.make(work.current, wording, 'makes'), `New claim: ${wording}`);
  }

  /**
   * @param {Did} did
   * @param {string} aloud
   */
  function take(did, aloud) {
    words.value = '';
    inHand = did.claim_id;
    work.did(work.current, did);
    enter(did.claim_id);
    on.notifyAloud(`${aloud}. Digits say what the sentence does with it, e adds evidence.`);
  }

  // ---- the claims of the sentence

  /** @param {string} id */
  function rowOf(id) {
    return rows.find((row) => row.id === id);
  }

  /**
   * Go to the claim, or to the field where it is there no more.
   * @param {string} id
   */
  function enter(id) {
    const row = rowOf(id);
    if (row) row.enter();
    else words.focus();
  }

  function render() {
    const mentions = known.mentionsOn(work.current.id);
    const ids = [...new Set(mentions.map(({ claim_id }) => claim_id))];
    if (shown !== work.current.id) {
      shown = work.current.id;
      rows = [];
      words.value = '';
      inHand = '';
      form.close();
    }
    if (form.claimId && !ids.includes(form.claimId)) form.close();
    rows = ids.map((id) => rowOf(id) ?? newRow(id));
    const items = rows.map(({ item }) => item);
    if (items.length !== list.children.length || items.some((item, i) => list.children[i] !== item))
      list.replaceChildren(...items);
    const told = lost(ids);
    refill(behind, ...told);
    behind.hidden = !told.length;
    for (const row of rows) row.render(mentions);
    the('#claims-note', HTMLElement, root).textContent = ids.length ? String(ids.length) : 'none yet';
    form.render();
  }

  /** @param {string} id */
  function newRow(id) {
    const row = claimRow(id, model, {
      work,
      desk,
      nameOf: form.nameOf,
      openEvidence: (item) => openEvidence(id, item),
      isInForm: form.holds,
      leave() {
        words.focus();
        on.notifyAloud('Mention taken back; u brings it again.');
      },
      told: inDoubt,
    });
    row.item.addEventListener('focusin', () => {
      inHand = id;
    });
    return row;
  }

  /**
   * What was refused, or was written by a desk of before, and belongs to no claim shown.
   * @param {string[]} ids
   */
  function lost(ids) {
    return known
      .unsentOn(work.current.id)
      .filter(
        (record) =>
          record.kind === 'note' || (record.state !== 'waiting' && !ids.includes(record.about.claim_id ?? '')),
      )
      .map((record) =>
        make(
          'li',
          { class: 'mentioned' },
          make(
            'p',
            { class: 'mentioned__words', dir: 'auto' },
            String(record.body.claim ?? record.about.wording ?? ''),
          ),
          make('p', { class: 'mentioned__state' }, ...inDoubt(record)),
        ),
      );
  }

  /**
   * What a record comes to, with what a person has to decide.
   * @param {OutboxRecord} record
   * @returns {(Node | string)[]}
   */
  function inDoubt(record) {
    const decide = (/** @type {() => void} */ act) => () => {
      act();
      work.notifyMentioned(work.current);
      on.wake();
      enter(record.about.claim_id ?? '');
    };
    const asked = `${record.client_id} ${record.current?.version}`;
    if (record.state === 'conflict')
      return [
        `Changed elsewhere too${now(record)}. `,
        button(
          'Keep mine',
          decide(() => outbox.insist(record.id)),
          'button button--small',
          `mine ${asked}`,
        ),
        ' ',
        button(
          'Take theirs',
          decide(() => known.takeTheirs(record)),
          'button button--small',
          `theirs ${asked}`,
        ),
      ];
    if (record.state === 'refused')
      return [
        make('span', { class: 'bad' }, `${record.error} `),
        button(
          'Discard',
          decide(() => known.drop(record)),
          'button button--small',
          `discard ${asked}`,
        ),
      ];
    return ['not saved yet'];
  }

  /** @param {OutboxRecord} record  what stands there now, in a word */
  function now({ current, kind }) {
    if (!current) return '';
    if (kind === 'assessment' || kind === 'note')
      return `: ${worded('corroboration_status', current.status, desk.fields)}`;
    return kind === 'mention' ? `: ${current.kind}` : '';
  }

  // ---- evidence

  /**
   * @param {string} claimId
   * @param {Item | null} item
   */
  function openEvidence(claimId, item) {
    const row = rowOf(claimId);
    inHand = claimId;
    if (row) form.open(claimId, item, row.item);
  }

  /**
   * Add evidence to the claim that was dealt with last, or to the next one.
   * @param {boolean} [isNext]
   */
  function addEvidence(isNext = false) {
    if (!rows.length) return on.notify('Say first which claim the sentence mentions: c.');
    on.open();
    fold.open = true;
    const at = Math.max(
      0,
      rows.findIndex(({ id }) => id === (inHand || rows.at(-1)?.id)),
    );
    const row = rows[(at + (isNext ? 1 : 0)) % rows.length];
    if (row) openEvidence(row.id, null);
  }

  /**
   * The claim that was dealt with last, or the last one; without one it says what to do.
   * @returns {string | undefined}
   */
  function claimInHand() {
    const id = rowOf(inHand)?.id ?? rows.at(-1)?.id;
    if (!id) on.notify('Say first which claim the sentence mentions: c.');
    return id;
  }

  /**
   * A sentence of another article repeats the claim in hand.
   * @param {import('../lib/claims.js').Where} where
   */
  function mentionElsewhere(where) {
    const id = claimInHand();
    if (!id) return;
    const claim = known.claim(id);
    if (known.mentionsOn(where.id).some((one) => one.claim_id === id && one.is_mine))
      return on.notify('That sentence is a mention of the claim already.');
    work.did(work.current, known.mention(where, claim, 'repeats'));
    on.notify(`Mention kept: that sentence repeats “${claim.wording.slice(0, 50)}”. u takes it back.`);
  }

  /**
   * The form for an item of the claim in hand that is a sentence of another article.
   * @param {{ sentence_id: number, title: string, outlet: string | null, published: string | null }} hit
   * @param {string} text
   */
  function addEvidenceFrom({ sentence_id, title, outlet, published }, text) {
    const row = rowOf(claimInHand() ?? '');
    if (!row) return;
    fold.open = true;
    const told = { title, outlet, published_date: published, quote: text, description: `A sentence of “${title}”` };
    form.open(row.id, null, row.item, told, sentence_id);
  }

  // ---- all of it

  /** What is selected in the sentence in hand. */
  function selection() {
    const selected = document.getSelection();
    const option = selected?.anchorNode?.parentElement?.closest('.s');
    const isWithin = option?.id === `s${work.current.id}` && option.contains(selected?.focusNode ?? null);
    return isWithin && selected ? selected.toString().replace(/\s+/g, ' ').trim() : '';
  }

  /**
   * Go to the field; what is selected in the sentence stands in it.
   * @param {string} [text]
   */
  function write(text = selection()) {
    on.open();
    fold.open = true;
    if (text) words.value = text;
    words.focus();
    field.open();
  }

  const use = the('[data-use=claim]', HTMLButtonElement, root);
  use.addEventListener('click', () => write(use.querySelector('q')?.textContent ?? ''));
  root.addEventListener('keydown', (event) => {
    if (!event.altKey || event.metaKey || event.key.toLowerCase() !== 'e') return;
    event.preventDefault();
    addEvidence();
  });
  work.addEventListener('moved', render);
  work.addEventListener('changed', (event) => {
    if (/** @type {CustomEvent} */ (event).detail === work.current) render();
  });

  return {
    write,
    addEvidence,
    addEvidenceFrom,
    mentionElsewhere,
    /**
     * A note of a desk of before was stored: the server tells which claim it made.
     * @param {OutboxRecord} record
     */
    async learnNote(record) {
      const response = await fetch((desk.urls.claims ?? '').replace('/0/', `/${record.about.sentence_id}/`), {
        headers: { Accept: 'application/json' },
      });
      if (!response.ok) return;
      const told = await response.json();
      known.learn(told.claims, told.mentions);
      const sentence = work.withId(record.about.sentence_id);
      if (sentence) work.notifyMentioned(sentence);
    },
    /**
     * What was undone, in words.
     * @param {Did} did
     */
    undone({ kind, claim_id, before, is_note }) {
      const wording = known.claim(claim_id).wording;
      const short = wording.length > 50 ? `${wording.slice(0, 50)}…` : wording;
      const again = before ? 'is as before' : 'is taken back';
      if (kind === 'claim') return `the claim “${short}” is taken back`;
      if (kind === 'mention') return `the mention of “${short}” ${again}`;
      if (kind === 'item') return `the item on “${short}” ${again}`;
      if (is_note) return `the note on “${short}” is as before`;
      const status = worded('corroboration_status', known.assessment(claim_id).status ?? 'not_started', desk.fields);
      return `“${short}” stands ${status.toLowerCase()}`;
    },
  };
}
