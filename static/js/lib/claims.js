/**
 * What a desk knows of claims: which sentences mention which, one's own assessment of each, and the evidence. What is
 * unsent lies over what the server told; each change becomes a record of the outbox and tells how it is undone.
 */

import { newId } from './outbox.js';

/** @typedef {import('../types.js').Claim} Claim */
/** @typedef {import('../types.js').Mention} Mention */
/** @typedef {import('../types.js').Item} Item */
/** @typedef {import('../types.js').Assessment} Assessment */
/** @typedef {import('../types.js').Did} Did */
/** @typedef {import('../types.js').ClaimKind} ClaimKind */
/** @typedef {import('../types.js').OutboxRecord} OutboxRecord */
/** @typedef {{ id: number, index: number, text: string }} Where */
/** @typedef {Record<string, unknown>} Values */

const UNDONE = 'undone at the desk';
const TAKEN_BACK = 'taken back at the desk';
const KINDS = new Set(['claim', 'mention', 'item', 'assessment', 'note']);
const OF_REVISION = new Set(['id', 'claim_id', 'version', 'client_id', 'is_mine', 'withdrawn_why', 'created_at']);

/** @param {OutboxRecord} record  whether it is about a claim and no answer */
export function isAboutClaims(record) {
  return KINDS.has(record.kind);
}

export class Claims {
  #desk;
  #outbox;
  /** @type {Map<string, Claim>} */
  #claims = new Map();
  /** @type {Map<string, Mention>} */
  #mentions = new Map();

  /**
   * @param {import('../types.js').Desk} desk
   * @param {import('./outbox.js').Outbox} outbox
   */
  constructor(desk, outbox) {
    this.#desk = desk;
    this.#outbox = outbox;
    this.learn(desk.claims ?? [], desk.mentions ?? []);
  }

  /**
   * @param {Claim[]} claims  as the server tells them
   * @param {Mention[]} [mentions]
   */
  learn(claims, mentions = []) {
    for (const claim of claims) this.#claims.set(claim.id, claim);
    for (const mention of mentions) this.#mentions.set(mention.id, mention);
  }

  /**
   * A claim that comes along: of one that is known already, answers that were under way may have told more since.
   * @param {Claim} claim
   */
  #meet(claim) {
    if (!this.#claims.has(claim.id)) this.learn([claim]);
  }

  // ---- what there is, with what is unsent

  /** The mentions by sentence. */
  mentionsBySentence() {
    const records = this.#outbox.all().filter(isAboutClaims);
    const gone = new Set(records.filter(({ method }) => method === 'DELETE').map(({ id }) => id));
    /** @type {Map<string, Mention>} */
    const now = new Map(this.#mentions);
    for (const record of records) {
      const mention = record.method === 'DELETE' ? undefined : unsentMention(record, now);
      if (mention) now.set(mention.id, mention);
    }
    /** @type {Map<number, Mention[]>} */
    const found = new Map();
    for (const mention of now.values()) {
      if (gone.has(`mention-${mention.id}`) || gone.has(`claim-${mention.claim_id}`)) continue;
      found.set(mention.sentence_id, [...(found.get(mention.sentence_id) ?? []), mention]);
    }
    return found;
  }

  /** @param {number} sentenceId */
  mentionsOn(sentenceId) {
    return this.mentionsBySentence().get(sentenceId) ?? [];
  }

  /**
   * The claim; one that is known by a record alone, as after a reload without a network, by its wording.
   * @param {string} id
   * @returns {Claim}
   */
  claim(id) {
    const wording = () => this.#outbox.all().find(({ about }) => about.claim_id === id)?.about.wording;
    return this.#claims.get(id) ?? newClaim(id, wording());
  }

  /**
   * One's own assessment of the claim.
   * @param {string} claimId
   * @returns {Partial<Assessment>}
   */
  assessment(claimId) {
    const saved = this.claim(claimId).assessment ?? {};
    return { ...saved, .../** @type {Values} */ (this.unsent('assessment', claimId)?.body) };
  }

  /**
   * The items that the desk was told of, or that were entered here.
   * @param {string} claimId
   * @returns {Item[]}
   */
  items(claimId) {
    const saved = new Map(this.claim(claimId).items.map((item) => [item.id, item]));
    for (const record of this.#unsentItems(claimId)) {
      const id = thingOf(record);
      if (record.method === 'DELETE') saved.delete(id);
      else saved.set(id, /** @type {Item} */ ({ version: 0, ...record.body, id, is_mine: true }));
    }
    return [...saved.values()];
  }

  /**
   * How many items there are, one's own and all that may be seen.
   * @param {string} claimId
   */
  count(claimId) {
    const { items, item_count } = this.claim(claimId);
    const there = new Set(items.map(({ id }) => id));
    const unsent = this.#unsentItems(claimId);
    const added = unsent.filter((record) => record.method !== 'DELETE' && !there.has(thingOf(record))).length;
    const gone = unsent.filter((record) => record.method === 'DELETE' && there.has(thingOf(record))).length;
    return { own: item_count.own + added - gone, visible: item_count.visible + added - gone };
  }

  /** @param {string} claimId */
  #unsentItems(claimId) {
    return this.#outbox.all().filter(({ kind, about }) => kind === 'item' && about.claim_id === claimId);
  }

