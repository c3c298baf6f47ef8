/**
 * The shapes that the scripts share; never loaded by a page.
 *
 * @typedef {{ source_id?: string, source_text?: string, source_type?: string, cue_text?: string, cue_stance?: string,
 *   position?: unknown }} Link
 * @typedef {Record<string, string | number | boolean | null | undefined | Link[]> & { chain?: Link[] }} Answer
 * @typedef {{ value: string, label: string, meaning: string }} Choice
 * @typedef {{ id: number, version: number, answer: Answer, to_confirm: boolean }} SentenceRow
 *
 * A claim as the desk is told of it; `items` are a few of as many as `item_count` says.
 * @typedef {{ status: string, note?: string | null, url?: string | null, look_again_by?: string | null,
 *   why_other?: string | null, version: number }} Assessment
 * @typedef {Record<string, unknown> & { id: string, claim_id: string, version: number, is_mine: boolean, stance: string,
 *   independence: string, same_origin_as?: string, outlet?: string, title?: string, description?: string, url?: string,
 *   origin?: string }} Item
 * @typedef {{ id: string, wording: string, version?: number, is_mine?: boolean, assessment: Assessment | null, items: Item[],
 *   item_count: { own: number, visible: number } }} Claim
 * @typedef {{ id: string, claim_id: string, sentence_id: number, kind: string, version: number, is_mine: boolean,
 *   to_confirm: boolean }} Mention
 * What was done about claims and can be undone; `before` is what was said then, null where there was nothing.
 * @typedef {'claim' | 'mention' | 'item' | 'assessment'} ClaimKind
 * @typedef {{ kind: ClaimKind, id: string, claim_id: string, before: Record<string, unknown> | null, is_note?: boolean }} Did
 *
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
 *   locked: boolean, single_keys: boolean, asks_who: boolean | null, is_blind: boolean, urls: Record<string, string>,
 *   sentences: SentenceRow[], fields: Record<string, Choice[]>, answer_fields: string[], required: Record<string, string>,
 *   tag_keys: Record<string, string>, longest_stay: number, sources: Source[], kind_of: Record<string, string>,
 *   outlet: { id: string | null, name: string } | null,
 *   claims: Claim[], mentions: Mention[] }} Desk
 *
 * What one record of the outbox is about: an answer to a sentence, or a claim that it mentions, with its wording; a note is
 * one of a desk of before, on which each note made a claim of its own.
 * @typedef {{ article_id: number, sentence_id: number, index: number, text: string, note_key?: string | null,
 *   claim_id?: string, wording?: string }} About
 * `after` names records without which the server would refuse this one.
 * @typedef {'waiting' | 'conflict' | 'refused'} RecordState
 * @typedef {{ id: string, kind: 'answer' | 'note' | ClaimKind, method: string, url: string, body: Answer,
 *   version: number,
 *   client_id: string, is_sent?: boolean, tried: string[], queued_at: number, state: RecordState, about: About,
 *   assignment_key?: string | null, brought?: Brought, after?: string[],
 *   current?: Answer & { sources?: Source[] }, error?: string, code?: string }} OutboxRecord
 */
export {};
