// What draft/add and draft/update ask of one article, in WeChat's order, and the article that is then stored.
import { type ApiRule, filterContent, findForbidden, type LinkPolicy } from '../content/api.ts';
import type { Filtered } from '../content/rule.ts';
import { isOver } from '../counting.ts';
import type { Rule, Summary } from '../endpoint.ts';
import { PAGES } from '../evidence.ts';
import { isFields } from '../json-body.ts';
import type { Material, SandboxArticle, Store } from '../store.ts';
import type { Fields } from '../wire.ts';

export interface ArticleInput {
  readonly fields: Fields;
  readonly forbidden: readonly string[];
  readonly filtered: Filtered<ApiRule>;
}

/** Content beyond this is not parsed; the length rule refuses it. */
const PARSED_CHARACTERS = 4_000_000;
const TEXT_FIELDS = ['title', 'author', 'digest', 'content', 'content_source_url', 'thumb_media_id', 'article_type'];
const CROP_FIELDS = ['pic_crop_235_1', 'pic_crop_1_1'];
const FLAG_FIELDS = ['need_open_comment', 'only_fans_can_comment'];
const CROP = /^\d(?:\.\d{1,6})?(?:_\d(?:\.\d{1,6})?){3}$/;
/** How far a crop's shape may be from 2.35:1 or 1:1, as a part of it. */
const CROP_TOLERANCE = 0.01;

/** Reads one article of a body; the HTML is parsed here, so that deciding and storing need no waiting. */
export async function toArticleInput(value: unknown, links: LinkPolicy): Promise<ArticleInput> {
  const fields = isFields(value) ? value : {};
  const content = toField(fields, 'content').slice(0, PARSED_CHARACTERS);
  return {
    fields,
    forbidden: await findForbidden(content, links),
    filtered: await filterContent(content, links),
  };
}

export const ARTICLE_RULES: readonly Rule<ArticleInput>[] = [
  {
    errcode: 47001,
    says: 'a text field is not a string, or a comment flag is not the number 0 or 1',
    confidence: 'assumed',
    source: `the types: ${PAGES.draftAdd}; 47001 for a wrong type is reported for draft/update`,
    refuses: ({ fields }) =>
      [...TEXT_FIELDS, ...CROP_FIELDS].some((name) => name in fields && typeof fields[name] !== 'string') ||
      FLAG_FIELDS.some((name) => name in fields && fields[name] !== 0 && fields[name] !== 1),
  },
  {
    errcode: 40008,
    says: 'article_type is not news (newspic exists at WeChat, not in this sandbox)',
    confidence: 'assumed',
    source: 'our bound',
    refuses: ({ fields }) => !['', 'news'].includes(toField(fields, 'article_type')),
  },
  {
    errcode: 40227,
    says: 'title is missing or blank',
    confidence: 'observed',
    source: 'one publisher; another says 44003',
    refuses: ({ fields }) => toField(fields, 'title').trim() === '',
  },
  {
    errcode: 45003,
    says: 'title is over 64 characters (documented figure: 32)',
    confidence: 'observed',
    source: `two publishers, 2026: 64 pass and 65 fail; ${PAGES.draftAdd} says 32`,
    refuses: ({ fields }, { limits }) => isOver(limits.title, toField(fields, 'title')),
  },
  {
    errcode: 45110,
    says: 'author is over 16 half-width units (documented figure: 16 characters)',
    confidence: 'observed',
    source: `publishers, 2026: 17 units fail, an emoji counts 4; ${PAGES.draftAdd} says 16 characters`,
    refuses: ({ fields }, { limits }) => isOver(limits.author, toField(fields, 'author')),
  },
  {
    errcode: 45004,
    says: 'digest is over 240 half-width units (documented figure: 128 characters)',
    confidence: 'observed',
    source: `one publisher, 2026-09: 120 Chinese characters pass, 121 fail; ${PAGES.draftAdd} says 128`,
    refuses: ({ fields }, { limits }) => isOver(limits.digest, toField(fields, 'digest')),
  },
  {
    errcode: 44003,
    says: 'content is missing or blank',
    confidence: 'assumed',
    source: 'the code is reported for a body without articles',
    refuses: ({ fields }) => toField(fields, 'content').trim() === '',
  },
  {
    errcode: 45002,
    says: 'content is not below 1 MB (1,048,576 bytes; documented figure: also below 20,000 characters)',
    confidence: 'documented',
    source: `${PAGES.draftAdd}; 100,000 characters were accepted, so the smaller figure is not enforced`,
    refuses: ({ fields }, { limits }) => isOver(limits.content, toField(fields, 'content')),
  },
  {
    errcode: 45005,
    says: 'content_source_url is over 1,024 bytes',
    confidence: 'documented',
    source: `${PAGES.draftAdd}; ${PAGES.codes}`,
    refuses: ({ fields }) => Buffer.byteLength(toField(fields, 'content_source_url')) > 1024,
  },
  {
    errcode: 41039,
    says: 'content_source_url is not an http or https address',
    confidence: 'documented',
    source: PAGES.draftUpdate,
    refuses: ({ fields }) => !isWebAddress(toField(fields, 'content_source_url')),
  },
  {
    errcode: 40007,
    says: 'thumb_media_id is missing, empty, or no permanent image or thumb of this account',
    confidence: 'observed',
    source: 'community thread 0002a6fcf04ee89a951588d8c66800 (staff); one publisher measured it for draft/update too',
    refuses: ({ fields }, { store }) => findCover(store, fields) === null,
  },
  {
    errcode: 53402,
    says: 'a crop is not X1_Y1_X2_Y2 from 0 to 1 with up to 6 decimals, gives another shape, or the cover is 1×1',
    confidence: 'observed',
    source: `the form: ${PAGES.draftAdd}; the code: community thread 0002683c89cf486a3e412467e66000; 1% tolerance assumed`,
    refuses: ({ fields }, { store }) => isCropRefused(fields, findCover(store, fields)),
  },
  {
    errcode: 45166,
    says: 'content links to anything but a published mp.weixin.qq.com article (anchors and relative links too), to a tempkey preview, or holds mpvoice',
    confidence: 'observed',
    source: 'publishers, 2026; others saw such links stripped (links: strip)',
    refuses: ({ forbidden }) => forbidden.length > 0,
  },
];

