// What WeChat itself holds of a post that has no receipt: one look through draft box and library, and what it says of a post.
import { LIMITS } from '../facts/limits.ts';
import type { LibraryImage, Page, RemoteDraft, WechatClient } from '../wechat/client.ts';
import { toBareText, toImageIds } from './fingerprint.ts';

/** An account as it was found between `began` and now. */
export interface Scan {
  /** By `performance.now()`: who got a post's lease later has to look again. */
  readonly began: number;
  /** The same by the clock of times, ms: a cover that was young then tells nothing by being old now. */
  readonly beganAt: number;
  /** Without content. */
  readonly drafts: readonly RemoteDraft[];
  /** Newest first in practice. */
  readonly images: readonly LibraryImage[];
  /** The library has more that is young enough to matter. */
  readonly cut: boolean;
}

/** What tells a post's own things at WeChat from all others. */
export interface Marks {
  /** Name of the cover's file, without extension. */
  readonly coverName: string;
  /** Those of the other posts that stand; asked only when a draft without the post's cover looks like the post's. */
  otherCovers(): Promise<ReadonlySet<string>>;
  readonly title: string;
  /** The page as it would be sent. */
  readonly content: string;
  /** Ids of drafts and covers that other receipts name, or that a person said are not this post's. */
  readonly claimed: ReadonlySet<string>;
}

export type Trace =
  | { readonly kind: 'nothing' }
  /** One draft, with its content. */
  | { readonly kind: 'draft'; readonly draft: RemoteDraft; readonly coverIds: readonly string[] }
  | { readonly kind: 'drafts'; readonly mediaIds: readonly string[] }
  /** No draft, but covers that only this post can have, with the times of oldest and newest (seconds of WeChat's clock) and when it was looked (ms). */
  | {
      readonly kind: 'cover';
      readonly coverIds: readonly string[];
      readonly since: number;
      readonly time: number;
      readonly seenAt: number;
    };

const PAGE = LIMITS.listPage.value;
/** A cover that is older was of a post long forgotten. */
const LIBRARY_DAYS = 30;
const LIBRARY_PAGES = 100;
const PUBLISHED_PAGES = 50;
/** Drafts added, saved or deleted while the box is read shift its pages; it is read again until none was, this often at most. */
const BOX_PASSES = 3;
/** Drafts of the same title that are read whole. */
const LOOKALIKES = 20;

/** Reads the draft box to its end, and the library as far back as a cover of a forgotten run can matter. `now` in ms. */
export async function scanAccount(client: WechatClient, now: number): Promise<Scan> {
  const began = performance.now();
  // The library first: a cover is always older than its draft.
  const { images, cut } = await readLibrary(client, Math.floor(now / 1000) - LIBRARY_DAYS * 24 * 3600);
  return { began, beganAt: now, drafts: await readBox(client), images, cut };
}

/** The drafts of the box, without content: all of them, or those up to the page that has the one that is looked for. */
export async function readBox(
  client: WechatClient,
  isWanted: (draft: RemoteDraft) => boolean = () => false,
): Promise<readonly RemoteDraft[]> {
  const found = new Map<string, RemoteDraft>();
  for (let pass = 1; pass <= BOX_PASSES; pass++) {
    const met = new Set<string>();
    let first: number | null = null;
    let isSteady = true;
    for await (const { total, items } of pagesOf((page) => client.listDrafts({ ...page, content: 'without' }))) {
      first ??= total;
      // A draft that is saved moves to the front: the total stays, and another one is met twice.
      isSteady &&= total === first && !items.some(({ mediaId }) => met.has(mediaId));
      for (const draft of items) {
        met.add(draft.mediaId);
        found.set(draft.mediaId, draft);
      }
      if (items.some(isWanted)) return [...found.values()];
    }
    if (isSteady) break;
  }
  return [...found.values()];
}

async function readLibrary(client: WechatClient, oldest: number): Promise<Pick<Scan, 'images' | 'cut'>> {
  const images: LibraryImage[] = [];
  let pages = 0;
  let isSorted = true;
  for await (const { total, items } of pagesOf((page) => client.listImages(page))) {
    const last = images.at(-1);
    images.push(...items);
    const times = [...(last === undefined ? [] : [last]), ...items].map(({ updateTime }) => updateTime);
    isSorted &&= times.every((time, index) => time !== null && time <= (times[index - 1] ?? time));
    const isPast = isSorted && (times.at(-1) ?? 0) < oldest;
    if (isPast) return { images, cut: false };
    pages++;
    if (pages >= LIBRARY_PAGES) return { images, cut: images.length < total };
  }
  return { images, cut: false };
}

