/** The claims that the sentence in hand mentions: looked up or new, how they stand for the analyst, what they rest on. */

import { worded } from '../lib/answer.js';
import { button, make, the } from '../lib/dom.js';
import { fits, marked, nameKey } from '../lib/names.js';
import { combobox } from './combobox.js';
import { evidence } from './evidence.js';

/** @typedef {import('./work.js').Work} Work */
/** @typedef {import('../types.js').Claim} Claim */
/** @typedef {import('../types.js').Mention} Mention */
/** @typedef {import('../types.js').Item} Item */
/** @typedef {import('../types.js').OutboxRecord} OutboxRecord */
/**
 * @typedef {{ id: string, item: HTMLElement, kinds: HTMLInputElement[], status: HTMLSelectElement, note: HTMLTextAreaElement,
 *   add: HTMLButtonElement }} Row
 */

const MOST_OFFERED = 8;
const MOST_ITEMS = 5;

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
  const words = the('#claim-words', HTMLInputElement, root);
  const problem = the('#claim-problem', HTMLElement, root);
  const model = the('#claim-row', HTMLTemplateElement, root);
  const known = work.claims;
  /** @type {Map<string, Claim[]>} what the server found, by what was asked */
  const found = new Map();
  /** @type {Row[]} */
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
    async ask(text, signal) {
      const response = await fetch(`${desk.urls.claims_at_hand}?q=${encodeURIComponent(text)}`, {
        headers: { Accept: 'application/json' },
        signal,
      });
      if (response.ok) found.set(text, (await response.json()).claims);
    },
    spoken: on.notifyAloud,
    choosesFirst: () => words.value.trim() !== '',
  });

  /** @param {string} text */
  function options(text) {
    const places = mentionedIn();
    const taken = new Set(own().map(({ claim_id }) => claim_id));
    /** @type {Claim[]} */
    const offered = [];
    const here = [...places.keys()].map((id) => known.claim(id)).filter(({ wording }) => fits(wording, text));
    for (const claim of [...here, ...(found.get(text) ?? [])]) {
      const isOffered = offered.some(({ id }) => id === claim.id);
      if (offered.length < MOST_OFFERED && !isOffered && !taken.has(claim.id)) offered.push(claim);
    }
    const isThere = (/** @type {Claim} */ { wording }) => nameKey(wording) === nameKey(text);
    const isNew = nameKey(text) && ![...offered, ...own().map(({ claim_id }) => known.claim(claim_id))].some(isThere);
    return [
      ...offered.map((claim) => ({
        id: claim.id,
        parts: parts(claim, text, places.get(claim.id)),
        choose: () => mention(claim),
      })),
      ...(isNew
        ? [{ id: 'new', parts: ['New claim “', make('bdi', {}, text), '”'], choose: () => makeClaim(text) }]
        : []),
    ];
  }

  /** Where the article mentions each claim: the nearest above first, then those below. */
  function mentionedIn() {
    const mentions = known.mentionsBySentence();
    const { sentences, here } = work;
    /** @type {Map<string, number>} */
    const places = new Map();
    for (const { id, index } of [...sentences.slice(0, here).reverse(), ...sentences.slice(here)]) {
      for (const { claim_id } of mentions.get(id) ?? []) if (!places.has(claim_id)) places.set(claim_id, index);
    }
    return places;
  }

  /**
   * @param {Claim} claim
   * @param {string} text  asked for
   * @param {number} [place]  the sentence of this article that mentions it
   */
  function parts({ wording }, text, place) {
    const asked = marked(wording, text).map((part) => (part.isAsked ? make('b', {}, part.text) : part.text));
    return [
      make('span', { class: 'options__claim', dir: 'auto' }, ...asked),
      ...(place ? [make('span', { class: 'muted num' }, ` sentence ${place}`)] : []),
    ];
  }

  /** @param {string} wording */
  function makeClaim(wording) {
    const did = known.make(work.current, wording, 'makes');
    take(did, `New claim: ${wording}`);
  }

  /** @param {Claim} claim */
  function mention(claim) {
    const did = known.mention(work.current, claim, 'repeats');
    take(did, `The sentence repeats: ${claim.wording}`);
  }

  /**
   * @param {import('../types.js').Did} did
   * @param {string} aloud
   */
  function take(did, aloud) {
    words.value = '';
    problem.textContent = '';
    inHand = did.claim_id;
    work.did(work.current, did);
    enter(did.claim_id);
    on.notifyAloud(`${aloud}. Digits say what the sentence does with it, e adds evidence.`);
  }

  /**
   * Go to what the sentence does with the claim, or to the field where it is there no more.
   * @param {string} claimId
   */
  function enter(claimId) {
    const kinds = rowOf(claimId)?.kinds ?? [];
    (kinds.find(({ checked }) => checked) ?? kinds[0] ?? words).focus();
  }

  words.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && words.value.trim() && !event.defaultPrevented) event.preventDefault();
  });

  // ---- the claims of the sentence

  function own() {
    return known.mentionsOn(work.current.id).filter(({ is_mine }) => is_mine);
  }

  /** @param {string} id */
  function rowOf(id) {
    return rows.find((row) => row.id === id);
  }

  function render() {
    const mentions = known.mentionsOn(work.current.id);
    const ids = [...new Set(mentions.map(({ claim_id }) => claim_id))];
    if (shown !== work.current.id) {
      shown = work.current.id;
      rows = [];
      words.value = '';
      problem.textContent = '';
      inHand = '';
      form.close();
    }
    if (form.claimId && !ids.includes(form.claimId)) form.close();
    rows = ids.map((id) => rowOf(id) ?? newRow(id));
    const items = [...rows.map(({ item }) => item), ...lost(ids)];
    if (items.length !== list.children.length || items.some((item, i) => list.children[i] !== item))
      list.replaceChildren(...items);
    for (const row of rows) renderRow(row, mentions);
    const notes = the('#claims-note', HTMLElement, root);
    notes.textContent = ids.length ? String(ids.length) : 'none yet';
    form.render();
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
          make('p', { class: 'mentioned__state' }, ...stateParts(record)),
        ),
      );
  }

  /**
   * @param {string} id
   * @returns {Row}
   */
  function newRow(id) {
    const item = /** @type {HTMLElement} */ (the('li', HTMLElement, model.content).cloneNode(true));
    const kinds = [...item.querySelectorAll('input')].filter((input) => input.type === 'radio');
    for (const kind of kinds) kind.name = `kind-${id}`;
    const status = the('[data-part=status]', HTMLSelectElement, item);
    const note = the('[data-part=note]', HTMLTextAreaElement, item);
    for (const part of [status, note]) {
      part.id = `${part.dataset.part}-${id}`;
      const label = part.parentElement?.querySelector('label');
      if (label) label.htmlFor = part.id;
    }
    const row = { id, item, kinds, status, note, add: the('[data-do=evidence]', HTMLButtonElement, item) };

    item.addEventListener('focusin', () => {
      inHand = id;
    });
    item.addEventListener('keydown', (event) => onKey(row, event));
    item.addEventListener('change', (event) => {
      if (event.target === status) work.did(work.current, known.assess(work.current, id, { status: status.value }));
      else if (event.target === note) work.flush();
      else if (event.target instanceof HTMLInputElement && kinds.includes(event.target))
        setKind(id, event.target.value);
    });
    note.addEventListener('input', () =>
      work.did(work.current, known.assess(work.current, id, { note: note.value.trim() }), `note ${id}`),
    );
    row.add.addEventListener('click', () => openEvidence(row, null));
    the('[data-do=withdraw]', HTMLButtonElement, item).addEventListener('click', () => {
      const mention = own().find(({ claim_id }) => claim_id === id);
      if (mention) work.did(work.current, known.withdrawMention(work.current, mention));
      words.focus();
      on.notifyAloud('Mention taken back; u brings it again.');
    });
    return row;
  }

  /**
   * @param {Row} row
   * @param {KeyboardEvent} event
   */
  function onKey(row, event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || form.holds(event.target)) return;
    const isKind = row.kinds.some((kind) => kind === event.target);
    if (isKind && row.kinds[Number(event.key) - 1]) {
      const kind = row.kinds[Number(event.key) - 1];
      kind?.focus();
      if (!kind?.checked) kind?.click();
    } else if (event.key === 'e' && (isKind || event.target instanceof HTMLButtonElement)) openEvidence(row, null);
    else return;
    event.preventDefault();
  }

  /**
   * @param {string} id
   * @param {string} kind
   */
  function setKind(id, kind) {
    const mention = own().find(({ claim_id }) => claim_id === id);
    const where = work.current;
    work.did(where, mention ? known.amendMention(where, mention, kind) : known.mention(where, known.claim(id), kind));
  }

  /**
   * @param {Row} row
   * @param {Mention[]} mentions
   */
  function renderRow(row, mentions) {
    const claim = known.claim(row.id);
    const of = mentions.filter(({ claim_id }) => claim_id === row.id);
    const mine = of.find(({ is_mine }) => is_mine);
    const assessment = known.assessment(row.id);
    const link = the('a', HTMLAnchorElement, row.item);
    link.textContent = claim.wording;
    // Until the server has it, it has no page.
    if (claim.version) link.href = (desk.urls.page_of_claim ?? '').replace('ID', row.id);
    for (const kind of row.kinds) kind.checked = kind.value === mine?.kind;
    const others = of.filter((one) => one !== mine).map(({ kind }) => kind);
    the('.mentioned__others', HTMLElement, row.item).textContent = others.length ? `others: ${others.join(', ')}` : '';
    row.status.value = assessment.status ?? 'not_started';
    // Never under the fingers of the person who types.
    if (row.note.value.trim() !== (assessment.note ?? '')) row.note.value = assessment.note ?? '';
    row.note.parentElement?.toggleAttribute('data-empty', !row.note.value);
    the('[data-do=withdraw]', HTMLButtonElement, row.item).hidden = !mine;
    const state = the('.mentioned__state', HTMLElement, row.item);
    const told = [...unsent(row.id), ...(mine?.to_confirm ? [toConfirm(mine)] : [])];
    state.hidden = !told.length;
    state.replaceChildren(...told);
    the('.mentioned__items', HTMLElement, row.item).replaceChildren(...itemLines(row));
  }

  /** @param {Mention} mention */
  function toConfirm(mention) {
    const confirm = () => {
      work.did(work.current, known.amendMention(work.current, mention, mention.kind));
      enter(mention.claim_id);
    };
    return make(
      'span',
      {},
      'The split was repaired. Does the sentence still say so? ',
      button('It does', confirm, 'button button--small'),
    );
  }

  /**
   * What of the claim is not at the server, and what a person has to decide.
   * @param {string} id
   */
  function unsent(id) {
    const records = known.unsentOn(work.current.id).filter(({ about }) => about.claim_id === id);
    const doubtful = records.filter(({ state }) => state !== 'waiting');
    if (doubtful.length) return doubtful.flatMap(stateParts);
    return records.length ? ['not saved yet'] : [];
  }

  /**
   * @param {OutboxRecord} record
   * @returns {(Node | string)[]}
   */
  function stateParts(record) {
    const decide = (/** @type {() => void} */ act) => () => {
      act();
      work.notifyMentioned(work.current);
      on.wake();
      enter(record.about.claim_id ?? '');
    };
    if (record.state === 'conflict')
      return [
        `Changed elsewhere too${told(record)}. `,
        button(
          'Keep mine',
          decide(() => outbox.insist(record.id)),
          'button button--small',
        ),
        ' ',
        button(
          'Take theirs',
          decide(() => known.takeTheirs(record)),
          'button button--small',
        ),
      ];
    if (record.state === 'refused')
      return [
        make('span', { class: 'bad' }, `${record.error} `),
        button(
          'Discard',
          decide(() => known.drop(record)),
          'button button--small',
        ),
      ];
    return ['not saved yet'];
  }

  /** @param {OutboxRecord} record  what stands there now, in a word */
  function told({ current, kind }) {
    if (!current) return '';
    if (kind === 'assessment' || kind === 'note')
      return `: ${worded('corroboration_status', current.status, desk.fields)}`;
    return kind === 'mention' ? `: ${current.kind}` : '';
  }

  // ---- evidence

  /** @param {Row} row */
  function itemLines(row) {
    const items = known.items(row.id);
    const { own: mine, visible } = known.count(row.id);
    if (!visible) return [];
    const about = `${visible} ${visible === 1 ? 'item' : 'items'}${mine < visible ? `, ${mine} yours` : ''}`;
    const lines = items.slice(-MOST_ITEMS).map((item) => itemLine(row, item));
    const left = visible - lines.length;
    return [make('li', { class: 'muted num' }, left > 0 ? `${about}; the newest:` : about), ...lines];
  }

  /**
   * @param {Row} row
   * @param {Item} item
   */
  function itemLine(row, item) {
    const other = known.items(row.id).find(({ id }) => id === item.same_origin_as);
    const independence =
      {
        unknown: 'independence unknown',
        same_origin: other ? `same origin as ${form.nameOf(other)}` : 'same origin',
      }[item.independence] ?? worded('independence', item.independence, desk.fields).toLowerCase();
    const stance = worded('stance', item.stance, desk.fields).toLowerCase();
    const withdraw = () => {
      work.did(work.current, known.withdrawItem(work.current, item));
      row.add.focus();
    };
    const acts = [button('amend', () => openEvidence(row, item), 'word'), button('take back', withdraw, 'word')];
    for (const act of acts) act.setAttribute('aria-label', `${act.textContent}: ${form.nameOf(item)}`);
    return make(
      'li',
      { class: 'mentioned__item' },
      make(
        'span',
        { class: 'stance', 'data-stance': item.stance, title: stance },
        make('span', { class: 'visually-hidden' }, stance),
      ),
      make(
        'span',
        { class: 'mentioned__name' },
        make('bdi', {}, form.nameOf(item)),
        make('small', {}, ` ${independence}`),
      ),
      ...(item.is_mine ? acts : []),
    );
  }

  /**
   * @param {Row} row
   * @param {Item | null} item
   */
  function openEvidence(row, item) {
    inHand = row.id;
    form.open(row.id, item, row.item);
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
    if (row) openEvidence(row, null);
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
     * @param {import('../types.js').Did} did
     */
    undone({ kind, claim_id, before }) {
      const wording = known.claim(claim_id).wording;
      const short = wording.length > 50 ? `${wording.slice(0, 50)}…` : wording;
      const again = before ? 'is as before' : 'is taken back';
      if (kind === 'claim') return `the claim “${short}” is taken back`;
      if (kind === 'mention') return `the mention of “${short}” ${again}`;
      if (kind === 'item') return `the item on “${short}” ${again}`;
      const status = worded('corroboration_status', known.assessment(claim_id).status ?? 'not_started', desk.fields);
      return `“${short}” stands ${status.toLowerCase()}`;
    },
  };
}
