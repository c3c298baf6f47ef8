/** The details of the sentence in hand: its tag, who says so, everything else that the codebook asks. */

import { fieldName, linksBehind, toldDifferences, worded } from '../lib/answer.js';
import { button, make, refill, tagMark, the } from '../lib/dom.js';

/** @typedef {import('./work.js').Work} Work */
/** @typedef {import('../types.js').Answer} Answer */

const SAVED = {
  none: 'not tagged',
  saved: 'saved',
  saving: 'saving…',
  kept: 'kept here until the connection is back',
  conflict: 'answered elsewhere too',
  refused: 'could not be delivered',
};

/**
 * @param {HTMLElement} root
 * @param {Work} work
 * @param {import('../types.js').Desk} desk
 * @param {{ tag: (tag: string) => void, reasoned: () => void, back: () => void, opened: () => void }} on
 */
export function panel(root, work, desk, on) {
  const choices = desk.fields;
  const fields = /** @type {(HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement)[]} */ ([
    ...root.querySelectorAll('[data-field]'),
  ]);
  const tags = [...root.querySelectorAll('.tags__one')].filter((tag) => tag instanceof HTMLButtonElement);
  const state = the('#state', HTMLElement, root);
  const details = the('#details', HTMLElement, root);
  const conflict = the('#conflict', HTMLElement, root);
  const unfold = the('#unfold', HTMLButtonElement, root);
  const who = the('#who', HTMLDetailsElement, root);
  const nameOf = (/** @type {string} */ id) => work.sources.nameOf(id);

  function render() {
    const { answer, index, to_confirm } = work.current;
    const tag = answer.tag ? String(answer.tag) : '';
    the('#here', HTMLElement, root).textContent = String(index);
    for (const one of tags) one.setAttribute('aria-pressed', String(one.dataset.tag === tag));
    for (const part of root.querySelectorAll('[data-for]')) {
      if (part instanceof HTMLElement)
        part.hidden = part.dataset.for === 'four' ? tag === 'NOT_CODABLE' : part.dataset.for !== tag;
    }
    for (const field of fields) show(field, answer[field.dataset.field ?? '']);
    const lacks = work.missing(work.current);
    for (const ask of root.querySelectorAll('.ask')) {
      if (ask instanceof HTMLElement) ask.hidden = lacks === 'tag' || lacks === null;
    }
    the('#untagged', HTMLElement, root).hidden = Boolean(tag);
    the('#more-fields', HTMLFieldSetElement, root).disabled = !tag || work.isLocked;
    the('#confirm', HTMLElement, root).hidden = !to_confirm || work.isLocked;
    the('#f-information_credibility-hint', HTMLElement, root).hidden = answer.information_credibility !== '1';
    the('#who-note', HTMLElement, root).textContent = [
      answer.source_type ? worded('source_type', answer.source_type, choices).toLowerCase() : '',
      ...linksBehind(answer).map((link) => (link.source_id ? nameOf(link.source_id) : (link.source_text ?? '…'))),
    ]
      .filter(Boolean)
      .join(' → ');
    the('#more-note', HTMLElement, root).textContent = summary(answer) || 'certainty, flags, note';
    const repair = root.querySelector('#repair');
    if (repair instanceof HTMLAnchorElement)
      repair.href = repair.href.replace(/sentences\/\d+/, `sentences/${work.current.id}`);
    renderState();
  }

  function renderState() {
    const sentence = work.current;
    const saved = work.saveState(sentence);
    state.dataset.state = saved;
    state.textContent = saved === 'refused' ? `${SAVED.refused}: ${work.unsent(sentence)?.error ?? ''}` : SAVED[saved];
    const mine = saved === 'conflict' ? work.unsent(sentence) : undefined;
    conflict.hidden = !mine?.current;
    if (mine?.current) refill(conflict, ...twoAnswers(sentence, mine.current, mine.client_id));
  }

  /**
   * @param {import('./work.js').Sentence} sentence
   * @param {Answer} other
   * @param {string} clientId  of what could not be saved: another one is another question
   */
  function twoAnswers(sentence, other, clientId) {
    const names = toldDifferences(sentence.answer, other, desk.answer_fields);
    const listed = (/** @type {Answer} */ answer) =>
      make(
        'dd',
        {},
        tagMark(answer.tag ? String(answer.tag) : null, choices.tag ?? []),
        ...names
          .filter((name) => name !== 'tag' && answer[name])
          .map((name) => make('small', {}, ` ${fieldName(name)}: ${worded(name, answer[name], choices, nameOf)}`)),
      );
    return [
      make('p', {}, make('strong', {}, 'This sentence was answered elsewhere too.'), ' Which answer holds?'),
      make(
        'dl',
        {},
        make('div', {}, make('dt', {}, 'Mine'), listed(sentence.answer)),
        make('div', {}, make('dt', {}, 'Theirs'), listed(other)),
      ),
      make(
        'p',
        { class: 'choose__do' },
        button('Keep mine', () => choose('mine'), 'button', `mine ${clientId} ${other.version}`),
        button('Take theirs', () => choose('theirs'), 'button', `theirs ${clientId} ${other.version}`),
      ),
    ];
  }

  /** @param {'mine' | 'theirs'} which */
  function choose(which) {
    work.choose(work.current, which);
    on.back();
  }

  for (const one of tags) {
    one.addEventListener('click', (event) => {
      // The second click of a double one does not leave the question that the first one brought.
      if (event.detail > 1 && root.hasAttribute('data-asks')) return;
      on.tag(one.dataset.tag ?? '');
      if (event.detail > 0 && one.dataset.tag !== 'NOT_CODABLE') on.back(); // also to the digits of who says so
    });
  }

  root.addEventListener('input', (event) => {
    const field = fields.find((one) => one === event.target);
    if (!field || isChosen(field)) return;
    work.answer({ [field.dataset.field ?? '']: field.value.trim() }, field.dataset.field);
  });
  root.addEventListener('change', (event) => {
    const field = fields.find((one) => one === event.target);
    if (!field) return;
    if (!isChosen(field)) return work.flush();
    const name = field.dataset.field ?? '';
    const value = field instanceof HTMLInputElement && field.type === 'checkbox' ? field.checked : field.value;
    work.answer({ [name]: value });
  });

  for (const keyed of root.querySelectorAll('[data-keyed]')) {
    const radios = [...keyed.querySelectorAll('input')];
    keyed.addEventListener('keydown', (event) => {
      if (!(event instanceof KeyboardEvent) || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
      const radio = radios[event.key === '0' ? 9 : Number(event.key) - 1];
      if (!radio || radio.matches(':disabled')) return;
      event.preventDefault();
      radio.click();
      if (radio.name === 'not_codable_reason') on.reasoned();
      else radio.focus();
    });
    keyed.addEventListener('click', (event) => {
      const isReason = event.target instanceof HTMLInputElement && event.target.name === 'not_codable_reason';
      // After the change that the click brings; a click without detail is one of a key.
      if (isReason && event instanceof MouseEvent && event.detail) setTimeout(on.reasoned);
    });
  }

  the('#confirmed', HTMLButtonElement, root).addEventListener('click', () => {
    work.confirm();
    on.back();
  });
  unfold.addEventListener('click', () => setOpen(unfold.getAttribute('aria-expanded') !== 'true'));
  root.addEventListener('click', (event) => {
    const step = event.target instanceof Element ? event.target.closest('[data-move]') : null;
    if (step instanceof HTMLElement) work.move(work.here + Number(step.dataset.move));
  });

  // What is selected within the sentence in hand can become its source, its cue words or a claim.
  let selected = '';
  const uses = [...root.querySelectorAll('[data-use]')].filter((use) => use instanceof HTMLElement);
  function offerSelection() {
    const selection = document.getSelection();
    const option = selection?.anchorNode?.parentElement?.closest('.s');
    if (document.activeElement instanceof HTMLInputElement) return;
    const isWithin =
      option?.id === `s${work.current.id}` &&
      selection &&
      !selection.isCollapsed &&
      option.contains(selection.focusNode);
    selected = isWithin ? selection.toString().replace(/\s+/g, ' ').trim() : '';
    for (const use of uses) {
      use.hidden = !selected || work.isLocked;
      const quoted = use.querySelector('q');
      if (quoted) quoted.textContent = selected;
    }
  }
  document.addEventListener('selectionchange', offerSelection);
  for (const use of uses) {
    use.addEventListener('mousedown', (event) => event.preventDefault());
    if (use.dataset.use === 'claim') continue; // which makes no answer
    use.addEventListener('click', () => work.answer({ [use.dataset.use ?? '']: selected }));
  }

  /** @param {boolean} isOpen  whether the details show on a narrow screen */
  function setOpen(isOpen) {
    for (const part of [root, root.parentElement]) part?.toggleAttribute('data-open', isOpen);
    unfold.setAttribute('aria-expanded', String(isOpen));
    if (isOpen) on.opened();
  }

  /** Go into the details, to what is missing first. */
  function enter() {
    setOpen(true);
    const { tag } = work.current.answer;
    if (tag === 'ATTRIBUTION') who.open = true;
    const field = desk.required[String(tag)];
    const group = field
      ? [...root.querySelectorAll(`[name=${field}]`)].filter((radio) => radio instanceof HTMLInputElement)
      : [];
    const target =
      group.find((radio) => radio.checked) ??
      group[0] ??
      tags.find((one) => one.getAttribute('aria-pressed') === 'true') ??
      tags[0];
    (target?.matches(':disabled') ? details : target)?.focus();
  }

  work.addEventListener('moved', () => {
    render();
    offerSelection();
  });
  work.addEventListener('changed', (event) => {
    if (/** @type {CustomEvent} */ (event).detail === work.current) render();
  });
  work.addEventListener('delivery', renderState);

  /** @param {Answer} answer */
  function summary(answer) {
    const shown = ['tag_certainty', 'second_choice', 'check_priority', 'confidence'].filter((name) => answer[name]);
    const flags = Object.keys(answer).filter((name) => name.startsWith('flag_'));
    return [...shown.map((name) => worded(name, answer[name], choices).toLowerCase()), ...flags.map(fieldName)]
      .slice(0, 2)
      .join(', ');
  }

  /** The details of who says so, unfolded. */
  function openWho() {
    setOpen(true);
    who.open = true;
  }

  return { render, enter, openWho, open: () => setOpen(true), close: () => setOpen(false) };
}

/** @param {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} field */
function isChosen(field) {
  return field instanceof HTMLSelectElement || field.type === 'radio' || field.type === 'checkbox';
}

/**
 * @param {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} field
 * @param {Answer[string]} value
 */
function show(field, value) {
  if (field instanceof HTMLInputElement && field.type === 'checkbox') field.checked = value === true;
  else if (field instanceof HTMLInputElement && field.type === 'radio') field.checked = field.value === value;
  // Never under the fingers of the person who types; trimming would eat the space just typed.
  else if (field.value.trim() !== (value ?? '')) field.value = value ? String(value) : '';
}