  /**
   * @param {ClaimKind} kind
   * @param {string} id
   */
  unsent(kind, id) {
    return this.#outbox.get(`${kind}-${id}`);
  }

  /**
   * What waits or is in doubt of the sentence's claims.
   * @param {number} sentenceId
   */
  unsentOn(sentenceId) {
    return this.#outbox.all().filter((record) => isAboutClaims(record) && record.about.sentence_id === sentenceId);
  }

  /**
   * Whether the item has its origin, by way of others too, from the other one: the other cannot have it from this one.
   * @param {Item} item
   * @param {string} other
   */
  leadsTo(item, other) {
    const items = new Map(this.items(item.claim_id).map((one) => [one.id, one]));
    const met = new Set();
    for (
      let at = /** @type {Item | undefined} */ (item);
      at && !met.has(at.id);
      at = items.get(at.same_origin_as ?? '')
    ) {
      if (at.id === other) return true;
      met.add(at.id);
    }
    return false;
  }

  // ---- what is done; each tells how it is undone

  /**
   * A new claim, which the sentence mentions.
   * @param {Where} where
   * @param {string} wording
   * @param {string} kind
   * @returns {Did}
   */
  make(where, wording, kind) {
    const id = newId();
    const body = { id, wording: wording.replace(/\s+/g, ' ').trim(), kind };
    this.#put('claim', id, where, { claim_id: id, method: 'POST', body, wording: body.wording, version: 0 });
    return { kind: 'claim', id, claim_id: id, before: null };
  }

  /**
   * A claim that is there is mentioned in the sentence.
   * @param {Where} where
   * @param {Claim} claim
   * @param {string} kind
   * @returns {Did}
   */
  mention(where, claim, kind) {
    const id = newId();
    if (claim.version) this.#meet(claim);
    this.#putMention(id, where, { claim_id: claim.id, sentence_id: where.id, kind });
    return { kind: 'mention', id, claim_id: claim.id, before: null };
  }

  /**
   * The sentence does something else with the claim, or, said again, still does it.
   * @param {Where} where
   * @param {Mention} mention
   * @param {string} kind
   * @returns {Did}
   */
  amendMention(where, mention, kind) {
    this.#putMention(mention.id, where, { claim_id: mention.claim_id, sentence_id: mention.sentence_id, kind });
    return { kind: 'mention', id: mention.id, claim_id: mention.claim_id, before: mentionValues(mention) };
  }

  /**
   * @param {Where} where
   * @param {Mention} mention
   * @returns {Did}
   */
  withdrawMention(where, mention) {
    this.#takeBack('mention', mention.id, mention.claim_id, where, TAKEN_BACK);
    return { kind: 'mention', id: mention.id, claim_id: mention.claim_id, before: mentionValues(mention) };
  }

  /**
   * How one finds that the claim stands, or what one found.
   * @param {Where} where
   * @param {string} claimId
   * @param {Partial<Assessment>} changes
   * @returns {Did}
   */
  assess(where, claimId, changes) {
    const now = this.assessment(claimId);
    const before = now.status ? assessedValues(now) : null;
    this.#putAssessment(claimId, where, { ...assessedValues(now), ...changes });
    return { kind: 'assessment', id: claimId, claim_id: claimId, before };
  }

  /**
   * A new item, or one's own with other values.
   * @param {Where} where
   * @param {string} claimId
   * @param {Item | null} item
   * @param {Values} values
   * @returns {Did}
   */
  saveItem(where, claimId, item, values) {
    const id = item?.id ?? newId();
    this.#putItem(id, where, claimId, values);
    return { kind: 'item', id, claim_id: claimId, before: item && itemValues(item) };
  }

  /**
   * @param {Where} where
   * @param {Item} item
   * @returns {Did}
   */
  withdrawItem(where, item) {
    this.#takeBack('item', item.id, item.claim_id, where, TAKEN_BACK);
    return { kind: 'item', id: item.id, claim_id: item.claim_id, before: itemValues(item) };
  }

