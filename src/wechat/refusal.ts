// Turns a refusal of WeChat into our error with every value its sentence needs; it knows no socket and decides no retry.
import { type Args, WxsyncError } from '../errors.ts';
import { decideErrcode, ERRCODES } from '../facts/errcodes.ts';

export interface Refusal {
  readonly errcode: number;
  /** As WeChat sent it; cleaned here. */
  readonly errmsg: string;
  /** The endpoint's path, such as `/cgi-bin/draft/add`. */
  readonly endpoint: string;
  readonly appId: string;
  /** What to call the picture that was sent, empty when none was. */
  readonly src: string;
  /** Never shown, whatever WeChat echoes. */
  readonly secrets: readonly string[];
}

const MAX_ERRMSG = 200;
const NO_ACTION = "Look the number up in WeChat's list of return codes, mend the post or the account, then run again.";

/** Endpoints that take the AppSecret: there an errcode speaks of the credentials, not of a token. */
const TOKEN_ENDPOINTS = /^\/cgi-bin\/(stable_)?token$/;

/** Our error for an errcode, by the table in facts/errcodes.ts. */
export function toRefusalError(refusal: Refusal): WxsyncError {
  const { errcode, endpoint, appId, src } = refusal;
  const decision = decideErrcode(errcode);
  const code = (TOKEN_ENDPOINTS.test(endpoint) ? decision.atToken : undefined) ?? decision.error;
  const known = ERRCODES.get(errcode);
  const errmsg = cleanErrmsg(refusal.errmsg, refusal.secrets);
  const args: Args = {
    errcode,
    errmsg: errmsg || known?.en || '-',
    endpoint,
    ...(code === 'ip-not-allowed' ? { ip: findIp(errmsg) ?? '?' } : {}),
    ...(code === 'appid-invalid' || code.startsWith('secret-') ? { appId } : {}),
    ...(code === 'media-refused' ? { src } : {}),
    ...(decision.field === undefined ? {} : { field: decision.field }),
    ...(decision.wait === undefined ? {} : { wait: decision.wait }),
    ...(code === 'wechat-refused'
      ? { action: known?.action || NO_ACTION, meaning: known?.zh || '微信文档未收录' }
      : {}),
  };
  return new WxsyncError(code, { args, errcode });
}

/**
 * The caller's address in the text of 40164, `invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist`:
 * the IPv4 form when there is one. Null when there is none.
 */
export function findIp(errmsg: string): string | null {
  const v4 = /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])/.exec(errmsg)?.[0];
  return v4 ?? /(?<![\w:])(?=[\da-f]*:)[\da-f:]{2,39}(?![\w:])/i.exec(errmsg.replace(/\brid:.*/, ''))?.[0] ?? null;
}

/** WeChat's text fit to be shown: no control characters, no secret, at most 200 characters with the rid kept. */
export function cleanErrmsg(errmsg: string, secrets: readonly string[]): string {
  const plain = hideSecrets(errmsg, secrets)
    .replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim();
  const letters = [...plain];
  if (letters.length <= MAX_ERRMSG) return plain;
  const rid = /rid: ?[\w-]{1,40}$/.exec(plain)?.[0] ?? '';
  return `${letters.slice(0, MAX_ERRMSG - rid.length - 2).join('')}… ${rid}`.trim();
}

/** Text with every secret in it masked, as it is and as a URL spells it. */
export function hideSecrets(text: string, secrets: readonly string[]): string {
  return secrets
    .flatMap((secret) => [secret, encodeURIComponent(secret)])
    .filter((secret) => secret !== '')
    .reduce((left, secret) => left.replaceAll(secret, '***'), text);
}
