// Puts the picture of each mermaid block in the place of its code, where one was drawn; WeChat draws none itself.
import { createHash } from 'node:crypto';
import { LIMITS } from '../../facts/limits.ts';
import { UNEVEN } from '../../facts/markup.ts';
import type { PassContext } from '../pass.ts';
import { type Element, element, rewrite, toText } from '../tree.ts';
import { toLanguage } from './code.ts';

/** The language of the blocks that are diagrams. */
export const MERMAID = 'mermaid';

/** Pixels of a drawn picture for one of the page, for dense screens. */
const SCALE = 2;

/** What a diagram says of itself to those who cannot see it. */
const SPOKEN = /^[ \t]*(?:accTitle|accDescr)[ \t]*:[ \t]*(\S[^\n]*)/m;

/** Tells each diagram, drawn or not; one without a picture in `images` stays code. */
export function placeDiagrams(root: Element, { images, meetDiagram }: PassContext): Element {
  return rewrite(root, (block) => {
    if (block.tag !== 'pre' || toLanguage(block) !== MERMAID) return block;
    const source = toText(block);
    if (source.trim() === '') return block;
    const key = `mermaid:${createHash('sha256').update(source).digest('hex').slice(0, 16)}`;
    meetDiagram({ key, source, ...(block.at ?? { line: 1, column: 1 }) });
    const drawn = images.get(key);
    if (drawn === undefined) return block;
    const alt = SPOKEN.exec(source)?.[1]?.trim() ?? '';
    const width = Math.round(drawn.width / SCALE);
    const size = width < LIMITS.desktopColumn.value ? { style: `width:${width}px`, [UNEVEN]: '' } : {};
    const image = element('img', [], { attrs: { src: key, alt, ...size }, at: block.at });
    return element('p', [image], { at: block.at });
  });
}
