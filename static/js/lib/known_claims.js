/**
 * What a desk knows of claims: which sentences mention which, one's own assessment of each, and the evidence. What is
 * unsent lies over what the server told.
 */

/** @typedef {import('../types.js').Claim} Claim */
/** @typedef {import('../types.js').Mention} Mention */
/** @typedef {import('../types.js').Item} Item */
/** @typedef {import('../types.js').Assessment} Assessment */
/** @typedef {import('../types.js').ClaimKind} ClaimKind */
/** @typedef {import('../types.js').OutboxRecord} OutboxRecord */
/** @typedef {Record<string, unknown>} Values */

const KINDS = new Set(['claim', 'mention', 'item', 'assessment', 'note']);

/** @param {OutboxRecord} record  whether it is about a claim and no answer */
export function isAboutClaims(record) {
  return KINDS.has(record.kind);
}

export class KnownClaims {
  #outbox;
  /** @type {Map<string, Claim>} */
  #claims = new Map();
  /** @type {Map<string, Mention>} */
  #mentions = new Map();

  /**
   * @param {Pick<import('../types.js').Desk, 'claims' | 'mentions'>} desk
   * @param {import('./outbox.js').Outbox} outbox
   */
  constructor(desk, outbox) {
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
  meet(claim) {
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
   * The items whose origin this one can share: others of the claim, but for those that have theirs by way of this one, of
   * which each would wait for the other to be stored. The one that it names already stays.
   * @param {string} claimId
   * @param {Item | null} item  null for a new one
   */
  possibleOrigins(claimId, item) {
    const others = this.items(claimId).filter(({ id }) => id !== item?.id);
    return others.filter((one) => !item || one.id === item.same_origin_as || !this.#leadsTo(one, item.id));
  }

  /**
   * Whether the item has its origin, by way of others too, from the other one.
   * @param {Item} item
   * @param {string} other
   */
  #leadsTo(item, other) {
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

  /**
   * The version of the mention that the server told; the first mention of a new claim comes with it, and bears its id.
   * @param {string} id
   * @param {string} claimId
   */
  versionOfMention(id, claimId) {
    return this.#mentions.get(id)?.version ?? (id === claimId ? 1 : 0);
  }

  /**
   * @param {string} id
   * @param {string} claimId
   */
  versionOfItem(id, claimId) {
    return this.claim(claimId).items.find((item) => item.id === id)?.version ?? 0;
  }

  /**
   * The mention as the server told it.
   * @param {string} id
   */
  savedMention(id) {
    return this.#mentions.get(id);
  }

  // ---- what is learnt

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
      if (told) this.meet(/** @type {Claim} */ (told));
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
}

/**
 * @param {string} id
 * @param {string} [wording]
 * @returns {Claim}  of which nothing else is known
 */
function newClaim(id, wording = 'a claim named elsewhere') {
  return { id, wording, assessment: null, items: [], item_count: { own: 0, visible: 0 } };
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

/** @param {OutboxRecord} record  the id of what it is about */
export function thingOf(record) {
  return record.id.slice(record.id.indexOf('-') + 1);
}