export function toArticle({ fields, filtered }: ArticleInput): SandboxArticle {
  return {
    title: toField(fields, 'title'),
    author: toField(fields, 'author'),
    digest: toField(fields, 'digest'),
    content: filtered.html,
    contentSourceUrl: toField(fields, 'content_source_url'),
    thumbMediaId: toField(fields, 'thumb_media_id'),
    needOpenComment: fields['need_open_comment'] === 1 ? 1 : 0,
    onlyFansCanComment: fields['only_fans_can_comment'] === 1 ? 1 : 0,
    crop235: toField(fields, 'pic_crop_235_1'),
    crop11: toField(fields, 'pic_crop_1_1'),
    changes: filtered.changes,
  };
}

export function toArticleSummary(article: ArticleInput | undefined): Summary {
  if (article === undefined) return {};
  const { fields, forbidden } = article;
  return {
    title: toField(fields, 'title'),
    thumbMediaId: toField(fields, 'thumb_media_id'),
    bytes: Buffer.byteLength(toField(fields, 'content')),
    ...(forbidden.length === 0 ? {} : { forbidden: forbidden.join('; ') }),
  };
}

function toField(fields: Fields, name: string): string {
  const value = fields[name];
  return typeof value === 'string' ? value : '';
}

function findCover(store: Store, fields: Fields): Material | null {
  const material = store.materials.get(toField(fields, 'thumb_media_id'));
  return material !== null && (material.type === 'image' || material.type === 'thumb') ? material : null;
}

function isWebAddress(address: string): boolean {
  if (address === '') return true;
  return /^https?:\/\/[^\s/]/i.test(address) && URL.canParse(address);
}

function isCropRefused(fields: Fields, cover: Material | null): boolean {
  if (cover !== null && (cover.width <= 1 || cover.height <= 1)) return true;
  return (
    isShapeWrong(toField(fields, 'pic_crop_235_1'), 2.35, cover) ||
    isShapeWrong(toField(fields, 'pic_crop_1_1'), 1, cover)
  );
}

function isShapeWrong(crop: string, ratio: number, cover: Material | null): boolean {
  if (crop === '') return false;
  if (!CROP.test(crop)) return true;
  const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = crop.split('_').map(Number);
  if (x1 >= x2 || y1 >= y2 || x2 > 1 || y2 > 1) return true;
  if (cover === null) return false;
  const shape = ((x2 - x1) * cover.width) / ((y2 - y1) * cover.height);
  return Math.abs(shape / ratio - 1) > CROP_TOLERANCE;
}
