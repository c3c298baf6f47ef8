/** What a key means while the list of sentences has the focus. */

/** Digits of the types of source, in the order of the codebook. */
export const TYPE_KEYS = '1234567890';

/** Keys that act whether single keys are on or off. @type {Record<string, string>} */
const ALWAYS = {
  ArrowDown: 'next',
  ArrowUp: 'before',
  Home: 'first',
  End: 'last',
  Enter: 'details',
};
/** @type {Record<string, string>} */
const SINGLE = {
  j: 'next',
  k: 'before',
  n: 'needing',
  '.': 'repeat',
  c: 'claims',
  e: 'evidence',
  w: 'elsewhere',
  l: 'link',
  r: 'rate',
  u: 'undo',
  g: 'guide',
  '/': 'find',
  '#': 'number',
  v: 'filter',
  '?': 'keys',
};
/** @type {Record<string, string>} */
const WITH_CONTROL = { z: 'undo', Enter: 'submit' };

/** What a key held down goes on doing: it must not tag the rest of the article. */
const REPEATED = new Set(['next', 'before', 'first', 'last']);

/**
 * `name` is what is to be done; `tag`, `type` and `name` (of a source used above) say of what.
 * @typedef {{ command: string, value?: string }} Meaning
 * @typedef {{ key: string, code?: string, ctrlKey?: boolean, altKey?: boolean, metaKey?: boolean, shiftKey?: boolean,
 *   repeat?: boolean, isComposing?: boolean }} Pressed
 */

/**
 * @param {Pressed} pressed
 * @param {{ tagKeys: Record<string, string>, types: string[], isAsking: boolean, areSingle: boolean, isLocked?: boolean }} desk
 *   `isAsking`: the source type of the sentence in hand is asked for; `areSingle`: single letters and digits act;
 *   `isLocked`: nothing can be tagged any more, so that digits make the number of a sentence
 * @returns {Meaning | undefined}  undefined for a key that is none of the desk's
 */
export function meaningOf(pressed, { tagKeys, types, isAsking, areSingle, isLocked }) {
  if (pressed.isComposing || pressed.altKey || pressed.metaKey) return undefined;
  const key = pressed.key.length === 1 ? pressed.key.toLowerCase() : pressed.key;
  if (pressed.ctrlKey) {
    const command = pressed.shiftKey ? undefined : WITH_CONTROL[key];
    return command ? { command } : undefined;
  }
  const always = ALWAYS[key];
  if (always) return { command: always };
  if (isAsking && key === 'Escape') return { command: 'leave' };
  if (!areSingle) return undefined;
  if (isAsking) {
    const type = types[TYPE_KEYS.indexOf(key)];
    if (type && /^\d$/.test(key)) return { command: 'type', value: type };
    const above = pressed.shiftKey ? pressed.code?.match(/^Digit([1-9])$/)?.[1] : undefined;
    if (above) return { command: 'name', value: above };
    if (key === '/') return { command: 'write' };
  }
  if (isLocked && /^\d$/.test(key)) return { command: 'digit', value: key };
  const tag = tagKeys[key];
  if (tag) return { command: 'tag', value: tag };
  const command = SINGLE[key];
  return command ? { command } : undefined;
}

/** @param {Meaning} meaning */
export function goesOnWhileHeld({ command }) {
  return REPEATED.has(command);
}
