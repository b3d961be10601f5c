// The AppSecret of every test's account, and the search for it and for the sandbox's tokens in whatever a run of ours said.
import { inspect } from 'node:util';

/** The one place of the canary. It opens the sandboxes of tests and nothing else. */
export const APP_SECRET = 'canary0123456789canary0123456789';

/** Half of a secret is a leak too. Tokens of the sandbox begin with `9N_sandbox`, which no random id holds by chance. */
const SECRETS: Readonly<Record<string, RegExp>> = {
  AppSecret: /canary0123456789/i,
  'access token': /9N_sandbox[\w-]{5,}/,
};

/** How a text could hold another: as it is, escaped for a URL or JSON, in base64 of either alphabet, in hexadecimal. */
const READINGS: Readonly<Record<string, (text: string) => Iterable<string>>> = {
  raw: (text) => [text],
  'URL-encoded': (text) => [text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => toLetter(hex))],
  escaped: (text) => [text.replace(/\\(?:u00|x)([0-9a-f]{2})/gi, (_, hex: string) => toLetter(hex))],
  hex: (text) => (text.match(/(?:[0-9a-f]{2}){12,}/gi) ?? []).map((run) => Buffer.from(run, 'hex').toString('latin1')),
  *base64(text) {
    // A secret in the middle of what was encoded may begin at any of four letters.
    for (const run of text.match(/[\w+/-]{16,}/g) ?? [])
      for (const skip of [0, 1, 2, 3]) yield Buffer.from(run.slice(skip), 'base64').toString('latin1');
  },
};

/** What of the secrets stands in a text and how, or null. */
export function findLeak(text: string): string | null {
  for (const [form, read] of Object.entries(READINGS))
    for (const reading of read(text))
      for (const [what, pattern] of Object.entries(SECRETS)) if (pattern.test(reading)) return `the ${what}, ${form}`;
  return null;
}

/** GitHub's runner takes these lines out of the log; what they hold must be hidden from then on. */
const MASK = /^::add-mask::.*$/gm;

/** Throws where a secret stands in one of the texts, which are named by what they are. */
export function refuseLeaks(where: string, texts: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(texts)) {
    const lines = text.replace(MASK, '').split('\n');
    const leak = findLeak(text.replace(MASK, ''));
    if (leak === null) continue;
    const line = lines.find((each) => findLeak(each) !== null) ?? '';
    throw new Error(`${where}: ${leak} in ${name}: ${line.slice(0, 400)}`);
  }
}

/** The same for a value: whatever an inspection of it shows, causes and hidden fields included. */
export function refuseLeaksOf(where: string, value: unknown): void {
  refuseLeaks(where, { inspection: inspect(value, { depth: 12, showHidden: true, maxStringLength: null }) });
}

function toLetter(hex: string): string {
  return String.fromCharCode(Number.parseInt(hex, 16));
}