/** The pages of a list, to its end. */
async function* pagesOf<T>(
  read: (page: Page) => Promise<{ readonly total: number; readonly items: readonly T[] }>,
): AsyncGenerator<{ readonly total: number; readonly items: readonly T[] }> {
  for (let offset = 0; ; ) {
    const page = await read({ offset, count: PAGE });
    yield page;
    offset += page.items.length;
    if (page.items.length === 0 || offset >= page.total) return;
  }
}

/** What the account holds of a post. A draft is the post's by its cover's name, or by its title, text and number of images. */
export async function findTrace(client: WechatClient, scan: Scan, marks: Marks): Promise<Trace> {
  const { coverName, claimed } = marks;
  const covers = scan.images.filter(({ mediaId, name }) => !claimed.has(mediaId) && toStem(name) === coverName);
  const coverIds = covers.map(({ mediaId }) => mediaId);
  const free = scan.drafts.filter(({ mediaId, articles }) => {
    return !claimed.has(mediaId) && !articles.some(({ coverId }) => claimed.has(coverId));
  });
  const isByCover = ({ articles }: RemoteDraft) => articles.some(({ coverId }) => coverIds.includes(coverId));
  const byCover = free.filter(isByCover);
  const alike = await dropOthers(
    free.filter((draft) => !isByCover(draft) && draft.articles[0]?.title === marks.title),
    { scan, marks },
  );
  const drafts: RemoteDraft[] = [];
  for (const { mediaId } of [...byCover, ...alike.slice(0, LOOKALIKES)]) {
    const draft = await client.getDraft(mediaId);
    if (draft !== null && (isByCover(draft) || isAlike(draft, marks.content))) drafts.push(draft);
  }
  const [draft, ...others] = drafts;
  if (others.length > 0) return { kind: 'drafts', mediaIds: drafts.map(({ mediaId }) => mediaId) };
  if (draft !== undefined) return { kind: 'draft', draft, coverIds };
  if (covers.length === 0) return { kind: 'nothing' };
  const times = covers.map(({ updateTime }) => updateTime ?? 0);
  return { kind: 'cover', coverIds, since: Math.min(...times), time: Math.max(...times), seenAt: scan.beganAt };
}

/** The drafts without those whose cover says that they are another post's. */
async function dropOthers(
  drafts: readonly RemoteDraft[],
  { scan, marks }: { readonly scan: Scan; readonly marks: Marks },
): Promise<readonly RemoteDraft[]> {
  if (drafts.length === 0) return drafts;
  const names = await marks.otherCovers();
  const covers = new Set(scan.images.flatMap((each) => (names.has(toStem(each.name)) ? [each.mediaId] : [])));
  return drafts.filter(({ articles }) => !articles.some(({ coverId }) => covers.has(coverId)));
}

/** What stands before the first full stop of a name. */
function toStem(name: string): string {
  return name.split('.', 1)[0] ?? name;
}

function isAlike({ articles: [article, ...more] }: RemoteDraft, content: string): boolean {
  if (article === undefined || more.length > 0) return false;
  return (
    toBareText(article.content) === toBareText(content) &&
    toImageIds(article.content).length === toImageIds(content).length
  );
}

/** Whether an article with one of the covers was published since a time (seconds). `unreadable`: WeChat does not tell this account. */
export async function findPublished(
  client: WechatClient,
  coverIds: readonly string[],
  since: number,
): Promise<'published' | 'not-there' | 'unreadable'> {
  for (let page = 0; page < PUBLISHED_PAGES; page++) {
    const list = await client.listPublished({ offset: page * PAGE, count: PAGE });
    if (list === null) return 'unreadable';
    if (list.items.some((item) => item.coverIds.some((id) => coverIds.includes(id)))) return 'published';
    const isPast = list.items.every(({ updateTime }) => updateTime !== null && updateTime < since);
    if (list.items.length === 0 || (page + 1) * PAGE >= list.total || isPast) return 'not-there';
  }
  return 'unreadable';
}
