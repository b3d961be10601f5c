// POST /cgi-bin/material/add_material: a file for the library, known by its media id.
import { createEndpoint, type Rule } from '../endpoint.ts';
import { groupDigits, PAGES } from '../evidence.ts';
import { type Format, isImageFormat } from '../media.ts';
import { createMediaId, type MaterialType } from '../store.ts';
import { HEADER_RULE, toUpload, toUploadSummary, UPLOAD_RULES, type UploadInput } from './upload-rules.ts';

interface MaterialInput extends UploadInput {
  readonly type: string;
}

interface TypeLimits {
  readonly formats: readonly Format[];
  readonly maxBytes: number;
  readonly tooBig: number;
}

const MB = 1_048_576;

const TYPES: Readonly<Record<MaterialType, TypeLimits>> = {
  image: { formats: ['bmp', 'png', 'jpg', 'gif'], maxBytes: 10 * MB, tooBig: 40006 },
  thumb: { formats: ['jpg'], maxBytes: 65_536, tooBig: 40012 },
  voice: { formats: ['mp3', 'wma', 'wav', 'amr'], maxBytes: 2 * MB, tooBig: 40010 },
  video: { formats: ['mp4'], maxBytes: 10 * MB, tooBig: 40011 },
};

/** Sizes are asked per type, because each type has an errcode of its own. */
const SIZE_RULES: readonly Rule<MaterialInput>[] = Object.entries(TYPES).map(([type, { maxBytes, tooBig }]) => ({
  errcode: tooBig,
  says: `type=${type}: the file is over ${groupDigits(maxBytes)} bytes`,
  confidence: 'documented',
  source: `the size: ${PAGES.addMaterial} (MB read as MiB); the code: ${PAGES.codes}`,
  refuses: (input) => input.type === type && (input.file?.bytes.length ?? 0) > maxBytes,
}));

export const materialAddMaterial = createEndpoint<MaterialInput>({
  path: 'material/add_material',
  method: 'POST',
  auth: 'token',
  effect: 'writes',
  read: (call) => ({ ...toUpload(call), type: call.query.get('type') ?? '' }),
  rules: [
    {
      errcode: 40004,
      says: 'type in the query is not image, voice, video or thumb',
      confidence: 'documented',
      source: PAGES.codes,
      refuses: ({ type }) => !isType(type),
    },
    ...UPLOAD_RULES,
    {
      errcode: 40005,
      says: 'the format is not one of this type (image: bmp, png, jpg, gif; thumb: jpg)',
      confidence: 'documented',
      source: `the formats: ${PAGES.addMaterial}; the code: ${PAGES.codes}`,
      refuses: ({ type, format }) => isType(type) && format !== null && !TYPES[type].formats.includes(format),
    },
    ...SIZE_RULES,
    HEADER_RULE,
  ],
  summarise: (input) => ({ ...toUploadSummary(input), type: input.type }),
  run({ file, format, size, type }, { store, appId, now }) {
    if (file === null || format === null || !isType(type)) throw new Error('a rule let an unreadable file pass');
    const mediaId = createMediaId();
    let url = '';
    if (isImageFormat(format)) {
      const imageId = createMediaId();
      store.putImage(imageId, { format, bytes: file.bytes });
      url = `http://mmbiz.qpic.cn/mmbiz_${format}/${imageId}/0?wx_fmt=${format === 'jpg' ? 'jpeg' : format}`;
    }
    store.materials.put({
      appId,
      mediaId,
      serial: store.nextSerial(),
      updateTime: Math.floor(now() / 1000),
      type,
      name: file.filename,
      bytes: file.bytes.length,
      format,
      url,
      width: size?.width ?? 0,
      height: size?.height ?? 0,
    });
    const body = { media_id: mediaId, ...(url === '' ? {} : { url }), item: [] };
    return { body, summary: { mediaId, ...(url === '' ? {} : { url }) } };
  },
});

function isType(type: string): type is MaterialType {
  return Object.hasOwn(TYPES, type);
}
