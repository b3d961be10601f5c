// Draws the simpler kinds of mermaid diagrams without a browser, as an SVG that any renderer of SVG understands; runs in the decoder's process.
import { hasChineseFont } from './cover.ts';
import type { Palette } from './diagram-colours.ts';
import { fail } from './failure.ts';
import { type FitResult, fitBodyImage } from './fit.ts';
import { showMarks } from './plain-labels.ts';

/** A diagram that `readPlain` has read. */
export interface PlainDiagram {
  readonly source: string;
  readonly palette: Palette;
  /** CSS, without double quotes. */
  readonly fonts: string;
  /** Pixels. */
  readonly maxWidth: number;
}

/** Pixels round a drawing, and of the rounding of its card. */
const PADDING = 16;
const ROUNDING = 8;

/** A picture at twice its size on a white card; `diagram-font` without a font for Chinese. */
export async function drawPlain({ source, palette, fonts, maxWidth }: PlainDiagram): Promise<FitResult> {
  const strange = /\p{Script=Han}|[\u3040-\u30ff]/u.exec(source)?.[0];
  if (strange !== undefined && !(await hasChineseFont())) return fail('diagram-font', { text: strange });
  const { renderMermaidSVG } = await import('beautiful-mermaid');
  const { ink, faint, line, border, fill } = palette;
  const colours = { bg: '#ffffff', fg: ink, muted: faint, line, accent: line, surface: fill, border };
  let svg: string;
  try {
    svg = renderMermaidSVG(source, { ...colours, font: 'sans-serif', padding: PADDING });
  } catch (error) {
    return fail('diagram-broken', {
      detail: error instanceof Error ? error.message.slice(0, 200) : 'unknown',
      problem: 'other',
    });
  }
  const flat = flatten(svg, { palette, fonts });
  return fitBodyImage(Buffer.from(flat), { maxWidth });
}

/** The drawing without custom properties, mixed colours and imports, which only browsers have; on a card. */
export function flatten(svg: string, { palette, fonts }: Pick<PlainDiagram, 'palette' | 'fonts'>): string {
  const { ink, faint, line, border, fill, ground } = palette;
  const colours: Readonly<Record<string, string>> = {
    '--bg': '#ffffff',
    '--fg': ink,
    '--_text': ink,
    '--_text-sec': faint,
    '--_text-muted': faint,
    '--_text-faint': faint,
    '--_line': line,
    '--_arrow': line,
    '--_node-fill': fill,
    '--_node-stroke': border,
    '--_group-fill': '#ffffff',
    '--_group-hdr': ground,
    '--_inner-stroke': '#ffffff',
    '--_key-badge': ground,
  };
  const card = `<rect width="100%" height="100%" rx="${ROUNDING}" fill="#ffffff"/>`;
  const drawn = svg
    .replace(/<style>[\s\S]*?<\/style>/, card)
    // No label can look like an attribute: its quotes are escaped.
    .replace(/="var\((--[\w-]+)\)"/g, (_, name: string) => `="${colours[name] ?? ink}"`)
    // What an entity without attributes is said to have.
    .replace(/<text [^>]*>\(no attributes\)<\/text>/g, '')
    .replace(
      /^(<svg [^>]*?) style="[^"]*"/,
      (_, start: string) => `${start} font-family="${fonts}" xml:space="preserve"`,
    );
  return showMarks(drawn);
}
