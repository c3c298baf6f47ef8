/**
 * The shapes that the scripts share; never loaded by a page.
 *
 * @typedef {{ source_id?: string, source_text?: string, source_type?: string, cue_text?: string, cue_stance?: string,
 *   position?: unknown }} Link
 * @typedef {Record<string, string | number | boolean | null | undefined | Link[]> & { chain?: Link[] }} Answer
 * @typedef {{ value: string, label: string, meaning: string }} Choice
 * @typedef {{ key: string, version: number, status: string, claim: string, note: string | null, url: string | null,
 *   is_mine: boolean, created_at: string }} Note
 * @typedef {{ id: number, version: number, answer: Answer, to_confirm: boolean, notes: Note[] }} SentenceRow
 * A source as the desk is told of it; `root` is the entry that stands for a merged double, `alias` the other name by
 * which it was found, `elsewhere` how many of one's own sentences in other articles name it, `reliability` the letter in force.
 * @typedef {{ id: string, name: string, kind: string, root?: string, alias?: string, answers?: number, elsewhere?: number,
 *   reliability?: string, is_new?: boolean }} Source
 * @typedef {{ id: string, name: string, kind: string }} NewSource
 * @typedef {{ id: string, reliability?: string, basis?: string, rated_on?: string, withdrawn?: boolean }} Rating
 * What goes with an answer; `rated` is the source that the one rating given is about.
 * @typedef {{ sources: NewSource[], ratings: Rating[], rated?: string }} Brought
 *
 * @typedef {{ article_id: number, assignment_key: string | null, user_id: number, instance: string, csrf: string, codebook_version: string,
 *   locked: boolean, single_keys: boolean, is_blind: boolean, urls: Record<string, string>,
 *   sentences: SentenceRow[], fields: Record<string, Choice[]>, answer_fields: string[], required: Record<string, string>,
 *   tag_keys: Record<string, string>, longest_stay: number, sources: Source[], kind_of: Record<string, string>,
 *   outlet: { id: string | null, name: string } | null }} Desk
 *
 * What one record of the outbox is about: an answer to a sentence, or a note on it.
 * @typedef {{ article_id: number, sentence_id: number, index: number, text: string, note_key?: string | null }} About
 * @typedef {'waiting' | 'conflict' | 'refused'} RecordState
 * @typedef {{ id: string, kind: 'answer' | 'note', method: string, url: string, body: Answer, version: number,
 *   client_id: string, is_sent?: boolean, tried: string[], queued_at: number, state: RecordState, about: About,
 *   assignment_key?: string | null, brought?: Brought, current?: Answer & { sources?: Source[] }, error?: string, code?: string }} OutboxRecord
 */
export {};
