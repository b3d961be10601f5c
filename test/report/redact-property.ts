// Secrets in every spelling in which output could hold them, written whole and in two writes: none can be read there.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Io } from '../../src/local/io.ts';
import { createSpeaker } from '../../src/report/speaker.ts';

/** Tokens, AppSecrets, and passwords with all that a URL or JSON must escape. */
const secret = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'abcXYZ019_-'), minLength: 6, maxLength: 60 }),
  fc.string({ unit: fc.constantFrom(...'aZ09 /+=%&?"\\\'@:#!~中é'), minLength: 6, maxLength: 30 }),
);
/** Characters that no secret and no spelling of one has. */
const around = fc.string({ unit: fc.constantFrom(...'<>|;{}\n'), maxLength: 8 });

const lower = (text: string): string => text.replace(/%../g, (hex) => hex.toLowerCase());
const toForm = (text: string): string => new URLSearchParams([['', text]]).toString().slice(1);

/** Each spelling, with the way in which somebody would read it again. */
const SPELLINGS: readonly (readonly [write: (secret: string) => string, read: (text: string) => string])[] = [
  [(text) => text, (text) => text],
  [(text) => JSON.stringify(text).slice(1, -1), (text) => text],
  [encodeURIComponent, unescapeUrl],
  [(text) => lower(encodeURIComponent(text)), unescapeUrl],
  [toForm, (text) => unescapeUrl(text.replaceAll('+', ' '))],
  [(text) => lower(toForm(text)), (text) => unescapeUrl(text.replaceAll('+', ' '))],
  [(text) => Buffer.from(text).toString('hex'), (text) => Buffer.from(text.replace(/[^\da-f]/g, ''), 'hex').toString()],
  [(text) => Buffer.from(text).toString('base64'), unpack],
  [(text) => Buffer.from(text).toString('base64url'), unpack],
  [(text) => Buffer.from(`u:${text}`).toString('base64'), unpack],
  [(text) => Buffer.from(`x${text}:yz`).toString('base64'), unpack],
];

/** A stream that is a terminal or not, and all that a speaker wrote to both. */
function listen(kind: 'terminal' | 'file') {
  let written = '';
  const stream = { write: (text: string) => (written += text), isTTY: kind === 'terminal', columns: 40 };
  const io: Pick<Io, 'env' | 'stdout' | 'stderr'> = { env: {}, stdout: stream, stderr: stream };
  return { speaker: createSpeaker(io as Io, { lang: 'en', color: 'never', level: 'verbose' }), read: () => written };
}

/** Throws when a secret can be read in what was written. */
export function checkRedactor(numRuns: number, seed: number): void {
  const property = fc.property(
    ...([fc.uniqueArray(secret, { minLength: 1, maxLength: 3 }), fc.constantFrom(...SPELLINGS)] as const),
    ...([fc.tuple(around, around), fc.constantFrom('terminal', 'file'), fc.nat(), fc.nat()] as const),
    (secrets, [write, read], [before, after], kind, pick, cut) => {
      const own = secrets[pick % secrets.length] ?? '';
      // Such a mask cannot be told from its secret.
      fc.pre(!`${before}***${after}`.includes(own));
      const { speaker, read: written } = listen(kind);
      for (const each of secrets) speaker.keepSecret(each);
      const text = `${before}${write(own)}${after}`;
      for (const say of [speaker.out, speaker.talk, speaker.complain, speaker.progress]) {
        say(text);
        say(`${' '.repeat(cut % 40)}${text}`);
      }
      for (const line of written().split('\n')) assert.ok(!line.includes(own) && !read(line).includes(own), line);
      const at = cut % (text.length + 1);
      speaker.out(text.slice(0, at));
      speaker.out(text.slice(at));
      assert.ok(!written().includes(own));
    },
  );
  fc.assert(property, { numRuns, seed });
}

function unescapeUrl(text: string): string {
  return text.replace(/(?:%[\da-fA-F]{2})+/g, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString());
}

/** Base64 of any kind, wherever it begins. */
function unpack(text: string): string {
  const runs = text.match(/[\w+/-]{4,}/g) ?? [];
  return runs
    .map((run) => [0, 1, 2, 3].map((at) => Buffer.from(run.slice(at), 'base64').toString()).join(' '))
    .join(' ');
}
