// Reads the YAML between a post's fences, the door to gray-matter included; knows nothing of what the keys mean.
import { type Finding, finding, type Place } from '../facts/findings.ts';
import type { Parts } from './fence.ts';
import { placeAt } from './place.ts';
import { toPlainLine } from './plain-line.ts';
import { findWideColon, parseYamlMap, type YamlNode } from './yaml.ts';

/** Front matter with places; the offsets of `root` count from the first line after the opening fence. */
export interface FrontMatter {
  readonly block: string;
  readonly root: YamlNode;
  /** The place in the file of an offset of `root`. */
  readonly placeOf: (offset: number) => Place;
}

export type FrontMatterResult =
  | { readonly ok: true; readonly frontMatter: FrontMatter }
  | { readonly ok: false; readonly finding: Finding };

/** Parses the block that `splitFence` found. What is wrong with it comes as a finding at its line and column. */
export function parseFrontMatter(text: string, parts: Parts): FrontMatterResult {
  const block = text.slice(parts.start, parts.end);
  const placeOf = (offset: number): Place => placeAt(text, parts.start + offset);
  const result = parseYamlMap(block);
  if (result.ok) return { ok: true, frontMatter: { block, root: result.root, placeOf } };
  // Whatever the parser says of it is no help.
  const wide = findWideColon(block);
  if (wide !== null)
    return { ok: false, finding: finding('front-matter-colon', placeOf(wide.offset), { key: wide.key }) };
  const at = placeOf(result.offset);
  return {
    ok: false,
    finding:
      result.reason === 'not-a-map'
        ? finding('front-matter-not-a-map', at, { kind: result.kind })
        : finding('front-matter-yaml', at, {
            detail: toPlainLine(result.detail).slice(0, 200),
            problem: result.problem,
          }),
  };
}

/**
 * The block's values as gray-matter gives them: an object without a prototype, empty when there is nothing but comments.
 *
 * gray-matter alone would run `---js`, remember failures as empty data, and close the block at `---foo`. So it gets a
 * block that is known to be YAML, the values that were parsed from it, no other engine, and options, which turn its
 * cache off.
 */
export async function toData({ block, root }: FrontMatter): Promise<Readonly<Record<string, unknown>>> {
  const { default: matter } = await import('gray-matter');
  // Its search for comments needs seconds for a long run of blank lines, which mean nothing to it.
  const squeezed = block.replace(/\s+/g, (blank) => (blank.includes('\n') ? '\n' : ' '));
  const file = matter(`---\n${squeezed}`, {
    language: 'yaml',
    // Longer than the block, so it cannot be in there: where the block ends is decided already.
    delimiters: ['---', '-'.repeat(squeezed.length + 1)],
    engines: {
      yaml: { parse: () => Object(copy(root.value)), stringify: refuseEngine },
      javascript: { parse: refuseEngine, stringify: refuseEngine },
      json: { parse: refuseEngine, stringify: refuseEngine },
    },
  });
  return Object.keys(file.data).length === 0 ? Object.create(null) : file.data;
}

/** The values are kept for whoever reads the same text next; a caller may change its own. */
function copy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copy);
  if (typeof value !== 'object' || value === null) return value;
  const own: Record<string, unknown> = Object.create(null);
  for (const [key, each] of Object.entries(value)) own[key] = copy(each);
  return own;
}

function refuseEngine(): never {
  throw new Error('front matter is only read as YAML');
}
