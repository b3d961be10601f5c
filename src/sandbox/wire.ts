// The form of an answer on WeChat's wire: status, headers, errmsg grammar; it knows no endpoint.
import { randomBytes } from 'node:crypto';
import { ERRCODES } from './errcodes.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The errcode the body carries; 0 for success, null when the body is not WeChat's JSON. */
  readonly errcode: number | null;
}

export type Fields = Readonly<Record<string, unknown>>;

/**
 * A success. `body` is what WeChat's page shows: some endpoints say errcode 0, some say nothing about it.
 * Slashes are escaped as live answers do.
 */
export function toSuccess(body: Fields): Answer {
  return toJson(JSON.stringify(body).replaceAll('/', '\\/'), 0);
}

/** A refusal: status 200, `errmsg` = text, a hint where WeChat gives one, and a rid that opens with unix seconds. */
export function toRefusal(errcode: number, nowMs: number): Answer {
  const { text, hint } = ERRCODES[errcode] ?? { text: 'system error' };
  const hintText = hint === undefined ? '' : ` hint: [${randomBytes(5).toString('hex')}-${randomBytes(1)[0] ?? 0}]`;
  const errmsg = `${text}${hintText} rid: ${createRid(nowMs)}`;
  return toJson(JSON.stringify({ errcode, errmsg }), errcode);
}

/** Status 200, and nothing else. */
export const EMPTY: Answer = { status: 200, headers: {}, body: '', errcode: null };

/** An answer that is not the API's own: a gateway's page, a redirect, or nothing at all. */
export function toGatewayAnswer(status: number): Answer {
  if (status >= 300 && status < 400) {
    return { status, headers: { Location: 'https://mp.weixin.qq.com/' }, body: '', errcode: null };
  }
  if (status === 412) return { status, headers: {}, body: '', errcode: null };
  const body = `<html>\r\n<head><title>${status}</title></head>\r\n<body><center><h1>${status}</h1></center></body>\r\n</html>\r\n`;
  const headers = { 'Content-Type': 'text/html', ...(status === 429 || status === 503 ? { 'Retry-After': '1' } : {}) };
  return { status, headers, body, errcode: null };
}

function toJson(body: string, errcode: number): Answer {
  return {
    status: 200,
    headers: { 'Content-Type': 'application/json; encoding=utf-8', RetKey: '11', LogicRet: String(errcode) },
    body,
    errcode,
  };
}

function createRid(nowMs: number): string {
  const seconds = Math.floor(nowMs / 1000)
    .toString(16)
    .padStart(8, '0');
  return `${seconds}-${randomBytes(4).toString('hex')}-${randomBytes(4).toString('hex')}`;
}
