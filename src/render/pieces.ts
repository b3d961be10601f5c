// Puts together what tokens became: nodes, and raw HTML whose elements may hold the nodes round them; knows no token's meaning.
import type { Token } from 'marked';
import type { Report } from '../facts/findings.ts';
import { CARD_TAGS } from '../facts/markup.ts';
import { type RawHtml, weaveHtml } from './html.ts';
import { adoptElement } from './syntax/raw-html.ts';
import { placeStrays } from './syntax/strays.ts';
import { joinTexts, type Level, type Node, text } from './tree.ts';

export type Piece = Node | RawHtml;

interface PieceReading {
  readonly level: Level;
  readonly readOne: (token: Token) => Piece | readonly Piece[];
  readonly report: Report;
}

/** The nodes of tokens that stand beside each other, read one after the other. */
export function readPieces(tokens: readonly Token[], { level, readOne, report }: PieceReading): readonly Node[] {
  const pieces: Piece[] = [];
  let isBehindLine = false;
  for (const token of tokens) {
    const found = readOne(token);
    if (level === 'block') {
      // Lines of a tight list item between which something stood that nothing is left of.
      if (isBehindLine && token.type === 'text') pieces.push(text('\n'));
      isBehindLine = token.type === 'text' || (isBehindLine && Array.isArray(found) && found.length === 0);
    }
    if ('kind' in found) pieces.push(found);
    else for (const each of found) pieces.push(each);
  }
  if (pieces.every(isNode)) return joinTexts(pieces);
  const adopted = weaveHtml(pieces, {
    adopt: (each) => adoptElement(each, { report, level }),
    report,
    level,
    voids: CARD_TAGS,
  });
  return placeStrays(adopted, '');
}

const isNode = (piece: Piece): piece is Node => piece.kind !== 'raw';
