// An author who rearranges posts at random, knows which text is which, and answers each question truly; knows no rule of ours.
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import type { PublishFlags } from '../../src/commands/publish-flags.ts';
import type { WxsyncError } from '../../src/errors.ts';
import type { PostResult } from '../../src/publish/result.ts';
import { A, B, PLAIN, type Stage } from '../publish/stage.ts';
import type { Dice } from './dice.ts';

/** Where posts may stand, in the order in which they are numbered; one has a name that can be spelt in two ways. */
const PLACES = ['posts/01.md', 'posts/02.md', 'posts/03.md', 'posts/\u00e9.md', 'posts/en/01.md'] as const;
type At = (typeof PLACES)[number];

/** Whether titles tell posts apart: each has its own, all have one, or none has any. */
export type Titles = 'own' | 'shared' | 'none';

/** A post, whatever its path is. */
interface Story {
  readonly name: string;
  /** What it ever said. */
  readonly said: Set<string>;
  words: string;
  title: string;
  flag: boolean;
  hasCrlf: boolean;
  /** Its draft; null before there is one, and when a story that came to the place of this one has it. */
  mediaId: string | null;
  isGone: boolean;
  /** What was edited since it was sent. With another title and another text at another path it would be another post. */
  edited: 'words' | 'title' | null;
  /** The place and words that were sent last. */
  sent: string;
  /** It, or what it was copied from, stays where it is until they say different things: nothing else tells the two apart. */
  isPinned: boolean;
}

/** Runs before an author gives up. */
const MOST_RUNS = 40;

export interface Author {
  /** Changes the posts as authors do. */
  rearrange(): void;
  /** Publishes some of the posts and answers nothing. */
  try(): Promise<void>;
  /** Publishes and answers until nothing is asked any more, and then looks whether each post has its draft and says in it what it says. */
  settle(): Promise<void>;
  /** All that was done and answered. */
  readonly diary: readonly string[];
}

const toSent = (place: string, { words }: Pick<Story, 'words'>) => `${place} ${words}`;

