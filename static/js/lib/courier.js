/** Takes the records of an outbox to the server: in order, four at a time, again and again until each has its answer. */

/** @typedef {import('../types.js').OutboxRecord} OutboxRecord */
/** @typedef {import('./outbox.js').Outbox} Outbox */
/** @typedef {'idle' | 'sending' | 'offline' | 'signed_out' | 'someone_else'} CourierState */
/** @typedef {(record: OutboxRecord, reply: import('../types.js').Answer | null, isNewest: boolean) => void} NotifyReply */

const AT_ONCE = 4;
const LONGEST_WAIT = 20_000;
const FINAL = new Set([400, 403, 404, 405, 409, 410, 413, 422]);

export class Courier {
  /** @type {CourierState} */
  state = 'idle';
  /** What the server said when it could not save; empty when it could not be reached at all. */
  why = '';
  csrf;

  #outbox;
  #userId;
  #meUrl;
  /** @type {NotifyReply} */
  #notifyReply;
  /** @type {() => void} */
  #notifyState;
  #fetch;
  /** @type {Set<string>} */
  #away = new Set();
  /** @type {Set<string>} */
  #resting = new Set();
  /** @type {Set<string>} */
  #held = new Set();
  #isDown = false;
  #isStuck = false;
  #failures = 0;
  #renewals = 0;
  #isAsking = false;
  #timer = 0;

  /**
   * @param {Outbox} outbox
   * @param {{ userId: number, csrf: string, meUrl: string, notifyReply: NotifyReply, notifyState: () => void, post?: typeof window.fetch }} ways
   *   `notifyReply` is called with each record that got an answer, `notifyState` whenever the state may have changed
   */
  constructor(outbox, { userId, csrf, meUrl, notifyReply, notifyState, post = window.fetch.bind(window) }) {
    this.#outbox = outbox;
    this.#userId = userId;
    this.csrf = csrf;
    this.#meUrl = meUrl;
    this.#notifyReply = notifyReply;
    this.#notifyState = notifyState;
    this.#fetch = post;
  }

  /** Whether what waits will wait for longer than a moment. */
  get isStuck() {
    return this.#isStuck || this.#isBarred;
  }

