// One uploaded file out of a multipart body, as strictly as WeChat's gateway reads it; it does not judge the file.

export interface UploadedFile {
  readonly filename: string;
  readonly bytes: Buffer;
}

const BOUNDARY = /^multipart\/form-data\s*;(?:[^"]*;)?\s*boundary=([^\s";]{1,200})\s*(?:;|$)/i;

/**
 * The part named `media`. Null when WeChat would not find it: the body is not multipart, the boundary parameter is
 * quoted, no part is named `media`, or that part has no quoted filename.
 */
export function parseUpload(contentType: string, body: Buffer): UploadedFile | null {
  const boundary = BOUNDARY.exec(contentType)?.[1];
  if (boundary === undefined) return null;
  for (const part of splitParts(body, boundary)) {
    const headEnd = part.indexOf('\r\n\r\n');
    if (headEnd === -1) continue;
    const disposition = /^content-disposition:(.*)$/im.exec(part.toString('utf8', 0, headEnd))?.[1] ?? '';
    if (!/;\s*name="?media"?\s*(;|$)/i.test(disposition)) continue;
    const filename = /;\s*filename="([^"]+)"/i.exec(disposition)?.[1];
    return filename === undefined ? null : { filename, bytes: part.subarray(headEnd + 4) };
  }
  return null;
}

/** The bytes between the delimiter lines, without the line breaks that belong to the delimiters. */
function* splitParts(body: Buffer, boundary: string): Generator<Buffer> {
  const delimiter = Buffer.from(`--${boundary}`);
  let at = body.indexOf(delimiter);
  while (at !== -1) {
    const start = at + delimiter.length + 2;
    const next = body.indexOf(`\r\n--${boundary}`, start - 2);
    if (next === -1) return;
    yield body.subarray(start, Math.max(start, next));
    at = next + 2;
  }
}
