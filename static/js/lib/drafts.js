/** Evidence that was begun and not saved: kept in this browser, by claim. */

import { localStore } from './outbox.js';

/** @typedef {{ instance: string, user_id: number }} Whose */

/**
 * @param {Whose} whose
 * @param {string} claimId
 */
function keyOf({ instance, user_id }, claimId) {
  return `claimtag-draft:${instance}:${user_id}:item:${claimId}`;
}

/**
 * @param {Whose} whose
 * @param {string} claimId
 * @returns {Record<string, string>}  empty where nothing was begun
 */
export function draftOf(whose, claimId) {
  try {
    return JSON.parse(localStore()?.getItem(keyOf(whose, claimId)) ?? '{}');
  } catch {
    return {};
  }
}

/**
 * @param {Whose} whose
 * @param {string} claimId
 */
export function isBegun(whose, claimId) {
  return Object.keys(draftOf(whose, claimId)).length > 0;
}

/**
 * @param {Whose} whose
 * @param {string} claimId
 * @param {Record<string, string> | null} told  null: nothing is left of it
 */
export function keepDraft(whose, claimId, told) {
  try {
    if (told && Object.keys(told).length) localStore()?.setItem(keyOf(whose, claimId), JSON.stringify(told));
    else localStore()?.removeItem(keyOf(whose, claimId));
  } catch {
    // The form still holds it.
  }
}
