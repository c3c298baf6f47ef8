/** Finding words in the sentences of an article. */

/**
 * As it is compared: without case, accents and apostrophes.
 * @param {string} text
 */
function plain(text) {
  return text
    .normalize('NFKD')
    .replace(/[\p{M}'’]/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/**
 * The places, from 0, of the sentences that hold what was asked for, as it stands there.
 * @param {{ text: string }[]} sentences
 * @param {string} asked
 */
export function found(sentences, asked) {
  const wanted = plain(asked);
  if (!wanted) return [];
  return sentences.flatMap(({ text }, at) => (plain(text).includes(wanted) ? [at] : []));
}

/**
 * The one of these places that comes next, from the first again behind the last.
 * @param {number[]} places
 * @param {number} here
 * @param {1 | -1} way
 */
export function next(places, here, way) {
  const ahead = way > 0 ? places.find((at) => at > here) : places.filter((at) => at < here).at(-1);
  return ahead ?? places.at(way > 0 ? 0 : -1);
}
