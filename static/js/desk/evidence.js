/** The form for one item of evidence on a claim: stance and independence by digits, all else by what is typed. */

import { isAddress, wholeAddress } from '../lib/address.js';
import { itemValues } from '../lib/claims.js';
import { the } from '../lib/dom.js';
import { draftOf, isBegun, keepDraft } from '../lib/drafts.js';

/** @typedef {import('./work.js').Work} Work */
/** @typedef {import('../types.js').Item} Item */
/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Field */

/**
 * @param {HTMLElement} root
 * @param {Work} work
 * @param {import('../types.js').Desk} desk
 * @param {{ saved: (claimId: string, isNew: boolean) => void, next: () => void }} on
 */
export function evidence(root, work, desk, on) {
  const form = the('#evidence', HTMLFormElement, root);
  const home = /** @type {HTMLElement} */ (form.parentElement);
  const groups = [...form.querySelectorAll('[data-digits]')].map((group) => [...group.querySelectorAll('input')]);
  const fields = /** @type {Field[]} */ (
    [...form.elements].filter((field) => field.matches('[name]:not([type=radio])'))
  );
  const same = the('#same-origin', HTMLElement, form);
  const other = the('select', HTMLSelectElement, same);
  const error = the('#evidence-error', HTMLElement, form);
  const known = work.claims;
  let claimId = '';
  /** @type {Item | null} the one that is amended */
  let amended = null;
  /** @type {number | undefined} the sentence of another article that is the item */
  let ofSentence;

  /** @param {Item} item  what it is called in a line */
  function nameOf(item) {
    const address = String(item.url ?? '').replace(/^https?:\/\/(www\.)?/i, '');
    return String(item.outlet ?? item.title ?? item.description ?? address).slice(0, 80);
  }

  /**
   * @param {string} claim
   * @param {Item | null} item  to amend; null for a new one
   * @param {HTMLElement} row  of the claim, in which the form stands
   * @param {Record<string, unknown>} [given]  what is known of the sentence that becomes an item
   * @param {number} [sentenceId]
   */
  function open(claim, item, row, given, sentenceId) {
    const isSame = claimId === claim && amended?.id === item?.id && ofSentence === sentenceId && !form.hidden;
    ofSentence = sentenceId;
    claimId = claim;
    amended = item;
    row.append(form);
    form.hidden = false;
    the('.evidence__for q', HTMLElement, form).textContent = known.claim(claim).wording;
    if (!isSame) fill(given ?? (item ? (itemValues(item) ?? {}) : draftOf(desk, claimId)));
    focusGroup(0);
    form.scrollIntoView({ block: 'nearest' });
  }

  function close() {
    claimId = '';
    amended = null;
    form.hidden = true;
    home.append(form);
  }

  /** The other items that this one can have its origin from. */
  function render() {
    if (!claimId) return;
    const options = known.possibleOrigins(claimId, amended).map((item) => new Option(nameOf(item), item.id));
    const named = amended?.same_origin_as;
    // Of very many items not all are told, and one that was taken back is told no more.
    if (named && !options.some(({ value }) => value === named))
      options.push(new Option('an item not shown here', named));
    const chosen = other.value;
    other.replaceChildren(new Option('– no other item –', ''), ...options.reverse());
    other.value = options.some(({ value }) => value === chosen) ? chosen : '';
    showOther();
  }

  function showOther() {
    const isAsked = checked('independence') === 'same_origin' || Boolean(other.value);
    same.hidden = !isAsked || other.options.length < 2;
  }

  /** @param {Record<string, unknown>} values */
  function fill(values) {
    refuse('', '');
    render();
    for (const radio of groups.flat()) radio.checked = values[radio.name] === radio.value;
    for (const field of fields) field.value = String(values[field.name] ?? '');
    const more = the('.evidence__more', HTMLDetailsElement, form);
    more.open = fields.some((field) => more.contains(field) && field.value);
    showOther();
  }

  /** @param {string} name */
  function checked(name) {
    return groups.flat().find((radio) => radio.name === name && radio.checked)?.value ?? '';
  }

  /** @returns {Record<string, string>} */
  function values() {
    const written = (/** @type {string} */ name, /** @type {string} */ value) =>
      ADDRESSES.includes(name) ? wholeAddress(value) : value;
    const told = fields.map((field) => [field.name, written(field.name, field.value.trim())]);
    const radios = ['stance', 'independence'].map((name) => [name, checked(name)]);
    const isHidden = (/** @type {string} */ name) => name === 'same_origin_as' && same.hidden;
    return Object.fromEntries([...radios, ...told].filter(([name, value]) => value && !isHidden(String(name))));
  }

  /**
   * @param {string} name  of the field at fault
   * @param {string} why
   */
  function refuse(name, why) {
    error.textContent = why;
    for (const field of [...fields, ...groups.flat()]) field.removeAttribute('aria-invalid');
    const atFault = [...groups.flat(), ...fields].find((field) => field.name === name);
    if (!(atFault instanceof HTMLElement)) return;
    atFault.setAttribute('aria-invalid', 'true');
    atFault.setAttribute('aria-describedby', error.id);
    atFault.focus();
  }

  function save() {
    const told = values();
    const { url = '', archive_url = '' } = told;
    if (!told.stance) return refuse('stance', 'Say whether the item supports or refutes the claim, or takes no side.');
    if (!told.independence) return refuse('independence', 'Say whether the item rests on something of its own.');
    if (url && !isAddress(url)) return refuse('url', NO_ADDRESS);
    if (archive_url && !isAddress(archive_url)) return refuse('archive_url', NO_ADDRESS);
    if (!url && !told.description) return refuse('url', 'Give the item an address, or say in a few words what it is.');
    const [claim, item] = [claimId, amended];
    const named = ofSentence ? { sentence_id: ofSentence } : {};
    if (!item && !ofSentence) remember(null);
    close();
    work.did(work.current, known.saveItem(work.current, claim, item, { ...told, ...named }));
    on.saved(claim, !item);
  }

  /** @param {number} at */
  function focusGroup(at) {
    const group = groups[at] ?? [];
    (group.find((radio) => radio.checked) ?? group[0])?.focus();
  }

  groups.forEach((group, at) => {
    for (const radio of group) {
      radio.addEventListener('keydown', (event) => {
        if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
        const chosen = group[Number(event.key) - 1];
        if (event.key === 'e') on.next();
        else if (event.key === 'Enter') save();
        else if (chosen) choose(chosen, at);
        else return;
        event.preventDefault();
      });
    }
  });

  /**
   * By its digit, and on to what comes next.
   * @param {HTMLInputElement} radio
   * @param {number} at
   */
  function choose(radio, at) {
    radio.click();
    if (at + 1 < groups.length) return focusGroup(at + 1);
    if (radio.value === 'same_origin' && !same.hidden) return other.focus();
    the('[name=url]', HTMLInputElement, form).focus();
  }

  form.addEventListener('change', (event) => {
    if (!(event.target instanceof HTMLInputElement) || event.target.name !== 'independence') return;
    showOther();
    // Of one that is there nothing is left to choose.
    if (!same.hidden && !other.value && other.options.length === 2) other.selectedIndex = 1;
    if (same.hidden || event.target.value !== 'same_origin') other.value = '';
    showOther();
  });
  form.addEventListener('input', () => {
    if (!amended && !ofSentence) remember(values());
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    save();
  });
  form.addEventListener('reset', (event) => {
    event.preventDefault();
    if (!amended && !ofSentence) remember(null);
    fill({});
    focusGroup(0);
  });
  form.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    save();
  });

  // ---- what was begun and not saved

  /** @param {Record<string, string> | null} told */
  function remember(told) {
    const wasBegun = isBegun(desk, claimId);
    keepDraft(desk, claimId, told);
    if (wasBegun !== isBegun(desk, claimId)) work.notifyMentioned(work.current);
  }

  return {
    open,
    close,
    render,
    nameOf,
    /** @param {EventTarget | null} target */
    holds: (target) => target instanceof Node && form.contains(target),
    get claimId() {
      return claimId;
    },
  };
}

const ADDRESSES = ['url', 'archive_url'];
const NO_ADDRESS = 'That is no web address; write it whole, as in https://example.org/page.';
