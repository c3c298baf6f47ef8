/**
 * What was changed and is not yet acknowledged by the server: one record a sentence, claim, mention, item or assessment,
 * newest value only.
 *
 * A record lies in `storage` under `<prefix><id>`, so another person's records, under another prefix, are never met.
 * Where the storage refuses (full, forbidden), the record stays in memory and `trouble` says so.
 */

/** @typedef {import('../types.js').OutboxRecord} OutboxRecord */
/** @typedef {Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>} Store */

const MOST_TRIED = 100;

export class Outbox {
  /** Whether the newest write found no room in the storage. */
  trouble = false;

  /** @type {Map<string, OutboxRecord>} */
  #memory = new Map();
  /** @type {Map<string, { text: string, record: OutboxRecord }>} what was parsed, and from what */
  #read = new Map();
  /** @type {Store | null} */
  #storage;
  /** @type {string} */
  #prefix;
  #last = 0;

  /**
   * @param {Store | null} storage
   * @param {string} prefix  instance and user: `claimtag:<instance>:<user_id>:`
   */
  constructor(storage, prefix) {
    this.#storage = storage;
    this.#prefix = prefix;
    this.trouble = storage === null;
  }

  /** @param {string} key */
  owns(key) {
    return key.startsWith(this.#prefix) && isId(key.slice(this.#prefix.length));
  }

  /** @param {string} id */
  get(id) {
    return this.#memory.get(id) ?? this.#stored(id);
  }

  /**
   * Replace what is unsent under this id by a newer value.
   *
   * The client ids of the values that were sent before are remembered: a request whose answer was lost may have
   * arrived, and the server then holds our own earlier value, which is no conflict.
   * @param {Pick<OutboxRecord, 'id' | 'kind' | 'method' | 'url' | 'body' | 'version' | 'about' | 'assignment_key' | 'brought' | 'after'>} change
   * @returns {OutboxRecord}
   */
  put(change) {
    const before = this.get(change.id);
    const open = before?.state === 'refused' ? undefined : before;
    return this.#write({
      ...change,
      version: open ? open.version : change.version,
      assignment_key: open?.assignment_key ?? change.assignment_key,
      client_id: newId(),
      is_sent: false,
      tried: before
        ? [...before.tried, ...(before.is_sent === false ? [] : [before.client_id])].slice(-MOST_TRIED)
        : [],
      queued_at: open ? open.queued_at : this.#now(),
      state: open ? open.state : 'waiting',
      ...(open?.current && { current: open.current }),
    });
  }

  /**
   * The value under this id is on its way from now on; only a value that was may stand at the server.
   * @param {string} id
   * @returns {OutboxRecord | undefined} it, where it waits
   */
  send(id) {
    const record = this.get(id);
    if (record?.state !== 'waiting') return undefined;
    return record.is_sent === false ? this.#write({ ...record, is_sent: true }) : record;
  }

  /** All records, the oldest first. */
  all() {
    const ids = new Set(this.#memory.keys());
    for (let i = 0; i < (this.#storage?.length ?? 0); i++) {
      const key = this.#storage?.key(i) ?? '';
      if (this.owns(key)) ids.add(key.slice(this.#prefix.length));
    }
    const records = [...ids].map((id) => this.get(id)).filter((record) => record !== undefined);
    return records.sort((a, b) => a.queued_at - b.queued_at);
  }

  waiting() {
    return this.all().filter((record) => record.state === 'waiting');
  }

  /**
   * The server has answered for this client id. A newer value stays, to follow upon that version.
   * @param {string} id
   * @param {string} clientId
   * @param {number} version
   * @param {string | null} [assignmentKey]  of the piece of work that the answer went to
   * @returns {boolean} whether nothing newer waits
   */
  answered(id, clientId, version, assignmentKey) {
    const record = this.get(id);
    if (!record) return true;
    if (record.client_id === clientId) {
      this.drop(id);
      return true;
    }
    if (record.tried.includes(clientId) && version > record.version) {
      this.#write({ ...record, version, assignment_key: record.assignment_key ?? assignmentKey });
    }
    return false;
  }

  /**
   * The server holds another value than the one this change was made upon.
   * @param {string} id
   * @param {import('../types.js').Answer} current
   * @returns {boolean} whether a person has to choose; false when the other value is an earlier one of ours
   */
  conflict(id, current) {
    const record = this.get(id);
    if (!record) return false;
    const version = Number(current.version);
    const clientId = String(current.client_id);
    if (clientId === record.client_id) return !this.answered(id, clientId, version);
    const ours = record.tried.includes(clientId);
    if (ours) this.#write({ ...record, version, tried: record.tried.filter((tried) => tried !== clientId) });
    else this.#write({ ...record, state: 'conflict', current });
    return !ours;
  }

  /**
   * Send our value all the same, upon the version it was in conflict with.
   * @param {string} id
   */
  insist(id) {
    const record = this.get(id);
    if (!record?.current) return;
    const { current, ...kept } = record;
    const key = /** @type {string | undefined} */ (record.assignment_key ?? current.assignment_key);
    this.#write({
      ...kept,
      state: 'waiting',
      version: Number(current.version),
      client_id: newId(),
      is_sent: false,
      assignment_key: key,
    });
  }

  /**
   * The server will never take this value; it stays here until the person has seen it.
   * @param {string} id
   * @param {string} clientId
   * @param {string} error
   * @param {string} code
   */
  refuse(id, clientId, error, code) {
    const record = this.get(id);
    if (record?.client_id === clientId) this.#write({ ...record, state: 'refused', error, code });
  }

  /** @param {string} id */
  drop(id) {
    this.#memory.delete(id);
    try {
      this.#storage?.removeItem(this.#prefix + id);
    } catch {
      this.trouble = true;
    }
  }

  /**
   * @param {OutboxRecord} record
   * @returns {OutboxRecord}
   */
  #write(record) {
    try {
      if (!this.#storage) throw new Error('no storage');
      this.#storage.setItem(this.#prefix + record.id, JSON.stringify(record));
      this.#memory.delete(record.id);
      this.trouble = this.#memory.size > 0;
    } catch {
      this.#memory.set(record.id, record);
      this.trouble = true;
    }
    return record;
  }

  /**
   * @param {string} id
   * @returns {OutboxRecord | undefined}
   */
  #stored(id) {
    try {
      const text = this.#storage?.getItem(this.#prefix + id);
      if (!text) return undefined;
      if (this.#read.get(id)?.text !== text) this.#read.set(id, { text, record: JSON.parse(text) });
      return this.#read.get(id)?.record;
    } catch {
      return undefined;
    }
  }

  /** Rises even when two changes fall into one millisecond. */
  #now() {
    this.#last = Math.max(Date.now(), this.#last + 1);
    return this.#last;
  }
}

/** @param {string} id  a sentence's number, perhaps with `@` and the key of the work, or `claim-…` and the like */
function isId(id) {
  return /^(\d+(@[\w-]+)?|(note|claim|mention|item|assessment)-[\w-]+)$/.test(id);
}

/** A random UUID, also where the page is not served over TLS and `crypto.randomUUID` is missing. */
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5');
}

/** The browser's storage, or null where it is forbidden. */
export function localStore() {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}
