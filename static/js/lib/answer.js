/** What an answer holds and what it still misses. Which fields there are and which a tag requires, the server says. */

/** @typedef {import('../types.js').Answer} Answer */
/** @typedef {import('../types.js').Link} Link */

/**
 * Only what is recorded: no nulls, no empty texts, no flags that are down. Of a chain the links behind the first, whose
 * place is empty: it is the answer's own source.
 * @param {Answer} values
 * @param {string[]} fields
 * @returns {Answer}
 */
export function recorded(values, fields) {
  const kept = fields.filter(
    (name) => name !== 'chain' && values[name] != null && values[name] !== '' && values[name] !== false,
  );
  const links = fields.includes('chain') ? linksBehind(values).filter(namesSomebody) : [];
  return {
    ...Object.fromEntries(kept.map((name) => [name, values[name]])),
    ...(links.length > 0 && { chain: [{}, ...links] }),
  };
}

/**
 * Who passed it on: the links of the chain behind the first.
 * @param {Answer} answer
 * @returns {Link[]}
 */
export function linksBehind({ chain }) {
  return (chain ?? [])
    .slice(1)
    .map(({ position: _, ...link }) => Object.fromEntries(Object.entries(link).filter(([, value]) => value)));
}

/** @param {Link} link */
function namesSomebody(link) {
  return Boolean(link.source_id || link.source_text || link.source_type);
}

/**
 * The ids of the sources that an answer names, in the order of its links; null where a link has none.
 * @param {Answer} answer
 */
export function namedIn(answer) {
  return [answer, ...linksBehind(answer)].map((link) => (link.source_id ? String(link.source_id) : null));
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
  return [...names].filter((name) =>
    name === 'chain'
      ? JSON.stringify(linksBehind(one).map(sorted)) !== JSON.stringify(linksBehind(other).map(sorted))
      : (one[name] || null) !== (other[name] || null),
  );
}

/** @param {Link} link */
function sorted(link) {
  return Object.entries(link).sort();
}

/**
 * The same, as far as a person is told: a rating is told by its letter.
 * @param {Answer} one
 * @param {Answer} other
 * @param {string[]} fields
 */
export function toldDifferences(one, other, fields) {
  return differences(one, other).filter((name) => fields.includes(name) && name !== 'rating_id');
}

/**
 * A value in the words of the codebook.
 * @param {string} field
 * @param {Answer[string]} value
 * @param {Record<string, import('../types.js').Choice[]>} choices
 * @param {(id: string) => string} [nameOf]  the name of a source
 * @returns {string}
 */
export function worded(field, value, choices, nameOf = String) {
  if (value === true) return 'yes';
  if (value == null || value === false || value === '') return 'none';
  if (field === 'source_id') return nameOf(String(value));
  if (Array.isArray(value)) {
    const links = linksBehind({ chain: value });
    return links.map((link) => linkWorded(link, choices, nameOf)).join(' → ') || 'none';
  }
  const terms = field === 'second_choice' ? choices.tag : choices[field];
  const term = terms?.find((choice) => choice.value === String(value));
  if (!term) return String(value);
  return field === 'likelihood_code' ? `${term.label} (${term.meaning})` : term.label;
}

/**
 * @param {Link} link
 * @param {Record<string, import('../types.js').Choice[]>} choices
 * @param {(id: string) => string} nameOf
 * @returns {string}
 */
function linkWorded(link, choices, nameOf) {
  const { source_id, source_text, source_type, cue_text, cue_stance } = link;
  const who = source_id ? nameOf(source_id) : source_text;
  const how = [
    source_type && worded('source_type', source_type, choices).toLowerCase(),
    cue_text && `“${cue_text}”`,
    cue_stance && worded('cue_stance', cue_stance, choices).toLowerCase(),
  ].filter(Boolean);
  if (!who) return how.join(', ');
  return how.length ? `${who} (${how.join(', ')})` : who;
}

/** @param {string} field */
export function fieldName(field) {
  if (field.startsWith('flag_')) return `flag ${field.slice(5).replaceAll('_', ' ')}`;
  return field
    .replace(/_(code|id)$/, '')
    .replace('source_text', 'source_as_printed')
    .replaceAll('_', ' ');
}

/** @type {Record<string, string>} */
const NEEDS = {
  to_confirm: 'to confirm: does the answer still hold?',
  conflict: 'answered elsewhere too: say which answer holds',
  refused: 'could not be delivered',
  draft: 'evidence was begun and is not saved: save or clear it',
  claims: 'what was written about its claims could not be delivered',
};

/** @param {string} need  what keeps a sentence from being submitted */
export function needWorded(need) {
  return NEEDS[need] ?? `${fieldName(need)} missing`;
}
