// A JSON request body as WeChat reads it: UTF-8 without BOM, and \uXXXX escapes stay the six characters they are.
import type { Fields } from './wire.ts';

export interface JsonBody {
  /** Length as sent. */
  readonly bytes: number;
  /** The object, or null when the body is not UTF-8, not JSON or not an object. */
  readonly fields: Fields | null;
}

/** Never throws: what is wrong is in the value, so that rules can refuse it in their order. */
export function parseJsonBody(body: Buffer): JsonBody {
  return { bytes: body.length, fields: parseFields(body) };
}

function parseFields(body: Buffer): Fields | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
    const value: unknown = JSON.parse(keepUnicodeEscapes(text));
    return isFields(value) ? value : null;
  } catch {
    return null;
  }
}

/** Doubles the backslash of each \uXXXX, so that JSON.parse hands the escape on as text. */
function keepUnicodeEscapes(json: string): string {
  return json.replace(/\\(?:u[0-9a-fA-F]{4}|.)/gs, (found) => (found.length > 2 ? `\\${found}` : found));
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
