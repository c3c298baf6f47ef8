/** Names of sources as they are compared: as the server does it, so that what is known here is found without it. */

/**
 * Marks and case dropped, each word behind one blank: what a word begins with is found behind a blank.
 * @param {string} name
 */
export function nameKey(name) {
  const plain = name.normalize('NFKD').toLowerCase().replaceAll('ß', 'ss').replace(/\p{M}/gu, '');
  return (plain.match(/[\p{L}\p{N}]+/gu) ?? []).map((word) => ` ${word}`).join('');
}

/**
 * Whether every word asked for begins a word of the name; nothing asked for fits every name.
 * @param {string} name
 * @param {string} asked
 */
export function fits(name, asked) {
  const key = nameKey(name);
  return nameKey(asked)
    .split(' ')
    .every((word) => key.includes(` ${word}`) || !word);
}

/**
 * The name in parts, those that begin as a word asked for does marked.
 * @param {string} name
 * @param {string} asked
 * @returns {{ text: string, isAsked: boolean }[]}
 */
export function marked(name, asked) {
  const words = nameKey(asked).split(' ').filter(Boolean);
  return name.split(/(?<=[^\p{L}\p{N}\p{M}])|(?=[^\p{L}\p{N}\p{M}])/u).flatMap((part) => {
    const word = words.find((one) => nameKey(part).startsWith(` ${one}`));
    if (!word) return [{ text: part, isAsked: false }];
    let end = 1;
    while (end < part.length && nameKey(part.slice(0, end)).length <= word.length) end += 1;
    return [
      { text: part.slice(0, end), isAsked: true },
      { text: part.slice(end), isAsked: false },
    ].filter(({ text }) => text);
  });
}
