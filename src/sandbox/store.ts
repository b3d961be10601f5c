// What an account holds: its pair, drafts, materials and images, in memory or as files; no rule of WeChat is here.
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ApiRule } from './content/api.ts';
import type { FilterChange } from './content/rule.ts';
import { isMissing, writeWhole } from './files.ts';
import type { Format, ImageFormat } from './media.ts';

export interface SandboxArticle {
  readonly title: string;
  readonly author: string;
  /** As sent; draft/get fills an empty one. */
  readonly digest: string;
  /** After the filter. */
  readonly content: string;
  readonly contentSourceUrl: string;
  readonly thumbMediaId: string;
  readonly needOpenComment: 0 | 1;
  readonly onlyFansCanComment: 0 | 1;
  /** `X1_Y1_X2_Y2` as sent, or empty. */
  readonly crop235: string;
  readonly crop11: string;
  /** What the filter took out of the content as it was sent. */
  readonly changes: readonly FilterChange<ApiRule>[];
}

interface Item {
  readonly appId: string;
  readonly mediaId: string;
  /** Order of making; parts items of one second. */
  readonly serial: number;
  /** Seconds. */
  readonly updateTime: number;
}

export interface SandboxDraft extends Item {
  readonly createTime: number;
  readonly articles: readonly SandboxArticle[];
}

export type MaterialType = 'image' | 'thumb' | 'voice' | 'video';

export interface Material extends Item {
  readonly type: MaterialType;
  /** The file name it was uploaded under. */
  readonly name: string;
  readonly bytes: number;
  readonly format: Format;
  /** Address of an image, empty for the rest. */
  readonly url: string;
  readonly width: number;
  readonly height: number;
}

export interface StoredImage {
  readonly format: ImageFormat;
  readonly bytes: Buffer;
}

/** The records of one kind that belong to this AppID. */
export interface Shelf<T extends Item> {
  get(mediaId: string): T | null;
  put(item: T): void;
  /** False when there is no such record. */
  delete(mediaId: string): boolean;
  /** Newest first: by update time, then by order of making. With `lagMs`, what was put here more lately is left out. */
  list(lagMs?: number): readonly T[];
}

export interface Store {
  readonly drafts: Shelf<SandboxDraft>;
  /** Drafts that left the box; their media id is an article id now. */
  readonly published: Shelf<SandboxDraft>;
  readonly materials: Shelf<Material>;
  putImage(imageId: string, image: StoredImage): void;
  getImage(imageId: string): StoredImage | null;
  /** A number above every serial given so far. */
  nextSerial(): number;
}

export interface AccountPair {
  readonly appId: string;
  readonly appSecret: string;
}

const MEDIA_ID = /^[A-Za-z0-9_-]{1,128}$/;
const IMAGE_FILE = /^([A-Za-z0-9_-]{1,128})\.(png|jpg|gif|bmp)$/;

/** A new id as WeChat makes them: 64 characters of base64url. */
export function createMediaId(): string {
  return randomBytes(48).toString('base64url');
}

/** A pair nobody can take for a real one: `wxsandbox` and 9 hexadecimal digits, as long as a real AppID. */
function createPair(): AccountPair {
  return {
    appId: `wxsandbox${randomBytes(5).toString('hex').slice(0, 9)}`,
    appSecret: randomBytes(16).toString('hex'),
  };
}

/** The pair kept in the state folder (made on first use, 0600), or a new one without a folder. */
export function loadPair(stateDir: string | null): AccountPair {
  if (stateDir === null) return createPair();
  const path = join(stateDir, 'account.json');
  const kept = readRecord<AccountPair>(path);
  if (kept !== null) return kept;
  const pair = createPair();
  writeWhole(path, toRecordText(pair));
  return pair;
}

/** Makes the state folder, private, and tells git to see nothing of it. */
export function createStateDir(stateDir: string): void {
  mkdirSync(stateDir, { recursive: true, mode: 0o700 });
  writeWhole(join(stateDir, '.gitignore'), '*\n', 0o644);
}

/** Opens what `appId` holds in a state folder, or an empty store in memory. `now` in ms. */
export function openStore(stateDir: string | null, appId: string, now: () => number): Store {
  const toFolder = (name: string): string | null => (stateDir === null ? null : join(stateDir, name));
  const drafts = openShelf<SandboxDraft>(toFolder('drafts'), appId, now);
  const published = openShelf<SandboxDraft>(toFolder('published'), appId, now);
  const materials = openShelf<Material>(toFolder('materials'), appId, now);
  const images = openImages(toFolder('images'));
  let serial = Math.max(0, ...[...drafts.list(), ...published.list(), ...materials.list()].map((item) => item.serial));
  return {
    drafts,
    published,
    materials,
    ...images,
    nextSerial: () => {
      serial += 1;
      return serial;
    },
  };
}

function openShelf<T extends Item>(directory: string | null, appId: string, now: () => number): Shelf<T> {
  const items = new Map<string, T>();
  /** When this process first saw an item; seconds would be too coarse for a lag. */
  const madeAt = new Map<string, number>();
  for (const name of directory === null ? [] : listFiles(directory)) {
    if (directory === null || !name.endsWith('.json') || name.startsWith('.')) continue;
    const item = readRecord<T>(join(directory, name));
    if (item !== null && item.appId === appId) items.set(item.mediaId, item);
  }
  const toPath = (mediaId: string): string | null =>
    directory === null || !MEDIA_ID.test(mediaId) ? null : join(directory, `${mediaId}.json`);
  return {
    get: (mediaId) => items.get(mediaId) ?? null,
    put(item) {
      const path = toPath(item.mediaId);
      if (path !== null) writeWhole(path, toRecordText(item));
      if (!items.has(item.mediaId)) madeAt.set(item.mediaId, now());
      items.set(item.mediaId, item);
    },
    delete(mediaId) {
      const path = toPath(mediaId);
      if (path !== null && items.has(mediaId)) rmSync(path, { force: true });
      return items.delete(mediaId);
    },
    list(lagMs = 0) {
      const newest = now() - lagMs;
      return [...items.values()]
        .filter(({ mediaId }) => lagMs === 0 || (madeAt.get(mediaId) ?? 0) <= newest)
        .sort((a, b) => b.updateTime - a.updateTime || b.serial - a.serial);
    },
  };
}

/** Images stay on disk until somebody looks at them. */
function openImages(directory: string | null): Pick<Store, 'putImage' | 'getImage'> {
  if (directory === null) {
    const images = new Map<string, StoredImage>();
    return {
      putImage: (imageId, image) => void images.set(imageId, image),
      getImage: (imageId) => images.get(imageId) ?? null,
    };
  }
  const formats = new Map<string, ImageFormat>();
  for (const name of listFiles(directory)) {
    const [, imageId, format] = IMAGE_FILE.exec(name) ?? [];
    if (imageId !== undefined && format !== undefined) formats.set(imageId, format as ImageFormat);
  }
  return {
    putImage(imageId, { format, bytes }) {
      writeWhole(join(directory, `${imageId}.${format}`), bytes);
      formats.set(imageId, format);
    },
    getImage(imageId) {
      const format = formats.get(imageId);
      return format === undefined ? null : { format, bytes: readFileSync(join(directory, `${imageId}.${format}`)) };
    },
  };
}

function toRecordText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** Null when the file is not there; an Error naming the file when it is no JSON. */
function readRecord<T>(path: string): T | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as T;
  } catch (error) {
    if (isMissing(error)) return null;
    throw new Error(`${path} cannot be read as a record of the sandbox; move it away or use another state folder`, {
      cause: error,
    });
  }
}

function listFiles(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
