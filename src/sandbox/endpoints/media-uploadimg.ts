// POST /cgi-bin/media/uploadimg: an image for an article's body, known by its address only.
import { createEndpoint, OK } from '../endpoint.ts';
import { PAGES } from '../evidence.ts';
import { isImageFormat } from '../media.ts';
import { createMediaId } from '../store.ts';
import { HEADER_RULE, toUpload, toUploadSummary, UPLOAD_RULES } from './upload-rules.ts';

/** "Below 1 MB", read as MiB: the larger reading, so that a client which takes the smaller one is always welcome. */
const MAX_BYTES = 1_048_575;

export const mediaUploadimg = createEndpoint({
  path: 'media/uploadimg',
  method: 'POST',
  auth: 'token',
  effect: 'writes',
  read: toUpload,
  rules: [
    ...UPLOAD_RULES,
    {
      errcode: 40005,
      says: 'the image is neither jpg nor png',
      confidence: 'documented',
      source: PAGES.uploadImage,
      refuses: ({ format }) => format !== 'jpg' && format !== 'png',
    },
    {
      errcode: 40009,
      says: 'the image is not below 1 MB (1,048,576 bytes)',
      confidence: 'documented',
      source: `${PAGES.uploadImage}; that MB means MiB is assumed`,
      refuses: ({ file }) => file !== null && file.bytes.length > MAX_BYTES,
    },
    HEADER_RULE,
  ],
  summarise: toUploadSummary,
  run({ file, format }, { store }) {
    const imageId = createMediaId();
    if (file !== null && isImageFormat(format)) store.putImage(imageId, { format, bytes: file.bytes });
    const kind = format === 'jpg' ? 'jpeg' : format;
    const url = `http://mmbiz.qpic.cn/sz_mmbiz_${format}/${imageId}/640?wx_fmt=${kind}&from=appmsg`;
    return { body: { url, ...OK }, summary: { url } };
  },
});
