// What both upload endpoints ask of a multipart body before they look at their own limits.
import type { Call, Rule, Summary } from '../endpoint.ts';
import { PAGES } from '../evidence.ts';
import { detectFormat, type Format, isImageFormat, readSize, type Size, toNamedFormat } from '../media.ts';
import { parseUpload, type UploadedFile } from '../multipart.ts';

export interface UploadInput {
  readonly file: UploadedFile | null;
  /** What the bytes say, and what the name says. */
  readonly format: Format | null;
  readonly namedFormat: Format | null;
  /** Of an image whose header could be read. */
  readonly size: Size | null;
}

export function toUpload({ contentType, body }: Call): UploadInput {
  const file = parseUpload(contentType, body);
  const format = file === null ? null : detectFormat(file.bytes);
  return {
    file,
    format,
    namedFormat: file === null ? null : toNamedFormat(file.filename),
    size: file !== null && isImageFormat(format) ? readSize(format, file.bytes) : null,
  };
}

export function toUploadSummary({ file }: UploadInput): Summary {
  return file === null ? {} : { name: file.filename, bytes: file.bytes.length };
}

export const UPLOAD_RULES: readonly Rule<UploadInput>[] = [
  {
    errcode: 41005,
    says: 'no multipart part named media with a quoted filename, or the boundary parameter is quoted',
    confidence: 'observed',
    source: 'community thread oCJUsw76SW4IRRsMHYksPzQjDmjM (2024-10); silenceper/wechat pull request 832',
    refuses: ({ file }) => file === null,
  },
  {
    errcode: 44001,
    says: 'the file has no bytes',
    confidence: 'documented',
    source: PAGES.codes,
    refuses: ({ file }) => file?.bytes.length === 0,
  },
  {
    errcode: 40113,
    says: 'the file name has no known extension, or the first bytes are of another format',
    confidence: 'observed',
    source: 'reports of names without extension and of webp and HEIC files named png',
    refuses: ({ format, namedFormat }) => namedFormat === null || namedFormat !== format,
  },
];

export const HEADER_RULE: Rule<UploadInput> = {
  errcode: 40137,
  says: 'an image whose header gives no width and height',
  confidence: 'assumed',
  source: `the code: ${PAGES.codes} and two reports; that the header decides is a guess`,
  refuses: ({ format, size }) => isImageFormat(format) && size === null,
};
