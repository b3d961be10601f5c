// One property of the address guard: whatever an address is spelled like, it is judged by its number, as IANA's registries have it.
import { isIP } from 'node:net';
import fc from 'fast-check';
import { isPublicAddress } from '../../src/images/address.ts';

/** Not to be reached, as first and last number: written down here anew, from the registries and not from the guard. */
const INNER4: readonly (readonly [first: number, last: number])[] = [
  [0x00000000, 0x00ffffff],
  [0x0a000000, 0x0affffff],
  [0x64400000, 0x647fffff],
  [0x7f000000, 0x7fffffff],
  [0xa83f8110, 0xa83f8110],
  [0xa9fe0000, 0xa9feffff],
  [0xac100000, 0xac1fffff],
  [0xc0000000, 0xc00000ff],
  [0xc0000200, 0xc00002ff],
  [0xc0586300, 0xc05863ff],
  [0xc0a80000, 0xc0a8ffff],
  [0xc6120000, 0xc613ffff],
  [0xc6336400, 0xc63364ff],
  [0xcb007100, 0xcb0071ff],
  [0xe0000000, 0xffffffff],
];

/** The first bits, as many hex digits as fit, of what is given out, and of what is not although inside of it. */
const OUTER6 = /^[23]/;
const INNER6 = /^(?:2001(?:0[01]|0db8)|2002|3fff0)/;
/** Prefixes of 96 bits before an IPv4 address. */
const MAPPED = '00000000000000000000ffff';
const NAT64 = '0064ff9b0000000000000000';

function isOuter4(number: number): boolean {
  return !INNER4.some(([first, last]) => number >= first && number <= last);
}

/** @param hex 32 digits */
function isOuter6(hex: string): boolean {
  if (hex.startsWith(MAPPED) || hex.startsWith(NAT64)) return isOuter4(Number.parseInt(hex.slice(24), 16));
  return OUTER6.test(hex) && !INNER6.test(hex);
}

const anyNumber = fc.integer({ min: 0, max: 0xffffffff });
const edges = INNER4.flatMap(([first, last]) => [first - 1, first, last, last + 1]).filter(
  (edge) => edge >= 0 && edge <= 0xffffffff,
);
const number4 = fc.oneof(anyNumber, fc.constantFrom(...edges));

/** One part of an IPv4 address in a URL. */
const SPELLINGS: readonly ((part: number) => string)[] = [
  (part) => `${part}`,
  (part) => `0x${part.toString(16)}`,
  (part) => `0X${part.toString(16).toUpperCase()}`,
  (part) => `0${part.toString(8)}`,
  (part) => `0x000${part.toString(16)}`,
  (part) => [...`${part}`].map((digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0)).join(''),
  (part) => [...`${part}`].map((digit) => `%3${digit}`).join(''),
];
const DOTS = ['.', '。', '．', '｡', '%2e'];

const spelled4 = fc
  .record({
    number: number4,
    /** Parts before the last, which takes the bits that are left. */
    parts: fc.integer({ min: 0, max: 3 }),
    spell: fc.array(fc.constantFrom(...SPELLINGS), { minLength: 4, maxLength: 4 }),
    dot: fc.constantFrom(...DOTS),
    end: fc.constantFrom('', '.'),
  })
  .map(({ number, parts, spell, dot, end }) => {
    const bytes = [24, 16, 8, 0].map((shift) => (number >>> shift) & 0xff);
    const rest = number % 2 ** (8 * (4 - parts));
    const all = [...bytes.slice(0, parts), rest];
    return { host: all.map((part, at) => spell[at]?.(part) ?? '').join(dot) + end, outer: isOuter4(number) };
  });

const PREFIXES = [MAPPED, NAT64, '0064ff9b0001', '20010000', '200101ff', '20010200', '20010db8', '20010db9', '2002']
  .concat([
    '3fff0',
    '3fff1',
    '1fff',
    '2000',
    '3ffe',
    '4000',
    'fc00',
    'fe80',
    'ff02',
    '5f00',
    '26064700',
    '0'.repeat(24),
  ])
  .concat(['000000000000000000000000ffff', `${'0'.repeat(16)}ffff0000`, '0'.repeat(31), '0100000000000000']);

const spelled6 = fc
  .record({
    prefix: fc.oneof(fc.constantFrom(...PREFIXES), fc.constant('')),
    digits: fc.string({
      unit: fc.constantFrom(...'0123456789abcdef', '0', '0', '0', '0'),
      minLength: 32,
      maxLength: 32,
    }),
    last: number4,
    form: fc.constantFrom('full', 'short', 'upper', 'dotted', 'bare'),
  })
  .map(({ prefix, digits, last, form }) => {
    const tail = last.toString(16).padStart(8, '0');
    const hex = (prefix.length === 24 ? prefix + tail : prefix + digits).slice(0, 32);
    const groups = hex.match(/.{4}/g) ?? [];
    const bare = groups.map((group) => group.replace(/^0+(?=.)/, '')).join(':');
    const dotted = (hex.slice(24).match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16)).join('.');
    // Any run of zeros may become "::", not only the longest.
    const from = groups.findIndex((group, at) => group === '0000' && groups[at + 1] === '0000');
    const to = groups.findIndex((group, at) => at > from && group !== '0000');
    const sides = from < 0 ? [] : [groups.slice(0, from), to < 0 ? [] : groups.slice(to)];
    const spellings: Readonly<Record<string, string>> = {
      full: groups.join(':'),
      bare,
      upper: bare.toUpperCase(),
      short: sides.length === 0 ? bare : sides.map((side) => side.join(':')).join('::'),
      dotted: `${groups.slice(0, 6).join(':')}:${dotted}`,
    };
    return { host: `[${spellings[form]}]`, outer: isOuter6(hex) };
  });

export interface Outcome {
  readonly outer: number;
  readonly inner: number;
}

/** Runs the property so many times for each family. Throws with seed and counter-example. */
export function checkAddresses(runs: number, seed: number): Outcome {
  let outer = 0;
  let inner = 0;
  for (const spelled of [spelled4, spelled6]) {
    const property = fc.property(spelled, (address) => {
      const host = new URL(`http://${address.host}/`).hostname.replace(/^\[|\]$/g, '');
      if (isIP(host) === 0) throw new Error(`no address: ${host}`);
      if (isPublicAddress(host) !== address.outer) throw new Error(`${host} is ${address.outer ? '' : 'not '}public`);
      if (address.outer) outer += 1;
      else inner += 1;
    });
    fc.assert(property, { numRuns: runs, seed });
  }
  return { outer, inner };
}
