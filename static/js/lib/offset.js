/** Offsets between what a text field shows and what the server stores. */

/**
 * The offset in code points of the stored text that a caret stands at.
 * A field counts UTF-16 units and shows CR LF as one character.
 * @param {string} stored  the text as it is stored
 * @param {number} caret  the field's caret, in UTF-16 units of what the field shows
 * @returns {number}
 */
export function codePointsAt(stored, caret) {
  const chars = [...stored];
  let shown = 0;
  let offset = 0;
  while (offset < chars.length && shown < caret) {
    const hidden = chars[offset] === '\r' && chars[offset + 1] === '\n';
    if (!hidden) shown += (chars[offset] ?? '').length;
    offset += 1;
  }
  return offset;
}

/**
 * Where the caret of a field stands when it is this many code points into the stored text.
 * @param {string} stored
 * @param {number} offset
 * @returns {number}
 */
export function caretAt(stored, offset) {
  return [...stored].slice(0, offset).join('').replaceAll('\r\n', '\n').length;
}
