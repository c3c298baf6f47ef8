/** One claim of the sentence in hand: what the sentence does with it, how it stands for the analyst, and its evidence. */

import { worded } from '../lib/answer.js';
import { button, make, refill, the } from '../lib/dom.js';

/** @typedef {import('./work.js').Work} Work */
/** @typedef {import('../types.js').Mention} Mention */
/** @typedef {import('../types.js').Item} Item */
/** @typedef {import('../types.js').OutboxRecord} OutboxRecord */
/**
 * @typedef {Object} Ways
 * @property {Work} work
 * @property {import('../types.js').Desk} desk
 * @property {(item: Item) => string} nameOf  what an item is called
 * @property {(item: Item | null) => void} openEvidence  the form for this item, or a new one
 * @property {(target: EventTarget | null) => boolean} isInForm
 * @property {() => void} leave  to the field of claims
 * @property {(record: OutboxRecord) => (Node | string)[]} told  what is in doubt of a record
 */

const MOST_ITEMS = 5;

/**
 * @param {string} id  of the claim
 * @param {HTMLTemplateElement} model
 * @param {Ways} ways
 */
export function claimRow(id, model, { work, desk, nameOf, openEvidence, isInForm, leave, told }) {
  const known = work.claims;
  const item = /** @type {HTMLElement} */ (the('li', HTMLElement, model.content).cloneNode(true));
  const link = the('a', HTMLAnchorElement, item);
  const kinds = [...item.querySelectorAll('input')].filter((input) => input.type === 'radio');
  const status = the('[data-part=status]', HTMLSelectElement, item);
  const note = the('[data-part=note]', HTMLTextAreaElement, item);
  const add = the('[data-do=evidence]', HTMLButtonElement, item);
  const withdraw = the('[data-do=withdraw]', HTMLButtonElement, item);
  const state = the('.mentioned__state', HTMLElement, item);

  for (const kind of kinds) kind.name = `kind-${id}`;
  for (const part of [status, note]) {
    part.id = `${part.dataset.part}-${id}`;
    const label = part.parentElement?.querySelector('label');
    if (label) label.htmlFor = part.id;
  }

  /** @param {Mention[]} mentions  on the sentence */
  function render(mentions) {
    const { wording, version } = known.claim(id);
    const of = mentions.filter(({ claim_id }) => claim_id === id);
    const mine = of.find(({ is_mine }) => is_mine);
    const assessment = known.assessment(id);
    link.textContent = wording;
    // Until the server has it, it has no page.
    if (version) link.href = (desk.urls.page_of_claim ?? '').replace('ID', id);
    for (const kind of kinds) kind.checked = kind.value === mine?.kind;
    const others = of.filter((one) => one !== mine).map(({ kind }) => kind);
    the('.mentioned__others', HTMLElement, item).textContent = others.length ? `others: ${others.join(', ')}` : '';
    status.value = assessment.status ?? 'not_started';
    // Never under the fingers of the person who types.
    if (note.value.trim() !== (assessment.note ?? '')) note.value = assessment.note ?? '';
    note.parentElement?.toggleAttribute('data-empty', !note.value);
    withdraw.hidden = !mine;
    const lines = [...unsent(), ...(mine?.to_confirm ? [toConfirm(mine)] : [])];
    state.hidden = !lines.length;
    refill(state, ...lines);
    refill(the('.mentioned__items', HTMLElement, item), ...itemLines());
  }

  /** What of the claim is not at the server, and what a person has to decide. */
  function unsent() {
    const records = known.unsentOn(work.current.id).filter(({ about }) => about.claim_id === id);
    const doubtful = records.filter((record) => record.state !== 'waiting');
    if (doubtful.length) return doubtful.flatMap(told);
    return records.length ? ['not saved yet'] : [];
  }

  /** @param {Mention} mention */
  function toConfirm(mention) {
    const confirm = () => {
      work.did(work.current, known.amendMention(work.current, mention, mention.kind));
      enter();
    };
    return make(
      'span',
      {},
      'The split was repaired. Does the sentence still say so? ',
      button('It does', confirm, 'button button--small', 'confirm'),
    );
  }

  function itemLines() {
    const items = known.items(id);
    const { own, visible } = known.count(id);
    if (!visible) return [];
    const about = `${visible} ${visible === 1 ? 'item' : 'items'}${own < visible ? `, ${own} yours` : ''}`;
    const lines = items.slice(-MOST_ITEMS).map(itemLine);
    const left = visible - lines.length;
    return [make('li', { class: 'muted num' }, left > 0 ? `${about}; the newest:` : about), ...lines];
  }

  /** @param {Item} entered */
  function itemLine(entered) {
    const stance = worded('stance', entered.stance, desk.fields).toLowerCase();
    const acts = [
      button('amend', () => openEvidence(entered), 'word', `amend ${entered.id}`),
      button('take back', takeBack, 'word', `take back ${entered.id}`),
    ];
    for (const act of acts) act.setAttribute('aria-label', `${act.textContent}: ${nameOf(entered)}`);
    function takeBack() {
      work.did(work.current, known.withdrawItem(work.current, entered));
      add.focus();
    }
    return make(
      'li',
      { class: 'mentioned__item' },
      make(
        'span',
        { class: 'stance', 'data-stance': entered.stance, title: stance },
        make('span', { class: 'visually-hidden' }, stance),
      ),
      make(
        'span',
        { class: 'mentioned__name' },
        make('bdi', {}, nameOf(entered)),
        make('small', {}, ` ${independence(entered)}`),
      ),
      ...(entered.is_mine ? acts : []),
    );
  }

  /** @param {Item} entered */
  function independence(entered) {
    const other = known.items(id).find((one) => one.id === entered.same_origin_as);
    const said = worded('independence', entered.independence, desk.fields).toLowerCase();
    if (entered.independence === 'unknown') return `independence ${said}`;
    return other && entered.independence === 'same_origin' ? `${said} as ${nameOf(other)}` : said;
  }

  // ---- what is done here

  function own() {
    return known.mentionsOn(work.current.id).find(({ is_mine, claim_id }) => is_mine && claim_id === id);
  }

  /** @param {string} kind */
  function setKind(kind) {
    const [where, mention] = [work.current, own()];
    work.did(where, mention ? known.amendMention(where, mention, kind) : known.mention(where, known.claim(id), kind));
  }

  item.addEventListener('change', ({ target }) => {
    // The arrows pass through what stands between, of which nothing is sent.
    if (target === status)
      work.did(work.current, known.assess(work.current, id, { status: status.value }), `status ${id}`);
    else if (target === note) work.flush();
    else if (target instanceof HTMLInputElement && kinds.includes(target)) setKind(target.value);
  });
  status.addEventListener('blur', () => work.flush());
  note.addEventListener('input', () =>
    work.did(work.current, known.assess(work.current, id, { note: note.value.trim() }), `note ${id}`),
  );
  item.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || isInForm(event.target)) return;
    const isKind = kinds.some((kind) => kind === event.target);
    const chosen = isKind ? kinds[Number(event.key) - 1] : undefined;
    if (chosen) {
      chosen.focus();
      if (!chosen.checked) chosen.click();
    } else if (event.key === 'e' && (isKind || event.target instanceof HTMLButtonElement)) openEvidence(null);
    else return;
    event.preventDefault();
  });
  add.addEventListener('click', () => openEvidence(null));
  withdraw.addEventListener('click', () => {
    const mention = own();
    if (mention) work.did(work.current, known.withdrawMention(work.current, mention));
    leave();
  });

  /** Go to what the sentence does with the claim. */
  function enter() {
    (kinds.find(({ checked }) => checked) ?? kinds[0])?.focus();
  }

  return { id, item, add, render, enter };
}
