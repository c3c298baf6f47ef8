/** What is done about claims at the desk: each change becomes a record of the outbox, and tells how it is undone. */

import { KnownClaims } from './known_claims.js';
import { newId } from './outbox.js';

/** @typedef {import('../types.js').Claim} Claim */
/** @typedef {import('../types.js').Mention} Mention */
/** @typedef {import('../types.js').Item} Item */
/** @typedef {import('../types.js').Assessment} Assessment */
/** @typedef {import('../types.js').Did} Did */
/** @typedef {import('../types.js').ClaimKind} ClaimKind */
/** @typedef {import('../types.js').OutboxRecord} OutboxRecord */
/** @typedef {{ id: number, index: number, text: string, article_id?: number }} Where  in another article it is named */
/** @typedef {Record<string, unknown>} Values */

const UNDONE = 'undone at the desk';
const TAKEN_BACK = 'taken back at the desk';
const OF_REVISION = new Set(['id', 'claim_id', 'version', 'client_id', 'is_mine', 'withdrawn_why', 'created_at']);

export class Claims extends KnownClaims {
  #urls;
  #articleId;
  #outbox;

  /**
   * @param {import('../types.js').Desk} desk
   * @param {import('./outbox.js').Outbox} outbox
   */
  constructor(desk, outbox) {
    super(desk, outbox);
    this.#urls = desk.urls;
    this.#articleId = desk.article_id;
    this.#outbox = outbox;
  }

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
    if (claim.version) this.meet(claim);
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
    return { kind: 'assessment', id: claimId, claim_id: claimId, before, is_note: !('status' in changes) };
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
    const isAsSaved = before
      ? JSON.stringify(before) === JSON.stringify(this.#saved(kind, id, claim_id))
      : record?.version === 0;
    if (neverSent && isAsSaved) return this.drop(record);
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
    return mentionValues(this.savedMention(id)) ?? ofNewClaim(this.unsent('claim', id));
  }

  // ---- records

  /**
   * @param {string} id
   * @param {Where} where
   * @param {Values & { claim_id: string }} body
   */
  #putMention(id, where, body) {
    const version = this.versionOfMention(id, body.claim_id);
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
    const version = this.versionOfItem(id, claimId);
    const body = { claim_id: claimId, ...values };
    this.#put('item', id, where, { claim_id: claimId, method: 'PUT', body, version, needs: values.same_origin_as });
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
      mention: () => this.versionOfMention(id, claim_id),
      item: () => this.versionOfItem(id, claim_id),
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
        article_id: where.article_id ?? this.#articleId,
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
    if (kind === 'claim' && method === 'POST') return (this.#urls.claims ?? '').replace('/0/', `/${where.id}/`);
    return (this.#urls[kind] ?? '').replace('ID', id);
  }
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
