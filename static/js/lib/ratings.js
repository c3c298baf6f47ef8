/** The ratings that go with an answer: one given at most, and those taken back. */

/** @typedef {import('../types.js').Rating} Rating */

/**
 * What goes out with the next value of an answer. A rating that still waits goes along, unless a newer one takes its
 * place, it is taken back, or the answer names another source now.
 * @param {Rating[]} waiting
 * @param {Rating[]} added
 * @param {boolean} isSameSource
 * @returns {Rating[]}
 */
export function broughtRatings(waiting, added, isSameSource) {
  const isReplaced = !isSameSource || added.some((rating) => !rating.withdrawn);
  const ids = new Set(added.map((rating) => rating.id));
  const kept = waiting.filter((rating) => !ids.has(rating.id) && (rating.withdrawn || !isReplaced));
  return [...kept, ...added];
}
