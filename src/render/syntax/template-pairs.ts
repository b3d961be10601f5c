// Which tags of a site generator belong together in a post, and what there is to say of those that nothing is made of; knows no parser.
import { type Finding, finding, type Place } from '../../facts/findings.ts';
import { needsEnd } from './template-meaning.ts';
import { showEnd, showTag, type TemplateTag } from './template-tag.ts';

/** A tag that stands in the post by itself: what made a panel, code or a quote with its end is none. */
export interface LoneTag {
  readonly tag: TemplateTag;
  readonly at: Place;
  /** Whether readers lose something with it. */
  readonly isMissed: boolean;
}

/** @param tags in the order of the text */
export function judgeTags(tags: readonly LoneTag[]): readonly Finding[] {
  const open = new Map<string, LoneTag[]>();
  const ended = new Set<LoneTag>();
  const endedNames = new Set<string>();
  const strays: Finding[] = [];
  const keyOf = ({ kind, name }: TemplateTag): string => `${kind} ${name}`;
  for (const lone of tags) {
    const { tag, at } = lone;
    const key = keyOf(tag);
    const same = open.get(key) ?? [];
    if (tag.isClosed) continue;
    open.set(key, same);
    if (!tag.isEnd) {
      same.push(lone);
      continue;
    }
    const start = same.pop();
    endedNames.add(key);
    if (start === undefined) strays.push(finding('template-stray', at, { tag: showEnd(tag), start: showTag(tag) }));
    else ended.add(start);
  }
  const lost = tags.flatMap((lone) => {
    const { tag, at, isMissed } = lone;
    if (tag.isEnd || !isMissed) return [];
    const names = { tag: showTag(tag), end: showEnd(tag) };
    if (ended.has(lone)) return [finding('template-tag', at, names)];
    const isOpen = needsEnd(tag) || (!tag.isClosed && endedNames.has(keyOf(tag)));
    return [isOpen ? finding('template-open', at, names) : finding('template-tag', at, { tag: names.tag })];
  });
  return [...strays, ...lost];
}