  /**
   * Take it back: what was never sent is forgotten, all else is withdrawn, or said again as before.
   * @param {Where} where
   * @param {Did} did
   */
  undo(where, { kind, id, claim_id, before }) {
    const record = this.unsent(kind, id);
    const neverSent = record && (record.state === 'refused' || (record.is_sent === false && !record.tried.length));
    if (neverSent && (!before || JSON.stringify(before) === JSON.stringify(this.#saved(kind, id, claim_id))))
      return this.drop(record);
    if (before && kind === 'mention') this.#putMention(id, where, { claim_id, sentence_id: where.id, ...before });
    else if (before && kind === 'item') this.#putItem(id, where, claim_id, before);
    else if (kind === 'assessment') this.#putAssessment(claim_id, where, before ?? { status: 'not_started' });
    else this.#takeBack(kind, id, claim_id, where, UNDONE);
  }

  /**
   * What the server has of it.
   * @param {ClaimKind} kind
   * @param {string} id
   * @param {string} claimId
   */
  #saved(kind, id, claimId) {
    const { assessment, items } = this.claim(claimId);
    if (kind === 'assessment') return assessment && assessedValues(assessment);
    if (kind === 'item') return itemValues(items.find((item) => item.id === id));
    return mentionValues(this.#mentions.get(id)) ?? ofNewClaim(this.unsent('claim', id));
  }

  /**
   * Forget a record, and what the server would refuse without it.
   * @param {OutboxRecord} record
   */
  drop(record) {
    this.#outbox.drop(record.id);
    for (const other of this.#outbox.all()) {
      if (other.after?.includes(record.id) && other.method !== 'DELETE') this.drop(other);
    }
  }

  /**
   * The other value holds, of two that were given.
   * @param {OutboxRecord} record
   */
  takeTheirs(record) {
    if (record.current) this.#learnRow(record, /** @type {Values} */ (record.current));
    this.drop(record);
  }

  /**
   * What the server answered.
   * @param {OutboxRecord} record
   * @param {Values} reply
   */
  takeReply(record, reply) {
    this.#learnRow(record, 'withdrawn_why' in reply || record.method !== 'DELETE' ? reply : { withdrawn_why: '' });
  }

  /**
   * @param {OutboxRecord} record
   * @param {Values} row
   */
  #learnRow(record, row) {
    const id = thingOf(record);
    const claimId = String(record.about.claim_id);
    const claim = this.#claims.get(claimId) ?? newClaim(claimId, record.about.wording);
    const isGone = 'withdrawn_why' in row;
    if (record.kind === 'claim') this.#learnClaim(id, row, isGone);
    if (record.kind === 'mention' && isGone) this.#mentions.delete(id);
    else if (record.kind === 'mention') {
      const { claim: told, ...mention } = row;
      this.learn([], [/** @type {Mention} */ (mention)]);
      if (told) this.#meet(/** @type {Claim} */ (told));
    }
    if (record.kind === 'assessment') {
      this.learn([{ ...claim, assessment: /** @type {Assessment} */ (/** @type {unknown} */ (row)) }]);
    }
    if (record.kind === 'item') this.#learnItem(claim, id, isGone ? null : /** @type {Item} */ (row));
  }

  /**
   * @param {string} id
   * @param {Values} row
   * @param {boolean} isGone
   */
  #learnClaim(id, row, isGone) {
    if (isGone) {
      this.#claims.delete(id);
      for (const mention of this.#mentions.values()) if (mention.claim_id === id) this.#mentions.delete(mention.id);
      return;
    }
    const { mention, ...claim } = row;
    this.learn([{ ...newClaim(id), ...claim }], mention ? [/** @type {Mention} */ (mention)] : []);
  }

  /**
   * @param {Claim} claim
   * @param {string} id
   * @param {Item | null} item  null: it was taken back
   */
  #learnItem(claim, id, item) {
    const others = claim.items.filter((one) => one.id !== id);
    const more = (item ? 1 : 0) - (claim.items.length - others.length);
    const { own, visible } = claim.item_count;
    const items = item ? claim.items.map((one) => (one.id === id ? item : one)) : others;
    this.learn([
      {
        ...claim,
        items: item && more ? [...others, item] : items,
        item_count: { own: own + more, visible: visible + more },
      },
    ]);
  }

  // ---- records

  /**
   * @param {string} id
   * @param {Where} where
   * @param {Values & { claim_id: string }} body
   */
  #putMention(id, where, body) {
    // The first mention of a new claim comes with it, and bears its id.
    const version = this.#mentions.get(id)?.version ?? (id === body.claim_id ? 1 : 0);
    this.#put('mention', id, where, { claim_id: body.claim_id, method: 'PUT', body, version });
  }

