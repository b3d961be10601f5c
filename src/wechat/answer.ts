// Sorts WeChat's answers: any status and bytes become exactly one verdict; it knows no endpoint, retry or wording.

/** A JSON object from outside, nothing about it believed yet. */
export type Json = Readonly<Record<string, unknown>>;

export type Verdict =
  | { readonly kind: 'ok'; readonly value: Json }
  | { readonly kind: 'refused'; readonly errcode: number; readonly errmsg: string }
  | { readonly kind: 'bad'; readonly detail: string };

/**
 * Says what an answer is. WeChat answers business errors with HTTP 200 and JSON, so everything else is `bad`: another
 * status (a redirect too), bytes that are not UTF-8, text that is not a JSON object, an errcode that is no whole
 * number. A numeric string counts as a number, since some gateways quote it. An answer that refuses and yet names a
 * new media id contradicts itself and is `bad`. Never throws; the content type serves only the detail, because WeChat
 * sends JSON under several.
 */
export function classifyAnswer(status: number, contentType: string, bytes: Uint8Array): Verdict {
  const seen = `${/^[\w.+-]{1,40}\/[\w.+-]{1,40}/.exec(contentType)?.[0] ?? 'no content type'}, ${bytes.length} bytes`;
  if (status !== 200) return { kind: 'bad', detail: seen };
  const value = parseObject(bytes);
  if (value === null) return { kind: 'bad', detail: seen };
  const errcode = toErrcode(value['errcode']);
  if (errcode === null) return { kind: 'bad', detail: 'odd errcode' };
  if (errcode === 0) return { kind: 'ok', value };
  if (isText(value['media_id'])) return { kind: 'bad', detail: `errcode ${errcode} beside a media_id` };
  const errmsg = value['errmsg'];
  return { kind: 'refused', errcode, errmsg: typeof errmsg === 'string' ? errmsg : '' };
}

/** A string with something in it. */
export function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** A JSON object, or null for lists, null and plain values. */
export function toObject(value: unknown): Json | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : null;
}

function parseObject(bytes: Uint8Array): Json | null {
  try {
    return toObject(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  } catch {
    return null;
  }
}

function toErrcode(value: unknown): number | null {
  if (value === undefined || value === null) return 0;
  if (typeof value === 'string' && /^-?\d{1,15}$/.test(value)) return Number(value);
  return Number.isSafeInteger(value) ? (value as number) : null;
}
