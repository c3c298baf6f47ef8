/** What an answer holds and what it still misses. Which fields there are and which a tag requires, the server says. */

/** @typedef {import('../types.js').Answer} Answer */

/**
 * Only what is recorded: no nulls, no empty texts, no flags that are down.
 * @param {Answer} values
 * @param {string[]} fields
 * @returns {Answer}
 */
export function recorded(values, fields) {
  const kept = fields.filter((name) => values[name] != null && values[name] !== '' && values[name] !== false);
  return Object.fromEntries(kept.map((name) => [name, values[name]]));
}

/**
 * The field without which this answer cannot be submitted.
 * @param {Answer} answer
 * @param {Record<string, string>} required  by tag
 */
export function missing(answer, required) {
  if (!answer.tag) return 'tag';
  const needed = required[String(answer.tag)];
  return needed && !answer[needed] ? needed : null;
}

/**
 * The names of the fields in which two answers differ; the time spent is no difference.
 * @param {Answer} one
 * @param {Answer} other
 */
export function differences(one, other) {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  names.delete('active_seconds');
  return [...names].filter((name) => (one[name] || null) !== (other[name] || null));
}

/**
 * A value in the words of the codebook.
 * @param {string} field
 * @param {Answer[string]} value
 * @param {Record<string, import('../types.js').Choice[]>} choices
 */
export function worded(field, value, choices) {
  if (value === true) return 'yes';
  if (value == null || value === false || value === '') return 'none';
  const terms = field === 'second_choice' ? choices.tag : choices[field];
  const term = terms?.find((choice) => choice.value === String(value));
  if (!term) return String(value);
  return field === 'likelihood_code' ? `${term.label} (${term.meaning})` : term.label;
}

/** @param {string} field */
export function fieldName(field) {
  if (field.startsWith('flag_')) return `flag ${field.slice(5).replaceAll('_', ' ')}`;
  return field.replace(/_code$/, '').replaceAll('_', ' ');
}
