/** The tagging desk: puts its parts together. */

import { Answering } from '../desk/answering.js';
import { asking } from '../desk/asking.js';
import { claims } from '../desk/claims.js';
import { guide, keys } from '../desk/dialogs.js';
import { elsewhere } from '../desk/elsewhere.js';
import { find } from '../desk/find.js';
import { filter, goTo } from '../desk/going.js';
import { history } from '../desk/history.js';
import { key } from '../desk/key.js';
import { panel } from '../desk/panel.js';
import { prose } from '../desk/prose.js';
import { status } from '../desk/status.js';
import { who } from '../desk/who.js';
import { Work } from '../desk/work.js';
import { fieldName, needWorded, worded } from '../lib/answer.js';
import { Courier } from '../lib/courier.js';
import { make, the } from '../lib/dom.js';
import { TYPE_KEYS } from '../lib/keys.js';
import { isAboutClaims } from '../lib/known_claims.js';
import { localStore, Outbox } from '../lib/outbox.js';
import { Stopwatch } from '../lib/stopwatch.js';

/** What is done while the type of source is asked for, and goes on being asked for. */
const WHILE_ASKING = new Set(['tag', 'type', 'name', 'guide', 'keys', 'leave']);
const LOCKED = 'Submitted: your answers are locked.';

