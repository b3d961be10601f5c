// How far each post is, as a table or as JSON.
import type { WxsyncError } from '../errors.ts';
import type { PostState, State } from '../publish/status.ts';
import { toErrorJson } from './publish-report.ts';
import type { Speaker } from './speaker.ts';
import { fits, toTable } from './table.ts';
import { aim, say, toJsonText, toPrintable, type UiKey } from './words.ts';

export interface StatusReport {
  readonly states: readonly PostState[];
  readonly error: WxsyncError | null;
}

/** The document of the contract, `wxsync.status/1`. */
export function toStatusJson(
  { states, error }: StatusReport,
  { lang, target }: Pick<Speaker, 'lang' | 'target'>,
): string {
  const posts = states.map(({ at, title, flag, state, entry }) => ({
    file: at.path,
    state,
    title,
    flag,
    appId: entry?.appId ?? null,
    mediaId: entry?.mediaId ?? null,
    when: toTime(entry?.createTime ?? null)?.toISOString() ?? null,
  }));
  const told = error === null ? null : toErrorJson(error, lang, target);
  return toJsonText({ schema: 'wxsync.status/1', ok: error === null, error: told, posts });
}

/** Columns of a draft's id where the whole of it would not fit. */
const DRAFT_COLUMNS = 16;

/** A line a post: file, state, draft, when the draft was made; the account where a post has drafts in several. */
export function printStatus(states: readonly PostState[], show: (state: PostState) => string, speaker: Speaker): void {
  const { lang, paint } = speaker;
  const files = states.map(({ at }) => at.path);
  const hasMany = new Set(files).size < files.length;
  const heads = (['status.file', 'status.state', 'status.draft', 'status.when'] as const).map((key) => say(key, lang));
  const rows = states.map((each) => [
    toPrintable(show(each)),
    say(toWord(each), lang),
    toPrintable(each.entry?.mediaId ?? '–'),
    toLocalTime(toTime(each.entry?.createTime ?? null)),
    ...(hasMany ? [toPrintable(each.entry?.appId ?? '–')] : []),
  ]);
  const head = hasMany ? [...heads, say('status.account', lang)] : heads;
  const whole = toTable([head, ...rows]);
  const table = fits(whole, speaker.columns) ? whole : toTable([head, ...rows], [null, null, DRAFT_COLUMNS]);
  const [first = '', ...lines] = table;
  speaker.tell(paint.bold(first));
  for (const [index, line] of lines.entries()) speaker.tell(toPaint(states[index]?.state, speaker)(line));
  const counts = new Map<UiKey, number>();
  for (const word of states.map(toWord)) counts.set(word, (counts.get(word) ?? 0) + 1);
  speaker.talk([...counts].map(([word, n]) => say('status.count', lang, { n, state: say(word, lang) })).join(' · '));
  if (counts.has('state.flag-only')) speaker.talk(aim(say('status.flag-only', lang), speaker.target));
}

/** A flag of `true` is believed; where no receipt of a draft bears it out, the word for it says so. */
function toWord({ state, entry }: PostState): UiKey {
  return state === 'synced' && entry?.mediaId == null ? 'state.flag-only' : `state.${state}`;
}

function toPaint(state: State | undefined, { paint }: Speaker): (line: string) => string {
  switch (state) {
    case 'waiting':
    case 'changed':
      return paint.yellow;
    case 'unknown':
    case 'conflict':
    case 'gone':
    case 'blocked':
    case 'invalid':
      return paint.red;
    default:
      return (line) => line;
  }
}

/** From WeChat's seconds. */
function toTime(seconds: number | null): Date | null {
  return seconds === null ? null : new Date(seconds * 1000);
}

/** `2026-02-18 09:30` where the person is. */
function toLocalTime(time: Date | null): string {
  if (time === null) return '';
  const two = (value: number) => `${value}`.padStart(2, '0');
  const day = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())].join('-');
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}`;
}