  /**
   * @param {string} claimId
   * @param {Where} where
   * @param {Values} body
   */
  #putAssessment(claimId, where, body) {
    const version = this.claim(claimId).assessment?.version ?? 0;
    this.#put('assessment', claimId, where, { claim_id: claimId, method: 'PUT', body, version });
  }

  /**
   * @param {string} id
   * @param {Where} where
   * @param {string} claimId
   * @param {Values} values
   */
  #putItem(id, where, claimId, values) {
    const version = this.#versionOfItem(claimId, id);
    const body = { claim_id: claimId, ...values };
    this.#put('item', id, where, { claim_id: claimId, method: 'PUT', body, version, needs: values.same_origin_as });
  }

  /**
   * @param {string} claimId
   * @param {string} id
   */
  #versionOfItem(claimId, id) {
    return this.claim(claimId).items.find((item) => item.id === id)?.version ?? 0;
  }

  /**
   * @param {'claim' | 'mention' | 'item'} kind
   * @param {string} id
   * @param {string} claim_id
   * @param {Where} where
   * @param {string} reason
   */
  #takeBack(kind, id, claim_id, where, reason) {
    const version = {
      claim: () => this.claim(id).version ?? 0,
      mention: () => this.#mentions.get(id)?.version ?? (id === claim_id ? 1 : 0),
      item: () => this.#versionOfItem(claim_id, id),
    }[kind]();
    this.#put(kind, id, where, { claim_id, method: 'DELETE', body: { reason }, version });
  }

  /**
   * @param {ClaimKind} kind
   * @param {string} id
   * @param {Where} where
   * @param {{ claim_id: string, method: string, body: Values, version: number, wording?: string, needs?: unknown }} change
   */
  #put(kind, id, where, { claim_id, method, body, version, wording, needs }) {
    // A claim goes last when it is taken back: nothing about it is taken any more then.
    const about = this.#outbox.all().filter((other) => other.about.claim_id === claim_id && other.kind !== 'claim');
    const after = kind === 'claim' ? about.map((other) => other.id) : [`claim-${claim_id}`];
    if (needs && this.unsent('item', String(needs))?.version === 0) after.push(`item-${needs}`);
    this.#outbox.put({
      id: `${kind}-${id}`,
      kind,
      method,
      url: this.#address(kind, id, where, method),
      body: /** @type {import('../types.js').Answer} */ (body),
      version,
      after,
      about: {
        article_id: this.#desk.article_id,
        sentence_id: where.id,
        index: where.index,
        text: where.text.slice(0, 200),
        claim_id,
        wording: wording ?? this.claim(claim_id).wording,
      },
    });
  }

  /**
   * @param {ClaimKind} kind
   * @param {string} id
   * @param {Where} where
   * @param {string} method
   */
  #address(kind, id, where, method) {
    const { urls } = this.#desk;
    if (kind === 'claim' && method === 'POST') return (urls.claims ?? '').replace('/0/', `/${where.id}/`);
    return (urls[kind] ?? '').replace('ID', id);
  }
}

/**
 * @param {string} id
 * @param {string} [wording]
 * @returns {Claim}  of which nothing else is known
 */
function newClaim(id, wording = 'a claim named elsewhere') {
  return { id, wording, assessment: null, items: [], item_count: { own: 0, visible: 0 } };
}

/** @param {OutboxRecord} record  the id of what it is about */
export function thingOf(record) {
  return record.id.slice(record.id.indexOf('-') + 1);
}

/**
 * @param {OutboxRecord} record
 * @param {Map<string, Mention>} saved
 * @returns {Mention | undefined}
 */
function unsentMention({ id, kind, body, about }, saved) {
  const own = id.slice(kind.length + 1);
  const made = { version: 0, is_mine: true, to_confirm: false, sentence_id: about.sentence_id };
  if (kind === 'claim') return { ...made, id: own, claim_id: own, kind: String(body.kind) };
  if (kind !== 'mention') return undefined;
  return { ...made, ...saved.get(own), id: own, claim_id: String(about.claim_id), kind: String(body.kind) };
}

/** @param {Mention} [mention] */
function mentionValues(mention) {
  return mention ? { kind: mention.kind } : null;
}

/** @param {OutboxRecord} [record]  of a new claim, which brings its first mention along */
function ofNewClaim(record) {
  return record?.method === 'POST' ? { kind: record.body.kind } : null;
}

/** @param {Partial<Assessment>} assessment */
function assessedValues({ status = 'not_started', note, look_again_by, why_other }) {
  const values = { status, note, look_again_by, why_other };
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value));
}

/** @param {Item} [item]  as it is sent */
export function itemValues(item) {
  return item ? Object.fromEntries(Object.entries(item).filter(([name]) => !OF_REVISION.has(name))) : null;
}
