// How far each post is, as a table or as JSON.
import type { WxsyncError } from '../errors.ts';
import type { PostState, State } from '../publish/status.ts';
import { toErrorJson } from './publish-report.ts';
import type { Speaker } from './speaker.ts';
import { toTable } from './table.ts';
import { type Lang, say, toPrintable } from './words.ts';

export interface StatusReport {
  readonly states: readonly PostState[];
  readonly error: WxsyncError | null;
}

/** The document of the contract, `wxsync.status/1`. */
export function toStatusJson({ states, error }: StatusReport, lang: Lang): string {
  const posts = states.map(({ at, title, flag, state, entry }) => ({
    file: at.path,
    state,
    title,
    flag,
    appId: entry?.appId ?? null,
    mediaId: entry?.mediaId ?? null,
    when: toTime(entry?.createTime ?? null)?.toISOString() ?? null,
  }));
  const told = error === null ? null : toErrorJson(error, lang);
  return JSON.stringify({ schema: 'wxsync.status/1', ok: error === null, error: told, posts }, null, 2);
}

/** A line a post: file, state, draft, when the draft was made; the account where a post has drafts in several. */
export function printStatus(states: readonly PostState[], show: (state: PostState) => string, speaker: Speaker): void {
  const { lang, paint } = speaker;
  const files = states.map(({ at }) => at.path);
  const hasMany = new Set(files).size < files.length;
  const heads = (['status.file', 'status.state', 'status.draft', 'status.when'] as const).map((key) => say(key, lang));
  const rows = states.map((each) => [
    toPrintable(show(each)),
    say(`state.${each.state}`, lang),
    toPrintable(each.entry?.mediaId ?? '–'),
    toLocalTime(toTime(each.entry?.createTime ?? null)),
    ...(hasMany ? [toPrintable(each.entry?.appId ?? '–')] : []),
  ]);
  const [head = '', ...lines] = toTable([hasMany ? [...heads, say('status.account', lang)] : heads, ...rows]);
  speaker.out(paint.bold(head));
  for (const [index, line] of lines.entries()) speaker.out(toPaint(states[index]?.state, speaker)(line));
  const counts = new Map<State, number>();
  for (const { state } of states) counts.set(state, (counts.get(state) ?? 0) + 1);
  speaker.talk([...counts].map(([state, n]) => `${n} ${say(`state.${state}`, lang)}`).join(' · '));
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
