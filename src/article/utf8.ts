// Turns a post's bytes into text and finds the first byte that is not UTF-8; knows nothing of what the text means.
import type { Place } from '../facts/findings.ts';
import { placeAt } from './place.ts';

export type Decoded =
  /** `text` is without the byte order mark; `markBytes` is that mark's length in the file, so that bytes can be counted. */
  | { readonly ok: true; readonly text: string; readonly markBytes: 0 | 3 }
  | { readonly ok: false; readonly offset: number; readonly place: Place };

const MARK = [0xef, 0xbb, 0xbf];

/** Decodes UTF-8 strictly. A failure gives the offset, in bytes, where the text stops being UTF-8. */
export function decodeUtf8(bytes: Uint8Array): Decoded {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return { ok: true, text, markBytes: MARK.every((byte, index) => bytes[index] === byte) ? 3 : 0 };
  } catch {
    // A lenient decoder writes U+FFFD for what is bad, so its text differs from the file just there.
    const lenient = Buffer.from(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
    const differs = bytes.findIndex((byte, index) => byte !== lenient[index]);
    const offset = differs === -1 ? bytes.length : differs;
    const before = new TextDecoder().decode(bytes.subarray(0, offset));
    return { ok: false, offset, place: placeAt(before, before.length) };
  }
}