/** An author at work on a stage, whose own posts go. */
export function createAuthor(stage: Stage, dice: Dice, titles: Titles): Author {
  const stories: Story[] = [];
  const diary = [`titles: ${titles}`];
  const places = new Map<At, Story>();
  let isDecomposed = false;
  let count = 0;
  /** What is done to posts that no title tells apart, until all is sent. */
  let isMoving: boolean | null = null;

  const free = () => PLACES.filter((place) => !places.has(place));
  const loose = () => [...places].filter(([, { isPinned }]) => !isPinned);
  const spell = (place: At) => (isDecomposed ? place.normalize('NFD') : place);
  const storyAt = (file: string): Story => places.get(file.normalize('NFC') as At) ?? expect.unreachable(file);

  const begin = (place: At, origin?: Story): void => {
    const name = `story${stories.length}`;
    const words = origin?.words ?? `${name} says ${count++}.`;
    const title = titles === 'own' ? (origin?.title ?? `Title of ${name}`) : titles === 'shared' ? 'Weekly' : '';
    const story: Story = {
      ...{ name, words, title, said: new Set([words]) },
      ...{ flag: false, hasCrlf: origin?.hasCrlf ?? false, mediaId: null, isGone: false, edited: null, sent: '' },
      isPinned: origin !== undefined,
    };
    stories.push(story);
    places.set(place, story);
  };

  /** What authors do to a folder of posts; nothing where there is no such post or no free place. */
  const MOVES: readonly (() => void)[] = [
    function add() {
      const place = dice.pick(free());
      if (place !== undefined) begin(place);
    },
    function copy() {
      const [, origin] =
        dice.pick(loose().filter(([place, { sent, words }]) => sent === toSent(place, { words }))) ?? [];
      const place = dice.pick(free());
      if (origin === undefined || place === undefined) return;
      begin(place, origin);
      origin.isPinned = true;
    },
    function remove() {
      const [place, story] = (loose().length > 1 && dice.pick(loose())) || [];
      if (place === undefined || story === undefined) return;
      places.delete(place);
      story.isGone = true;
    },
    function move() {
      const [place, story] = dice.pick(loose()) ?? [];
      const to = dice.pick(free());
      if (place !== undefined && story !== undefined && to !== undefined) places.set(to, story).delete(place);
    },
    function swap() {
      const [one, other] = dice.shuffle(loose());
      if (one !== undefined && other !== undefined) places.set(one[0], other[1]).set(other[0], one[1]);
    },
    // Each some numbers further, as when others come before them.
    function renumber() {
      const all = loose();
      for (const [place] of all) places.delete(place);
      const order = free();
      const step = dice.below(order.length);
      for (const [place, story] of all) {
        const to = order[(order.indexOf(place) + step) % order.length];
        if (to !== undefined) places.set(to, story);
      }
    },
  ];

  const edit = (story: Story | undefined, what: 'words' | 'title'): void => {
    if (story === undefined) return;
    if (story.edited !== null && story.edited !== what) return;
    story.edited = what;
    if (what === 'title') {
      story.title = `Title ${count++} of ${story.name}`;
      // The title of a synced post is what it is known by where another text comes to its place.
      story.flag = false;
    } else {
      story.words = `${story.name} says ${count++}.`;
      story.said.add(story.words);
    }
  };

  const write = (): void => {
    for (const place of PLACES)
      for (const path of new Set([place, place.normalize('NFD')]))
        if (existsSync(join(stage.site, path))) stage.move(path, `${path}.bak`);
    for (const [place, { title, flag, words, hasCrlf }] of places) {
      const head = title === '' ? '' : `title: ${title}\n`;
      const text = `---\n${head}wechat_synced: ${flag}\n---\n\nHere ${words} And no more.\n`;
      mkdirSync(dirname(join(stage.site, place)), { recursive: true });
      stage.write(spell(place), hasCrlf ? text.replaceAll('\n', '\r\n') : text);
    }
    const shown = [...places].map(([place, { words, title, flag }]) => `${spell(place)} «${title}» ${words} ${flag}`);
    diary.push(['now', ...shown].join('\n  '));
  };

  /** What a draft says. */
  const read = (mediaId: string): string => {
    const draft = stage.sandbox.drafts().find((each) => each.mediaId === mediaId);
    return /story\d+ says \d+\./.exec(draft?.articles[0]?.content ?? '')?.[0] ?? 'nothing';
  };

  const publish = async (files: readonly string[], flags: Partial<PublishFlags>): Promise<readonly PostResult[]> => {
    const { results } = await stage.publish(files, flags);
    for (const { file, status, mediaId, error, flag } of results) {
      diary.push(`${file} ${status} ${mediaId} ${error === null ? '' : `${error.code} ${JSON.stringify(error.args)}`}`);
      const story = storyAt(file);
      if (error !== null || status === 'skipped') continue;
      story.flag = flag.after === true;
      story.edited = null;
      story.sent = toSent(file.normalize('NFC'), story);
      if (story.mediaId === null) {
        const heir = stories.find((each) => each.mediaId === mediaId);
        if (heir !== undefined) {
          expect(heir.isGone, `${story.name} took the draft of ${heir.name}`).toBe(true);
          heir.mediaId = null;
          for (const words of heir.said) story.said.add(words);
        }
        story.mediaId = mediaId;
      }
      expect(mediaId, `a second draft of ${story.name}`).toBe(story.mediaId);
    }
    for (const { name, mediaId, said } of stories)
      if (mediaId !== null) expect([...said], `what the draft of ${name} says`).toContain(read(mediaId));
    return results;
  };

  /** What the author knows to be so. */
  const answer = async (asked: PostResult, { code, args }: WxsyncError): Promise<void> => {
    const own = storyAt(asked.file);
    const owner = [...places].find(([, { mediaId }]) => mediaId !== null && mediaId === args['mediaId']);
    expect(['maybe-moved', 'maybe-renamed', 'no-entry'], 'a question').toContain(code);
    const [place, story] =
      code === 'maybe-moved' && owner !== undefined && [args['other'], asked.file].includes(owner[0])
        ? owner
        : [asked.file.normalize('NFC') as At, own];
    const word =
      story.mediaId === null ? { kind: 'none' as const } : { kind: 'adopt' as const, mediaId: story.mediaId };
    const said = await stage.resolve(spell(place), word).catch((error: WxsyncError) => error.code);
    diary.push(`resolve ${place} ${JSON.stringify(word)}: ${said}`);
  };

  for (const path of [A, B, PLAIN]) stage.move(path, `${path}.bak`);
  for (const place of PLACES.slice(0, 3 + dice.below(2))) begin(place);
  write();

  return {
    diary,

    rearrange() {
      for (let acts = 1 + dice.below(3); acts > 0; acts--) {
        // Texts of one title that move and change in one go are taken for edits of what stood where they are.
        const isMove: boolean = titles === 'own' ? dice.chance(65) : (isMoving ?? dice.chance(70));
        isMoving = isMove;
        if (isMove) dice.pick(MOVES)?.();
        else edit(dice.pick([...places.values()]), titles === 'own' && dice.chance(50) ? 'title' : 'words');
      }
      for (const story of places.values()) if (dice.chance(35)) story.flag = false;
      if (dice.chance(20)) isDecomposed = !isDecomposed;
      if (dice.chance(20)) for (const story of places.values()) story.hasCrlf = !story.hasCrlf;
      write();
    },

    async try() {
      const some = [...places.keys()].filter(() => dice.chance(60)).map(spell);
      if (some.length > 0) await publish(dice.shuffle(some), { update: dice.chance(40) });
    },

    async settle() {
      for (let run = 0; ; run++) {
        expect(run, 'runs until all is settled').toBeLessThan(MOST_RUNS);
        const isWhole = run > 3 || dice.chance(30);
        const files = [...places.keys()].filter(() => isWhole || dice.chance(60)).map(spell);
        if (files.length === 0) continue;
        const update = isWhole || dice.chance(30);
        const results = await publish(dice.shuffle(files), { update });
        // A post that never had a draft is none to be updated.
        const asked = results.find(
          ({ file, error }) => error !== null && !(error.code === 'no-entry' && storyAt(file).mediaId === null),
        );
        if (asked?.error != null) await answer(asked, asked.error);
        else if (isWhole && results.every(({ error }) => error === null)) break;
      }
      isMoving = null;
      for (const [place, story] of places) {
        const entry = stage.entry(place);
        expect([entry?.mediaId, read(entry?.mediaId ?? '')], story.name).toEqual([story.mediaId, story.words]);
        story.sent = toSent(place, story);
        story.isPinned = [...places.values()].some((each) => each !== story && each.words === story.words);
      }
      const known = stories.flatMap(({ mediaId }) => mediaId ?? []);
      expect(
        stage.sandbox
          .drafts()
          .map(({ mediaId }) => mediaId)
          .sort(),
        'the draft box',
      ).toEqual(known.sort());
    },
  };
}
