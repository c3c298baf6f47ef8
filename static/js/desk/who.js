/** Who says so: the source, the chain through which its words came, and the letter that the analyst gives it. */

import { linksBehind, namedIn } from '../lib/answer.js';
import { make, refill, the } from '../lib/dom.js';
import { combobox } from './combobox.js';
import { SourceLookup } from './lookup.js';

/** @typedef {import('./work.js').Work} Work */
/** @typedef {import('../types.js').Source} Source */
/** @typedef {import('../types.js').Link} Link */

const HIDDEN_NUMBER = 'hidden while the source is rated';
const HIDDEN_LETTER = 'hidden while the information is judged';

/**
 * @param {HTMLElement} root
 * @param {Work} work
 * @param {import('../types.js').Desk} desk
 * @param {{ open: () => void, notify: (text: string) => void, notifyAloud: (text: string) => void }} on
 */
export function who(root, work, desk, on) {
  const chain = the('#chain', HTMLElement, root);
  const words = the('#f-source_text', HTMLInputElement, root);
  const entry = the('#entry', HTMLElement, root);
  const row = the('#link-row', HTMLTemplateElement, root);
  const reader = the('#reader', HTMLElement, root);
  const add = the('#add-link', HTMLButtonElement, root);
  const problem = the('#who-problem', HTMLElement, root);
  const rate = the('#rate', HTMLElement, root);
  const letters = [...rate.querySelectorAll('input')].filter((input) => input.type === 'radio');
  const basis = the('#rate-basis', HTMLInputElement, root);
  const meaning = the('#rate-meaning', HTMLElement, root);
  const letterField = the('#f-source_reliability', HTMLSelectElement, root);
  const numberField = the('#f-information_credibility', HTMLSelectElement, root);
  const lookup = new SourceLookup(work, desk);
  /** The words before the person began to look something up in their place. */
  let printed = '';
  let shown = -1;
  /** @type {LinkRow[]} */
  let rows = [];

  // ---- the answer's own source

  const own = combobox(words, 'Sources', {
    here: (text) => options(text, 0, work.current.answer.source_type, (source) => chooseOwn(source)),
    ask: (text, signal) => lookup.ask(text, signal),
    spoken: on.notifyAloud,
    choosesFirst: () => !work.current.answer.source_id && words.value.trim() !== '',
  });
  words.addEventListener('focus', () => {
    printed = words.value.trim();
  });

  /** @param {Source} source */
  function chooseOwn(source) {
    const { answer } = work.current;
    const before = work.sources.get(answer.source_id)?.name;
    const source_text = printed && printed !== before ? printed : source.name;
    const letter = answer.rating_id ? { rating_id: null, source_reliability: null } : {};
    work.answer({ ...letter, source_id: source.id, source_text }, 'source_text');
    work.flush();
    printed = source_text;
    words.value = source_text;
    on.notifyAloud(`${said(source)}.`);
  }

  function clearOwn() {
    const { answer } = work.current;
    const source = work.sources.get(answer.source_id);
    const letter = answer.rating_id ? { rating_id: null, source_reliability: null } : {};
    const text = answer.source_text === source?.name ? { source_text: null } : {};
    work.answer({ ...letter, ...text, source_id: null });
    on.notifyAloud('No entry is named any more.');
    words.focus();
  }

  // ---- what the lists offer

  /**
   * @param {string} text
   * @param {number} at  the place in the chain, 0 for the answer's own
   * @param {unknown} type
   * @param {(source: Source) => void} choose
   * @returns {import('./combobox.js').Option[]}
   */
  function options(text, at, type, choose) {
    const taken = namedIn(current()).filter((_, i) => i !== at);
    const offered = lookup.sources(text, taken, at > 0);
    return [
      ...offered.map((source) => ({
        id: source.id || source.name,
        parts: lookup.parts(source, text),
        choose: () => pick(source.id ? source : work.sources.make(source.name, source.kind), taken, choose),
      })),
      ...lookup.newKinds(text, type, offered, at > 0).map(({ value, label }) => ({
        id: `new ${value}`,
        parts: [
          'New source “',
          make('bdi', {}, text),
          '”',
          make('span', { class: 'muted' }, ` ${label.toLowerCase()}`),
        ],
        choose: () => pick(work.sources.make(text, value), taken, choose),
      })),
    ];
  }

  /**
   * @param {Source} source
   * @param {(string | null)[]} taken
   * @param {(source: Source) => void} choose
   */
  function pick({ alias: _, ...source }, taken, choose) {
    if (taken.some((id) => id && work.sources.areOne(id, source.id)))
      return on.notify(`${source.name} stands in this chain already.`);
    work.sources.keep(source);
    choose(source);
  }

  /**
   * What is told of an entry in one line.
   * @param {Source} source
   */
  function said(source) {
    const count = lookup.ownSentences(source);
    const letter = letterOf(source);
    return [
      `${source.name}, ${lookup.kindWorded(source.kind)}`,
      count ? `${count} of your sentences` : source.is_new ? 'new' : '',
      letter && !isJudging('information') ? `rated ${letter}` : '',
    ]
      .filter(Boolean)
      .join(', ');
  }

  /** @param {Source} source */
  function letterOf(source) {
    const { answer } = work.current;
    const isOwn = answer.rating_id && work.sources.areOne(answer.source_id, source.id);
    return isOwn ? String(answer.source_reliability ?? '') : (source.reliability ?? '');
  }

  /**
   * @param {unknown} id
   * @param {string} label  of the button that takes it away
   * @param {() => void} clear
   */
  function entryLine(id, label, clear) {
    if (!id) return [];
    const source = work.sources.get(id);
    if (!source) return [make('span', { class: 'muted' }, work.sources.nameOf(id)), clearButton(label, clear)];
    const count = lookup.ownSentences(source);
    const letter = id === work.current.answer.source_id ? '' : letterOf(source); // one's own stands among the letters
    const about = [
      lookup.kindWorded(source.kind),
      count ? `${count} of your sentences` : source.is_new ? 'new' : '',
    ].filter(Boolean);
    const told = letter
      ? [make('span', { class: 'entry__letter' }, ' · rated ', make('b', { class: 'letter' }, letter))]
      : [];
    return [
      make(
        'span',
        {},
        make('strong', { dir: 'auto' }, source.name),
        make('span', { class: 'muted' }, ` ${about.join(' · ')}`, ...told),
      ),
      clearButton(label, clear),
    ];
  }

  /**
   * @param {string} label
   * @param {() => void} act
   */
  function clearButton(label, act) {
    const button = make('button', { type: 'button', class: 'word', 'aria-label': `Clear: ${label}` }, 'clear');
    button.addEventListener('click', act);
    button.disabled = work.isLocked;
    return button;
  }

  // ---- the links behind it

  /**
   * @typedef {{ item: HTMLElement, link: Link, words: HTMLInputElement, entry: HTMLElement,
   *   parts: (HTMLInputElement | HTMLSelectElement)[], list: { open: () => void, close: () => void } }} LinkRow
   */

  /** The answer as it is on the screen: with links that name nobody yet. */
  function current() {
    return { ...work.current.answer, chain: [{}, ...rows.map(({ link }) => link)] };
  }

  /**
   * @param {Link} link
   * @returns {LinkRow}
   */
  function linkRow(link) {
    const item = /** @type {HTMLElement} */ (the('li', HTMLElement, row.content).cloneNode(true));
    const made = {
      item,
      link,
      words: the('[data-part=source_text]', HTMLInputElement, item),
      entry: the('.entry', HTMLElement, item),
      parts: /** @type {(HTMLInputElement | HTMLSelectElement)[]} */ ([...item.querySelectorAll('[data-part]')]),
    };
    let before = link.source_text ?? '';
    const list = combobox(made.words, 'Sources', {
      here: (text) => options(text, rows.indexOf(self) + 1, self.link.source_type, choose),
      ask: (text, signal) => lookup.ask(text, signal),
      spoken: on.notifyAloud,
      choosesFirst: () => !self.link.source_id,
    });
    /** @type {LinkRow} */
    const self = { ...made, list };
    made.words.addEventListener('focus', () => {
      before = made.words.value.trim();
    });
    item.addEventListener('input', (event) => take(event.target, true));
    item.addEventListener('change', (event) => take(event.target, false));
    the('.link__drop', HTMLButtonElement, item).addEventListener('click', () => drop(self));

    /** @param {Source} source */
    function choose(source) {
      const name = work.sources.get(self.link.source_id)?.name;
      const source_text = before && before !== name ? before : source.name;
      self.link = { ...self.link, source_id: source.id, source_text };
      before = source_text;
      save(`chain ${rows.indexOf(self)} source_text`);
      work.flush();
      on.notifyAloud(`${said(source)}.`);
    }

    /**
     * @param {EventTarget | null} target
     * @param {boolean} isTyped
     */
    function take(target, isTyped) {
      const part = self.parts.find((one) => one === target);
      if (!part || (isTyped && part instanceof HTMLSelectElement)) return;
      if (!isTyped && part instanceof HTMLInputElement) return work.flush();
      const name = part.dataset.part ?? '';
      self.link = { ...self.link, [name]: part.value.trim() || undefined };
      save(isTyped ? `chain ${rows.indexOf(self)} ${name}` : undefined);
    }
    return self;
  }

  /** @param {string} [typed]  in which part the person is still typing */
  function save(typed) {
    work.answer({ chain: current().chain }, typed);
    renderChain();
  }

  /** @param {LinkRow} self */
  function drop(self) {
    const at = rows.indexOf(self);
    rows.splice(at, 1);
    save();
    on.notifyAloud(`Link ${at + 2} removed.`);
    (rows[at]?.words ?? add).focus();
  }

  /** Put another link at the end, ready to be named. */
  function addLink() {
    if (work.isLocked) return on.notify('Submitted: your answers are locked.');
    if (work.current.answer.tag !== 'ATTRIBUTION') return on.notify('Only an attribution has a chain.');
    on.open();
    render();
    let last = rows.at(-1);
    const isBlank = last && !Object.values(last.link).some(Boolean);
    if (!isBlank && rows.length >= Number(chain.dataset.longest) - 1)
      return on.notify(`A chain has at most ${chain.dataset.longest} links.`);
    if (!last || !isBlank) {
      last = linkRow({});
      rows.push(last);
      renderChain();
    }
    last.words.focus();
    last.list.open();
  }

  function renderChain() {
    rows.forEach((self, i) => {
      const name = `Link ${i + 2}`;
      if (
        self.item.parentElement !== chain ||
        self.item.previousElementSibling !== (rows[i - 1]?.item ?? chain.firstElementChild)
      )
        (rows[i - 1]?.item ?? chain.firstElementChild)?.after(self.item);
      self.words.setAttribute('aria-label', `${name}: passed on by`);
      self.entry.id = `entry-${i + 2}`;
      self.words.setAttribute('aria-describedby', self.entry.id);
      for (const part of self.parts) {
        const value = /** @type {Record<string, string | undefined>} */ (self.link)[part.dataset.part ?? ''] ?? '';
        if (part !== self.words) part.setAttribute('aria-label', `${name}: ${part.dataset.label}`);
        if (part.value.trim() !== value) part.value = value;
        part.disabled = work.isLocked;
      }
      const remove = the('.link__drop', HTMLButtonElement, self.item);
      remove.setAttribute('aria-label', `remove link ${i + 2}`);
      remove.disabled = work.isLocked;
      refill(
        self.entry,
        ...entryLine(self.link.source_id, `name no entry in link ${i + 2}`, () => {
          const isItsName = self.link.source_text === work.sources.get(self.link.source_id)?.name;
          self.link = { ...self.link, source_id: undefined, ...(isItsName && { source_text: undefined }) };
          save();
          self.words.focus();
        }),
      );
      self.entry.hidden = !self.link.source_id;
    });
    for (const item of chain.querySelectorAll('.link[data-behind]')) {
      if (!rows.some((self) => self.item === item)) item.remove();
    }
    chain.toggleAttribute('data-long', rows.length > 0);
    reader.hidden = !rows.length;
  }

  // ---- the letter, kept apart from the number

  /** @param {'source' | 'information'} what */
  function isJudging(what) {
    return root.dataset.judging === what;
  }

  function judged() {
    const focused = document.activeElement;
    const now =
      rate.contains(focused) || focused === letterField ? 'source' : focused === numberField ? 'information' : '';
    if ((root.dataset.judging ?? '') === now) return;
    if (now) root.dataset.judging = now;
    else delete root.dataset.judging;
    renderLetter();
  }

  /**
   * @param {HTMLSelectElement} select
   * @param {string} why  empty: it shows what it holds
   */
  function veil(select, why) {
    const cover = select.querySelector('[data-veil]');
    if (why) {
      if (!cover) select.prepend(make('option', { value: '', 'data-veil': '' }, why));
      select.selectedIndex = 0;
    } else if (cover) {
      cover.remove();
      select.value = String(work.current.answer[select.dataset.field ?? ''] ?? '');
    }
  }

  function renderLetter() {
    const { answer } = work.current;
    const source = answer.tag === 'ATTRIBUTION' ? work.sources.get(answer.source_id) : undefined;
    const isHidden = isJudging('information');
    const letter = source ? letterOf(source) : '';
    veil(numberField, isJudging('source') ? HIDDEN_NUMBER : '');
    veil(letterField, isHidden ? HIDDEN_LETTER : '');
    rate.hidden = !source;
    the('#own-letter', HTMLElement, root).hidden = Boolean(answer.tag === 'ATTRIBUTION' && answer.source_id);
    for (const radio of letters) {
      radio.checked = !isHidden && radio.value === letter;
      radio.disabled = work.isLocked;
    }
    const term = desk.fields.source_reliability?.find(({ value }) => value === letter);
    meaning.textContent = isHidden ? HIDDEN_LETTER : (term?.label ?? 'not rated');
    basis.hidden = !letter || isHidden;
  }

  /** @param {string} letter */
  function give(letter) {
    work.rate(letter, basis.value.trim());
    const source = work.sources.get(work.current.answer.source_id);
    on.notifyAloud(`${source?.name} rated ${letter}.`);
  }

  root.addEventListener('focusin', judged);
  root.addEventListener('focusout', () => setTimeout(judged));
  rate.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target === basis) return;
    const radio = letters.find(({ value }) => value === event.key.toUpperCase());
    if (!radio || radio.matches(':disabled')) return;
    event.preventDefault();
    radio.focus();
    if (!radio.checked) radio.click();
  });
  rate.addEventListener('change', (event) => {
    if (event.target instanceof HTMLInputElement && event.target.type === 'radio') give(event.target.value);
  });
  basis.addEventListener('input', () => {
    const letter = letters.find(({ checked }) => checked)?.value;
    if (letter) work.rate(letter, basis.value.trim());
  });
  rate.addEventListener('focusout', (event) => {
    if (event.relatedTarget instanceof Node && rate.contains(event.relatedTarget)) return;
    basis.value = '';
    work.flush();
  });

  /** Go to the letters of the source. */
  function enterRate() {
    if (work.current.answer.tag !== 'ATTRIBUTION' || !work.current.answer.source_id)
      return on.notify('Name the source first, then it can be rated.');
    on.open();
    (letters.find(({ checked }) => checked) ?? letters[0])?.focus();
  }

  // ---- all of it

  function render() {
    const { answer, id, problems } = work.current;
    const isMoved = shown !== id;
    shown = id;
    follow(linksBehind(answer), isMoved);
    if (isMoved) basis.value = '';
    refill(entry, ...entryLine(answer.source_id, 'name no entry', clearOwn));
    entry.hidden = !answer.source_id;
    add.disabled = work.isLocked;
    problem.hidden = !problems?.length;
    problem.textContent = (problems ?? []).join(' ');
    renderChain();
    renderLetter();
  }

  /**
   * Show these links; where they are as many as stand here, in place, and those that name nobody yet stay.
   * @param {Link[]} links
   * @param {boolean} isMoved
   */
  function follow(links, isMoved) {
    const naming = rows.filter(({ link }) => link.source_id || link.source_text || link.source_type);
    if (isMoved || naming.length !== links.length) rows = links.map(linkRow);
    else for (const [i, self] of naming.entries()) self.link = links[i] ?? {};
  }

  work.addEventListener('moved', render);
  work.addEventListener('changed', (event) => {
    if (/** @type {CustomEvent} */ (event).detail === work.current && work.current.answer.tag === 'ATTRIBUTION')
      render();
    else if (/** @type {CustomEvent} */ (event).detail === work.current) renderLetter();
  });
  add.addEventListener('click', addLink);
  for (const use of root.querySelectorAll('[data-use=source_text]')) {
    use.addEventListener('click', () => {
      printed = words.value.trim();
      words.focus();
      own.open();
    });
  }
  root.addEventListener('keydown', (event) => {
    if (!event.altKey || event.metaKey) return;
    const act = { l: addLink, r: enterRate }[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act();
  });

  /** Go to the words of the source. */
  function enter() {
    on.open();
    words.focus();
    own.open();
  }

  return { addLink, enterRate, enter };
}
