// WeChat's limits as data: value, unit, where the figure comes from and how sure we are; no code reads a bare number.

export type Confidence = 'documented' | 'observed' | 'assumed';

export interface Limit {
  readonly value: number;
  readonly unit:
    | 'characters'
    | 'half-width units'
    | 'bytes'
    | 'images'
    | 'frames'
    | 'pixels'
    | 'articles'
    | 'ms'
    | 'items'
    | 'width : height';
  readonly confidence: Confidence;
  readonly source: string;
}

const DRAFT_ADD = 'developers.weixin.qq.com/doc/subscription/api/draftbox/draftmanage/api_draft_add.html';
const UPLOAD_IMAGE = 'developers.weixin.qq.com/doc/subscription/api/material/permanent/api_uploadimage.html';
const ADD_MATERIAL = 'developers.weixin.qq.com/doc/subscription/api/material/permanent/api_addmaterial.html';
const UPLOAD_NEWS =
  'developers.weixin.qq.com/doc/offiaccount/Message_Management/Batch_Sends_and_Originality_Checks.html (media/uploadnews), as public clients quote it';
const STRUCTURE = 'github.com/wechatjs/verify-article-structure-spec';
const OURS = 'our own bound';

export const LIMITS = {
  title: {
    value: 64,
    unit: 'characters',
    confidence: 'observed',
    source: `field reports 2026 (65 answers 45003); ${DRAFT_ADD} says 32`,
  },
  author: {
    value: 16,
    unit: 'half-width units',
    confidence: 'observed',
    source: `field reports 2026 (17 answers 45110); ${DRAFT_ADD} says 16 characters`,
  },
  digest: {
    value: 240,
    unit: 'half-width units',
    confidence: 'observed',
    source: `field report 2026-09-16 (121 Chinese characters answer 45004); ${DRAFT_ADD} says 128`,
  },
  miniprogramTitle: { value: 35, unit: 'characters', confidence: 'documented', source: UPLOAD_NEWS },
  miniprogramWidth: { value: 1080, unit: 'pixels', confidence: 'documented', source: UPLOAD_NEWS },
  miniprogramHeight: { value: 864, unit: 'pixels', confidence: 'documented', source: UPLOAD_NEWS },
  sourceUrl: { value: 1024, unit: 'bytes', confidence: 'documented', source: DRAFT_ADD },
  contentLong: {
    value: 20_000,
    unit: 'characters',
    confidence: 'documented',
    source: `${DRAFT_ADD}; field reports passed 38,000 and 100,000`,
  },
  contentNear: { value: 18_000, unit: 'characters', confidence: 'assumed', source: OURS },
  content: { value: 1_000_000, unit: 'bytes', confidence: 'documented', source: `${DRAFT_ADD} ("less than 1M")` },
  bodyImage: {
    value: 1_000_000,
    unit: 'bytes',
    confidence: 'documented',
    source: `${UPLOAD_IMAGE} ("below 1MB", read as the smaller meaning)`,
  },
  material: { value: 10_000_000, unit: 'bytes', confidence: 'documented', source: ADD_MATERIAL },
  cover: {
    value: 1_000_000,
    unit: 'bytes',
    confidence: 'assumed',
    source: 'aim, well inside the 10 MB of material images',
  },
  coverWidth: {
    value: 900,
    unit: 'pixels',
    confidence: 'observed',
    source: "advice of WeChat's own editor and of field reports (smaller ones met 53402)",
  },
  coverHeight: { value: 383, unit: 'pixels', confidence: 'observed', source: 'as the width' },
  coverRatio: {
    value: 2.35,
    unit: 'width : height',
    confidence: 'documented',
    source: `${DRAFT_ADD} (pic_crop_235_1)`,
  },
  imagePixels: {
    value: 5_000_000,
    unit: 'pixels',
    confidence: 'observed',
    source: 'one field report of refused larger pictures',
  },
  phoneColumn: { value: 375, unit: 'pixels', confidence: 'documented', source: STRUCTURE },
  desktopColumn: { value: 677, unit: 'pixels', confidence: 'documented', source: STRUCTURE },
  videos: {
    value: 3,
    unit: 'items',
    confidence: 'assumed',
    source: 'page scripts of the older editor, error 64509',
  },
  sameNesting: { value: 10, unit: 'items', confidence: 'documented', source: STRUCTURE },
  listPage: {
    value: 20,
    unit: 'items',
    confidence: 'documented',
    source: 'developers.weixin.qq.com/doc/subscription/en/api/draftbox/draftmanage/api_draft_batchget.html',
  },

  postFile: { value: 5_000_000, unit: 'bytes', confidence: 'assumed', source: OURS },
  frontMatter: { value: 64_000, unit: 'bytes', confidence: 'assumed', source: OURS },
  nesting: { value: 100, unit: 'items', confidence: 'assumed', source: OURS },
  formula: { value: 3_000, unit: 'characters', confidence: 'assumed', source: `${OURS}, macros written out` },
  formulas: { value: 30_000, unit: 'characters', confidence: 'assumed', source: `${OURS}, macros written out` },
  diagram: { value: 20_000, unit: 'characters', confidence: 'assumed', source: OURS },
  diagramsPerPost: { value: 50, unit: 'images', confidence: 'assumed', source: OURS },
  diagramTime: {
    value: 30_000,
    unit: 'ms',
    confidence: 'assumed',
    source: `${OURS}; the slowest kind measured took 1.2 s, and the first one of a browser 5 s more`,
  },
  imagesPerPost: { value: 200, unit: 'images', confidence: 'assumed', source: OURS },
  sourceImage: { value: 50_000_000, unit: 'bytes', confidence: 'assumed', source: OURS },
  sourcePixels: { value: 40_000_000, unit: 'pixels', confidence: 'assumed', source: OURS },
  animationPixels: {
    value: 100_000_000,
    unit: 'pixels',
    confidence: 'assumed',
    source: `${OURS}, all frames together`,
  },
  remoteImage: { value: 10_000_000, unit: 'bytes', confidence: 'assumed', source: OURS },
  remoteTime: { value: 15_000, unit: 'ms', confidence: 'assumed', source: OURS },
  decodeTime: {
    value: 120_000,
    unit: 'ms',
    confidence: 'assumed',
    source: `${OURS}; the worst good picture measured took 24 s on a busy computer`,
  },
  decodeMemory: {
    value: 1_500_000_000,
    unit: 'bytes',
    confidence: 'assumed',
    source: `${OURS} of one decoder; the worst good picture measured, an AVIF of 40 megapixels, took 0.8 GB`,
  },
} as const satisfies Record<string, Limit>;
