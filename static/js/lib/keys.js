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
  if (isAsking && pressed.shiftKey) {
    const above = capDigit(pressed);
    if (above && above !== '0') return { command: 'name', value: above };
  }
  if (isAsking && key === '/') return { command: 'write' };
  const command = SINGLE[key];
  if (command) return { command };
  const digit = digitOf(pressed);
  const type = isAsking && digit ? types[TYPE_KEYS.indexOf(digit)] : undefined;
  if (type) return { command: 'type', value: type };
  if (isLocked && digit) return { command: 'digit', value: digit };
  const tag = tagKeys[digit ?? key];
  return tag ? { command: 'tag', value: tag } : undefined;
}

/**
 * The digit that a key means: the one it types, or without Shift the one on its cap, which French and Czech keyboards
 * type only with Shift.
 * @param {Pressed} pressed
 */
export function digitOf(pressed) {
  if (/^\d$/.test(pressed.key)) return pressed.key;
  return pressed.shiftKey ? undefined : capDigit(pressed);
}

/**
 * The digit on the cap of a key of the top row, whatever it types.
 * @param {Pressed} pressed
 */
function capDigit(pressed) {
  return pressed.code?.match(/^Digit(\d)$/)?.[1];
}

/** @param {Meaning} meaning */
export function goesOnWhileHeld({ command }) {
  return REPEATED.has(command);
}