/** @param {HTMLElement} root */
export function desk(root) {
  /** @type {import('../types.js').Desk} */
  const given = JSON.parse(the('#desk-data', HTMLElement).textContent ?? '');
  const list = the('#sentences', HTMLElement, root);
  const texts = [...list.querySelectorAll('.words')].map((words) => words.textContent ?? '');
  const owner = `claimtag:${given.instance}:${given.user_id}:`;
  const outbox = new Outbox(localStore(), owner);
  const stopwatch = new Stopwatch();
  const work = new Work(given, texts, outbox, stopwatch);
  const others = new BroadcastChannel(owner);
  const courier = new Courier(outbox, {
    userId: given.user_id,
    csrf: given.csrf,
    meUrl: given.urls.me ?? '',
    notifyReply(record, reply, isNewest) {
      takeReply(record, reply, isNewest);
      others.postMessage({ record, reply, isNewest });
    },
    notifyState: () => work.notifyDelivery(),
  });
  const spoken = the('#spoken', HTMLElement);
  /** For those who do not see what everybody else sees happen. */
  const notifyAloud = (/** @type {string} */ text) => (spoken.textContent = text);
  const notification = document.body.appendChild(
    make('p', { class: 'notification', 'aria-hidden': 'true', hidden: '' }),
  );
  let fading = 0;
  /** For everybody: why a key did nothing, or did something out of sight. */
  const notify = (/** @type {string} */ text) => {
    notifyAloud(text);
    notification.textContent = text;
    notification.hidden = false;
    clearTimeout(fading);
    fading = window.setTimeout(() => (notification.hidden = true), 6000);
  };
  const word = (/** @type {string} */ tag) => worded('tag', tag, given.fields);

  /** @type {import('../lib/courier.js').NotifyReply} */
  function takeReply(record, reply, isNewest) {
    if (record.kind === 'note' && reply) void sheet.learnNote(record).catch(() => {});
    work.takeReply(record, reply, isNewest);
    const problems = work.withId(record.about.sentence_id)?.problems ?? [];
    if (reply && problems.length) notify(`Sentence ${record.about.index}: ${problems.join(' ')}`);
  }

  /** @param {string} tag */
  function tag(tag) {
    const at = work.here;
    told(answering.tag(tag), `${word(tag)}. `);
    if (at !== work.here) box.forget();
  }

  /**
   * Say what an act has come to.
   * @param {import('../desk/answering.js').Outcome} outcome
   * @param {string} what  was done
   */
  function told(outcome, what) {
    if (outcome === 'locked') return notify(LOCKED);
    if (outcome === 'reason') {
      notifyAloud(`${what}Why?`);
      return details.enter();
    }
    notifyAloud(`${what}${outcome === 'asks' ? whoAloud : position()}`);
  }

  /** @param {string} source_type */
  function type(source_type) {
    const sentence = work.current;
    told(answering.type(source_type), `${worded('source_type', source_type, given.fields)}. `);
    box.tell(sentence);
  }

  /** @param {import('../types.js').Answer | undefined} above */
  function name(above) {
    const sentence = work.current;
    const outcome = answering.name(above);
    if (outcome === 'none') return notify('No source is named above.');
    told(outcome, `${work.sources.get(sentence.answer.source_id)?.name ?? sentence.answer.source_text}. `);
    box.tell(sentence);
  }

  /** @param {string | undefined} need  what the sentence in hand needs, which can be given at once */
  function ask(need) {
    if (need === 'source_type' && keyList.asksWho()) answering.ask();
    if (need === 'not_codable_reason') details.enter();
    if (need === 'draft') sheet.addEvidence();
  }

  function position() {
    return `Sentence ${work.current.index} of ${work.sentences.length}.`;
  }

  /** @type {import('../desk/work.js').Sentence | null}  in which a name is written, in place of the type */
  let asksAfterwards = null;
  /** The number of a sentence, as far as it is typed. */
  let number = '';
  const whoAloud = `Who says so? ${(given.fields.source_type ?? [])
    .map(({ label }, i) => `${TYPE_KEYS[i]} ${label}`)
    .join(', ')}.`;

  /** @type {Record<string, (value?: string) => void>} */
  const commands = {
    next: () => work.move(work.here + 1),
    before: () => work.move(work.here - 1),
    first: () => work.move(0),
    last: () => work.move(work.sentences.length - 1),
    tag: (value) => tag(value ?? ''),
    type: (value) => type(value ?? ''),
    name: (value) => name(answering.named()[Number(value) - 1]),
    leave() {
      answering.leave();
      notifyAloud(`The type of source is left for later. ${position()}`);
    },
    write() {
      answering.leave();
      sources.enter();
      asksAfterwards = work.current;
    },
    repeat() {
      const before = work.sentences[work.here - 1]?.answer;
      const outcome = answering.repeat();
      if (outcome === 'none') return notify('The sentence before has no answer that could be repeated.');
      told(outcome, `${word(String(before?.tag))}, as before. `);
    },
    details: () => details.enter(),
    claims: () => sheet.write(),
    evidence: () => sheet.addEvidence(),
    elsewhere: () => hits.enter(),
    find: () => finding.open(),
    digit(value) {
      number += value;
      notify(`Sentence ${number}: g goes there.`);
    },
    number: () => going.open(),
    filter: () => shown.turn(),
    needing() {
      if (shown.isOn()) return shown.next();
      if (work.isLocked) return nextArticle();
      const need = work.moveToNeeding();
      if (!need) return notify('No sentence needs anything any more: Ctrl and Enter submit the article.');
      notify(`Sentence ${work.current.index}: ${needWorded(need)}.`);
      ask(need);
    },
    undo() {
      const undone = work.undo();
      if (!undone) return notify(work.isLocked ? LOCKED : 'Nothing to undo.');
      const { sentence, names, did } = undone;
      box.forget();
      work.move(sentence.index - 1);
      if (names.join() === 'source_type' && keyList.asksWho() && sentence.answer.tag === 'ATTRIBUTION') answering.ask();
      if (did) return notify(`Undone, sentence ${sentence.index}: ${sheet.undone(did)}.`);
      const fields = names.includes('tag') ? ['tag'] : names.filter((name) => name !== 'rating_id');
      const nameOf = (/** @type {string} */ id) => work.sources.nameOf(id);
      const now = (/** @type {string} */ name) =>
        worded(name, sentence.answer[name], given.fields, nameOf).slice(0, 60);
      notify(
        `Undone, sentence ${sentence.index}: ${fields.map((name) => `${fieldName(name)} ${now(name)}`).join(', ')}.`,
      );
    },
    submit: () => (work.isLocked ? notify(LOCKED) : void end.handIn()),
    link: () => sources.addLink(),
    rate: () => sources.enterRate(),
    guide() {
      if (!number) return openGuide(String(work.current.answer.tag ?? ''));
      going.go(number);
      number = '';
    },
    keys: () => keyList.open(),
  };

  const strip = the('.strip', HTMLElement, root);
  function nextArticle() {
    const next = document.querySelector('#next-article');
    if (next instanceof HTMLAnchorElement) next.click();
    else notify('Nothing else waits for you.');
  }

  const openGuide = guide(given.urls.codebook ?? '', word);
  const keyList = keys(given, () => courier.csrf, notify);
  const answering = new Answering(work, keyList.asksWho);
  const sentences = prose(list, strip, work, given, {
    command(name, value) {
      if (!WHILE_ASKING.has(name)) answering.leave();
      if (name !== 'digit' && name !== 'guide') number = '';
      commands[name]?.(value);
    },
    isAsking: () => answering.isAsking,
    singleKeys: keyList.areOn,
  });
  const side = the('#panel', HTMLElement, root);
  const details = panel(side, work, given, {
    tag,
    reasoned() {
      sentences.focus();
      work.move(work.here + 1);
      notifyAloud(position());
    },
    back: sentences.focus,
    opened: sentences.uncover,
  });
  const box = asking(side, strip, work, answering, given, {
    type,
    name,
    write: () => commands.write?.(),
    leave: () => commands.leave?.(),
    back: sentences.focus,
  });
  const sources = who(side, work, given, { open: details.openWho, notify, notifyAloud });
  const sheet = claims(side, work, given, outbox, {
    open: details.open,
    wake: () => courier.wake(),
    notify,
    notifyAloud,
  });
  const hits = elsewhere(side, work, given, {
    open: details.open,
    notify,
    notifyAloud,
    singleKeys: keyList.areOn,
    mention: (hit, text) => sheet.mentionElsewhere({ ...hit, id: hit.sentence_id, text }),
    evidence: (hit, text) => sheet.addEvidenceFrom(hit, text),
  });
  const going = goTo(side, work, { back: sentences.focus, notify });
  const shown = filter(strip, work, { back: sentences.focus, notify });
  const finding = find(work, given.urls.search ?? '', { back: sentences.focus });
  history(side, work, given);
  key(side, work, given);
  const end = status(work, given, outbox, courier, {
    goTo(sentence, need) {
      work.move(sentence.index - 1);
      sentences.focus();
      ask(need);
    },
    notifyAloud,
    notify,
  });

  side.addEventListener('keydown', (event) => {
    const isTyped =
      event.target instanceof HTMLElement && event.target.matches('textarea, input:not([type=radio], [type=checkbox])');
    if (event.ctrlKey && event.key === 'z' && !isTyped) {
      event.preventDefault();
      commands.undo?.();
    }
    if (event.ctrlKey && event.key === 'Enter' && !event.defaultPrevented) commands.submit?.();
    if (event.key !== 'Escape') return;
    answering.leave();
    details.close();
    sentences.focus();
    // Whoever wrote a name is asked for its type again.
    if (asksAfterwards === work.current && work.missing(work.current) === 'source_type') answering.ask();
    asksAfterwards = null;
  });
  for (const undo of root.querySelectorAll('[data-undo]')) undo.addEventListener('click', () => commands.undo?.());
  // A click on paper, margin or heading leaves the keys alive, and so does one on what only moves or shows.
  document.addEventListener('click', ({ target, detail }) => {
    const focused = document.activeElement;
    const isNowhere = focused === document.body || focused?.id === 'details';
    const isBrief = detail > 0 && target instanceof Element && target.closest('[data-move], [data-undo], #cues');
    if ((isNowhere || isBrief) && !document.querySelector('dialog[open], :popover-open')) sentences.focus();
  });
  the('#open-guide', HTMLButtonElement).addEventListener('click', () => commands.guide?.());
  the('#open-keys', HTMLButtonElement).addEventListener('click', () => commands.keys?.());
  document.querySelector('#cues')?.addEventListener('click', async ({ currentTarget }) => {
    const { cues } = await import('../desk/cues.js');
    await cues(/** @type {HTMLElement} */ (currentTarget), list, given.urls.cues ?? '').catch(() =>
      notify('The cue words cannot be fetched now.'),
    );
  });
  the('#desk-tools', HTMLElement).hidden = false;

  /** Only digits that act are lit: those of the tags, or of who says so, while the list has the focus. */
  function lightDigits() {
    const act = list.contains(document.activeElement) && keyList.areOn() && !work.isLocked;
    root.dataset.digits = act ? (answering.isAsking ? 'who' : 'tags') : '';
  }
  for (const turn of ['focusin', 'focusout']) list.addEventListener(turn, () => queueMicrotask(lightDigits));
  answering.addEventListener('asking', () => {
    lightDigits();
    if (answering.isAsking) sentences.uncover(); // on a phone the box is higher than the tags
  });

  for (const sign of ['keydown', 'pointerdown', 'scroll', 'focus', 'blur']) {
    window.addEventListener(sign, () => stopwatch.sign(), { passive: true });
  }
  document.addEventListener('visibilitychange', () => {
    stopwatch.sign();
    if (document.visibilityState === 'visible') courier.wake();
    else work.flush();
  });
  window.addEventListener('online', () => courier.wake());
  window.addEventListener('pagehide', () => work.flush());
  window.addEventListener('storage', ({ key, newValue }) => {
    const id = key?.slice(owner.length) ?? '';
    // Only where this tab, too, has something unsent for the sentence does the newer value replace it.
    if (key && newValue && outbox.owns(key) && unsentHere.has(id)) work.adopt(id);
  });
  const unsentHere = new Set(outbox.all().map((record) => record.id));
  work.addEventListener('changed', (event) => {
    const id = String(/** @type {CustomEvent} */ (event).detail.id);
    if (outbox.get(id)) unsentHere.add(id);
    else unsentHere.delete(id);
  });
  others.addEventListener('message', ({ data }) => {
    if (unsentHere.has(data.record.id) || isAboutClaims(data.record)) takeReply(data.record, data.reply, data.isNewest);
  });

  const linked = Number(location.hash.match(/^#s(\d+)$/)?.[1]);
  const start = work.sentences.findIndex((sentence) => sentence.id === (linked || Number(root.dataset.here)));
  work.move(Math.max(0, start));
  sentences.focus();
  work.deliverBy(courier);
  performance.mark('desk-ready');
}
