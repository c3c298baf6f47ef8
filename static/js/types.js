/**
 * The shapes that the scripts share; never loaded by a page.
 *
 * @typedef {Record<string, string | number | boolean | null | undefined>} Answer
 * @typedef {{ value: string, label: string, meaning: string }} Choice
 * @typedef {{ key: string, version: number, status: string, claim: string, note: string | null, url: string | null,
 *   is_mine: boolean, created_at: string }} Note
 * @typedef {{ id: number, version: number, answer: Answer, to_confirm: boolean, notes: Note[] }} SentenceRow
 * @typedef {{ article_id: number, assignment_key: string | null, user_id: number, instance: string, csrf: string, codebook_version: string,
 *   locked: boolean, single_keys: boolean, is_blind: boolean, urls: Record<string, string>,
 *   sentences: SentenceRow[], fields: Record<string, Choice[]>, answer_fields: string[], required: Record<string, string>,
 *   tag_keys: Record<string, string>, longest_stay: number }} Desk
 *
 * What one record of the outbox is about: an answer to a sentence, or a note on it.
 * @typedef {{ article_id: number, sentence_id: number, index: number, text: string, note_key?: string | null }} About
 * @typedef {'waiting' | 'conflict' | 'refused'} RecordState
 * @typedef {{ id: string, kind: 'answer' | 'note', method: string, url: string, body: Answer, version: number,
 *   client_id: string, tried: string[], queued_at: number, state: RecordState, about: About,
 *   assignment_key?: string | null, current?: Answer, error?: string, code?: string }} OutboxRecord
 */
export {};