  get #isBarred() {
    return this.state === 'signed_out' || this.state === 'someone_else';
  }

  /**
   * Keep a record back while the person still types in it.
   * @param {string} id
   * @param {boolean} held
   */
  hold(id, held) {
    if (held) this.#held.add(id);
    else this.#held.delete(id);
  }

  /** Send what waits. Called at each change, when the network or the page comes back, and by the timer. */
  wake() {
    clearTimeout(this.#timer);
    this.#resting.clear();
    this.#isDown = false;
    if (this.#isBarred) void this.#whoIsThere();
    else this.#fill();
  }

  #fill() {
    if (this.#isBarred) return;
    for (const record of this.#outbox.waiting()) {
      if (this.#away.size >= AT_ONCE || this.#isDown || this.#isBringing()) break;
      if (this.#away.has(record.id) || this.#resting.has(record.id) || this.#held.has(record.id)) continue;
      if (this.#isAhead(record)) continue;
      this.#away.add(record.id);
      void this.#deliver(record.id);
    }
    if (this.#away.size) this.#be('sending');
    else if (this.state === 'sending') this.#be(this.#resting.size ? 'offline' : 'idle');
    else this.#notifyState();
    if (!this.#away.size && this.#resting.size) this.#later();
  }

  /** Whether one is away that brings sources or ratings: those behind it are answered by what it brought. */
  #isBringing() {
    return [...this.#away].some((id) => this.#outbox.get(id)?.brought);
  }

  /**
   * Whether something waits that the server has to have before this; what is taken back keeps nothing waiting.
   * @param {OutboxRecord} record
   */
  #isAhead({ after = [] }) {
    return after.some((id) => (this.#outbox.get(id)?.method ?? 'DELETE') !== 'DELETE');
  }

  /** @param {string} id */
  async #deliver(id) {
    const outcome = await exclusively(`${id} of ${this.#userId}`, () => this.#send(id)).catch(() => 'unreachable');
    this.#away.delete(id);
    if (outcome !== 'unavailable') this.why = '';
    if (outcome === 'done') {
      this.#failures = this.#renewals = 0;
      this.#isStuck = false;
    } else this.#resting.add(id);
    // What one record met on the way, the others would meet too: they need not all try.
    if (outcome === 'unreachable' || outcome === 'unavailable') this.#isDown = true;
    if (outcome === 'signed_out') this.#be('signed_out');
    else if (outcome === 'csrf' && this.#renewals < 2) await this.#whoIsThere();
    else this.#fill();
  }

  /**
   * @param {string} id
   * @returns {Promise<'done' | 'later' | 'unavailable' | 'signed_out' | 'csrf'>}
   */
  async #send(id) {
    const record = this.#outbox.send(id);
    if (!record) return 'done';
    const response = await this.#request(record);
    if (response.status === 401) return 'signed_out';
    const reply = await response.json();
    if (response.ok && typeof reply.version === 'number') {
      this.#notifyReply(
        record,
        reply,
        this.#outbox.answered(id, record.client_id, reply.version, /** @type {string} */ (reply.assignment_key)),
      );
    } else if (response.status === 404 && isTakenBackUnseen(record) && typeof reply.detail === 'string') {
      // It had never arrived, so there is nothing to take back.
      this.#notifyReply(record, { version: 0 }, this.#outbox.answered(id, record.client_id, 0));
    } else if (response.status === 409 && reply.code === 'conflict') {
      this.#outbox.conflict(id, reply.current ?? { version: 0 });
      this.#notifyReply(record, null, true);
    } else if (reply.code === 'csrf') {
      return 'csrf';
    } else if (FINAL.has(response.status) && typeof reply.detail === 'string') {
      this.#outbox.refuse(id, record.client_id, reply.detail, String(reply.code));
      this.#notifyReply(record, null, true);
    } else if (response.status === 503 && typeof reply.detail === 'string') {
      this.why = reply.detail;
      return 'unavailable';
    } else {
      return 'later';
    }
    return 'done';
  }

  /** @param {OutboxRecord} record */
  #request(record) {
    // What was put here before there were keys is sent without one: the server knows the one piece of work it can mean.
    const key = record.kind === 'answer' && record.assignment_key ? { assignment_key: record.assignment_key } : {};
    const { sources = [], ratings = [] } = record.brought ?? {};
    const body = JSON.stringify({
      ...record.body,
      ...key,
      ...(sources.length && { sources }),
      ...(ratings.length && { rating: ratings }),
      version: record.version,
      client_id: record.client_id,
    });
    return this.#fetch(record.url, {
      method: record.method,
      headers: {
        'Content-Type': 'application/json',
        Accept: 'application/json',
        'X-CSRFToken': this.csrf,
        'X-Claimtag-User': String(this.#userId),
      },
      body,
      redirect: 'error',
      keepalive: body.length < 8_000,
      signal: AbortSignal.timeout(LONGEST_WAIT),
    });
  }

  /** A new token, if the same person is still signed in. */
  async #whoIsThere() {
    if (this.#isAsking) return;
    this.#isAsking = true;
    this.#renewals += 1;
    try {
      const response = await this.#fetch(this.#meUrl, { headers: { Accept: 'application/json' }, redirect: 'error' });
      if (response.status === 401) return this.#be('signed_out');
      const me = await response.json();
      if (me.user_id !== this.#userId) return this.#be('someone_else');
      this.csrf = me.csrf;
      this.state = 'idle';
      this.#resting.clear();
    } catch {
      if (!this.#isBarred) this.state = 'offline';
    } finally {
      this.#isAsking = false;
    }
    if (this.state === 'idle') this.#fill();
    else this.#later();
  }

  #later() {
    clearTimeout(this.#timer);
    this.#isStuck = true;
    const seconds = Math.min(2 ** this.#failures, 30);
    this.#timer = window.setTimeout(() => {
      this.#failures += 1;
      this.wake();
    }, seconds * 1000);
    this.#notifyState();
  }

  /** @param {CourierState} state */
  #be(state) {
    this.state = state;
    this.#notifyState();
  }
}

/** @param {OutboxRecord} record  whether it takes back what the server may never have been sent */
function isTakenBackUnseen(record) {
  return record.method === 'DELETE' && record.version === 0 && record.kind !== 'answer';
}

/**
 * Runs `work` while no other tab of this browser delivers the same record.
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
async function exclusively(name, work) {
  return navigator.locks ? navigator.locks.request(`claimtag ${name}`, work) : work();
}
