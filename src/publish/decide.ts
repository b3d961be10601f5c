// What a run does with a post, as a table: the first row that fits the flag, the entry and the draft box decides.
import type { Entry } from './entry.ts';
import type { Wishes } from './run.ts';
import type { Trace } from './scan.ts';

/** What is known before WeChat is asked. */
export interface Known {
  /** The post's flag; `--force` makes `true` count as `false`. */
  readonly flag: 'true' | 'false' | 'absent';
  readonly update: boolean;
  readonly overwrite: boolean;
  /** `open`: a draft/add was sent and got no answer. */
  readonly entry: 'none' | 'prepared' | 'open' | 'drafted' | 'verified' | 'blocked';
  /** Whether a draft that could not be updated waits to be taken away. */
  readonly replacing: 'yes' | 'no';
  /** What WeChat itself holds of a post without an entry, once it was asked. */
  readonly trace: 'not-asked' | Trace['kind'];
  /** Whether the post is what was sent last. */
  readonly source: 'same' | 'changed';
  /** The draft box, once it was asked about a verified entry. */
  readonly draft: 'not-asked' | 'as-stored' | 'edited' | 'gone';
}

/** What the table is asked, from a post's flag (null: no key), its entry and what was seen of its draft. */
export function toKnown(seen: {
  readonly flag: boolean | null;
  readonly wishes: Pick<Wishes, 'update' | 'force' | 'overwrite'>;
  readonly entry: Entry | null;
  readonly sourceHash: string;
  readonly draft: Known['draft'];
  readonly trace?: Trace | null;
}): Known {
  const { flag, wishes, entry } = seen;
  const state = entry?.state ?? 'none';
  return {
    flag: flag === null ? 'absent' : flag && !wishes.force ? 'true' : 'false',
    update: wishes.update,
    overwrite: wishes.overwrite || entry?.overwrite === true,
    entry: state === 'intent' || state === 'unknown' ? 'open' : state,
    replacing: entry?.replacing === undefined ? 'no' : 'yes',
    trace: seen.trace?.kind ?? 'not-asked',
    // While an update may be on its way, nobody knows which text the draft has.
    source: entry?.updating === undefined && entry?.sourceHash === seen.sourceHash ? 'same' : 'changed',
    draft: seen.draft,
  };
}

/** What a run does next; after each step that does not end the post the table is read again. */
export type Action =
  | 'skip'
  | 'unchanged'
  | 'search'
  | 'adopt'
  | 'several'
  | 'weigh'
  | 'add'
  | 'settle'
  | 'verify'
  | 'retire'
  | 'look'
  | 'update'
  | 'flip'
  | 'conflict'
  | 'gone'
  | 'not-in-box'
  | 'no-entry'
  | 'blocked';

export interface Row {
  readonly when: { readonly [Key in keyof Known]?: Known[Key] };
  readonly do: Action;
  readonly because: string;
}

/** Read from the top: the first row that fits. */
export const TABLE: readonly Row[] = [
  { when: { flag: 'true', update: false }, do: 'skip', because: 'the author says it is synced; no network' },
  { when: { entry: 'prepared', replacing: 'yes' }, do: 'add', because: 'its old draft cannot be updated' },
  {
    when: { entry: 'verified', replacing: 'yes' },
    do: 'retire',
    because: 'the new draft is there, the old one may go',
  },
  {
    when: { entry: 'none', trace: 'not-asked' },
    do: 'search',
    because: 'a renamed post or a lost receipt may have a draft',
  },
  { when: { entry: 'none', trace: 'draft' }, do: 'adopt', because: 'the draft is ours, whoever made it' },
  { when: { entry: 'none', trace: 'drafts' }, do: 'several', because: 'which one is the post is for a person to say' },
  { when: { flag: 'true', entry: 'none' }, do: 'no-entry', because: 'an update needs a draft, and never makes one' },
  {
    when: { flag: 'true', entry: 'prepared' },
    do: 'no-entry',
    because: 'an update needs a draft, and never makes one',
  },
  {
    when: { flag: 'true', entry: 'verified', source: 'same', draft: 'not-asked' },
    do: 'unchanged',
    because: 'nothing to bring over; no network',
  },
  { when: { entry: 'none', trace: 'nothing' }, do: 'add', because: 'no trace of us' },
  {
    when: { entry: 'none', trace: 'cover' },
    do: 'weigh',
    because: 'a cover without a draft: too early, published or never sent',
  },
  { when: { entry: 'prepared' }, do: 'add', because: 'nothing was sent yet; its cover is used again' },
  { when: { entry: 'open' }, do: 'settle', because: 'a send may have landed: find it before sending again' },
  { when: { entry: 'blocked' }, do: 'blocked', because: 'a person was asked and has not answered' },
  { when: { draft: 'gone', flag: 'true' }, do: 'not-in-box', because: 'published or deleted; an update never adds' },
  { when: { draft: 'gone' }, do: 'gone', because: 'published or deleted: the publish list tells, or a person' },
  { when: { entry: 'drafted' }, do: 'verify', because: 'the draft was made but never read back' },
  { when: { draft: 'not-asked' }, do: 'look', because: 'the draft box is the truth' },
  { when: { draft: 'edited', overwrite: false }, do: 'conflict', because: "somebody's work is in the draft" },
  { when: { draft: 'edited', overwrite: true }, do: 'update', because: 'the caller said so' },
  { when: { draft: 'as-stored', source: 'changed' }, do: 'update', because: 'the draft is ours and old' },
  { when: { draft: 'as-stored', source: 'same' }, do: 'flip', because: 'the draft is there and right' },
];

export function decide(known: Known): Row {
  const row = TABLE.find(({ when }) => {
    return Object.entries(when).every(([key, wanted]) => known[key as keyof Known] === wanted);
  });
  if (row === undefined) throw new Error(`no row fits ${JSON.stringify(known)}`);
  return row;
}
