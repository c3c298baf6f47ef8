/** The tagging desk: puts its parts together. */

import { claims } from '../desk/claims.js';
import { guide, keys } from '../desk/dialogs.js';
import { elsewhere } from '../desk/elsewhere.js';
import { find } from '../desk/find.js';
import { history } from '../desk/history.js';
import { panel } from '../desk/panel.js';
import { prose } from '../desk/prose.js';
import { status } from '../desk/status.js';
import { who } from '../desk/who.js';
import { Work } from '../desk/work.js';
import { fieldName, worded } from '../lib/answer.js';
import { Courier } from '../lib/courier.js';
import { make, the } from '../lib/dom.js';
import { isAboutClaims } from '../lib/known_claims.js';
import { localStore, Outbox } from '../lib/outbox.js';
import { Stopwatch } from '../lib/stopwatch.js';

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
    if (work.isLocked) return notify(LOCKED);
    const at = work.here;
    work.answer({ tag });
    if (tag === 'NOT_CODABLE') {
      notifyAloud(`${word(tag)}. Why?`);
      return details.enter();
    }
    work.move(at + 1);
    notifyAloud(`${word(tag)}. ${position()}`);
  }

  function position() {
    return `Sentence ${work.current.index} of ${work.sentences.length}.`;
  }

  /** @type {Record<string, () => void>} */
  const commands = {
    details: () => details.enter(),
    claims: () => sheet.write(),
    evidence: () => sheet.addEvidence(),
    elsewhere: () => hits.enter(),
    find: () => finding.open(),
    untagged() {
      if (!work.moveToUntagged()) notify('Every sentence has its tag.');
    },
    undo() {
      const undone = work.undo();
      if (!undone) return notify(work.isLocked ? LOCKED : 'Nothing to undo.');
      const { sentence, names, did } = undone;
      work.move(sentence.index - 1);
      if (did) return notify(`Undone, sentence ${sentence.index}: ${sheet.undone(did)}.`);
      const fields = names.includes('tag') ? ['tag'] : names.filter((name) => name !== 'rating_id');
      const nameOf = (/** @type {string} */ id) => work.sources.nameOf(id);
      const now = (/** @type {string} */ name) =>
        worded(name, sentence.answer[name], given.fields, nameOf).slice(0, 60);
      notify(
        `Undone, sentence ${sentence.index}: ${fields.map((name) => `${fieldName(name)} ${now(name)}`).join(', ')}.`,
      );
    },
    submit() {
      const button = the('#submit', HTMLButtonElement, root);
      if (button.closest('[hidden]') || button.disabled)
        return notify('Submit when every sentence has its tag and all is saved.');
      button.click();
    },
    link: () => sources.addLink(),
    rate: () => sources.enterRate(),
    guide: () => openGuide(String(work.current.answer.tag ?? '')),
    keys: () => keyList.open(),
  };

  const openGuide = guide(given.urls.codebook ?? '', word);
  const keyList = keys(given, () => courier.csrf, notify);
  const sentences = prose(list, the('.strip', HTMLElement, root), work, given, {
    tag,
    command: (name) => commands[name]?.(),
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
  const finding = find(work, given.urls.search ?? '', { back: sentences.focus });
  history(side, work, given);
  status(work, given, outbox, courier, {
    goTo(sentence) {
      work.move(sentence.index - 1);
      sentences.focus();
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
    if (event.key !== 'Escape') return;
    details.close();
    sentences.focus();
  });
  for (const undo of root.querySelectorAll('[data-undo]')) undo.addEventListener('click', () => commands.undo?.());
  the('#open-guide', HTMLButtonElement).addEventListener('click', () => commands.guide?.());
  the('#open-keys', HTMLButtonElement).addEventListener('click', () => commands.keys?.());
  document.querySelector('#cues')?.addEventListener('click', async ({ currentTarget }) => {
    const { cues } = await import('../desk/cues.js');
    await cues(/** @type {HTMLElement} */ (currentTarget), list, given.urls.cues ?? '').catch(() =>
      notify('The cue words cannot be fetched now.'),
    );
  });
  the('#desk-tools', HTMLElement).hidden = false;

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
