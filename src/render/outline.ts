// A drawing of a formula as few shapes: its glyphs, lines and boxes as one path each colour, in small whole numbers; knows no TeX.
import { invert, type Matrix, move, multiply, toMatrix } from './matrix.ts';
import { type Point, printPath, readPath, type Segment, toNumbers, UnknownShape } from './path-data.ts';
import { type Attrs, type Element, element, type Node, toText } from './tree.ts';

/** What is said of one unit in the drawing: a thousandth of the letters' size. Half of them are a sixtieth of a pixel on a phone. */
const SCALE = 0.5;

interface Paint {
  readonly fill: string;
  readonly stroke: string;
  /** In units of the drawing; 0 for none. */
  readonly width: number;
  readonly dash: string;
}

interface Rectangle {
  readonly left: number;
  readonly right: number;
  readonly low: number;
  readonly high: number;
}

interface Shape {
  readonly paint: Paint;
  readonly segments: Segment[];
}

interface Word {
  readonly paint: Paint;
  readonly text: string;
  readonly at: Point;
  readonly size: number;
}

const INK = 'currentColor';

/**
 * @param svg MathJax's drawing
 * @returns an `svg` with a view box and a fill, holding `path` and, for what no glyph is there, `text`
 */
export function toOutline(svg: Element): Element {
  const shapes: Shape[] = [];
  const words: Word[] = [];
  const outer: Paint = { fill: INK, stroke: INK, width: 0, dash: '' };
  for (const child of svg.children) collect(child, [SCALE, 0, 0, SCALE, 0, 0], outer, { shapes, words });
  const box = toNumbers(svg.attrs['viewBox'] ?? '').map((side) => Math.round(side * SCALE));
  const paths = shapes.map(({ paint, segments }) =>
    element('path', [], { attrs: { d: printPath(segments), ...ink(paint) } }),
  );
  const texts = words.map(toTextElement);
  return element('svg', [...paths, ...texts], { attrs: { viewBox: box.join(' '), fill: INK } });
}

interface Found {
  readonly shapes: Shape[];
  readonly words: Word[];
}

function collect(node: Node, around: Matrix, outer: Paint, found: Found, clip: Rectangle | null = null): void {
  if (node.kind === 'text') return;
  const { tag, attrs } = node;
  const matrix = multiply(around, toMatrix(attrs['transform'] ?? ''));
  const paint = toPaint(attrs, outer);
  const add = (segments: readonly Segment[], asLine: boolean): void => {
    const moved = segments.map(({ kind, points }) => ({ kind, points: points.map((point) => move(matrix, point)) }));
    const width = paint.width * Math.sqrt(Math.abs(matrix[0] * matrix[3] - matrix[1] * matrix[2]));
    const own: Paint = asLine
      ? { fill: 'none', stroke: paint.stroke, width: Math.round(width), dash: paint.dash }
      : { fill: paint.fill, stroke: 'none', width: 0, dash: '' };
    const last = found.shapes.at(-1);
    if (moved.length === 0) return;
    if (last !== undefined && isSame(last.paint, own)) last.segments.push(...moved);
    else found.shapes.push({ paint: own, segments: [...moved] });
  };
  const of = (name: string): number => Number.parseFloat(attrs[name] ?? '0') || 0;
  switch (tag) {
    case 'g':
    case 'a':
      for (const child of node.children) collect(child, matrix, paint, found);
      return;
    case 'svg': {
      const [left = 0, low = 0, width = 0, height = 0] = toNumbers(attrs['viewBox'] ?? '');
      const placed = multiply(matrix, [1, 0, 0, 1, of('x') - left, of('y') - low]);
      const window = { left, right: left + width, low, high: low + height };
      for (const child of node.children) collect(child, placed, paint, found, window);
      return;
    }
    case 'path': {
      const segments = readPath(attrs['d'] ?? '');
      if (clip === null) add(segments, attrs['fill'] === 'none' || (paint.fill === 'none' && paint.width > 0));
      else add(cut(segments, toMatrix(attrs['transform'] ?? ''), clip), false);
      return;
    }
    case 'rect':
      // A ground keeps its colour at night, and the letters on it do not.
      if (attrs['data-bgcolor'] !== undefined) return;
      add(
        toBox({ left: of('x'), right: of('x') + of('width'), low: of('y'), high: of('y') + of('height') }),
        paint.fill === 'none',
      );
      return;
    case 'line':
      add(
        [
          { kind: 'M', points: [[of('x1'), of('y1')]] },
          { kind: 'L', points: [[of('x2'), of('y2')]] },
        ],
        true,
      );
      return;
    case 'polygon': {
      const sides = toNumbers(attrs['points'] ?? '');
      const corners = sides.flatMap((x, at): readonly Point[] => (at % 2 === 0 ? [[x, sides[at + 1] ?? 0]] : []));
      const [first, ...others] = corners;
      if (first === undefined) return;
      const lines = others.map((point): Segment => ({ kind: 'L', points: [point] }));
      add([{ kind: 'M', points: [first] }, ...lines, { kind: 'Z', points: [] }], false);
      return;
    }
    case 'ellipse':
      add(toEllipse([of('cx'), of('cy')], of('rx'), of('ry')), true);
      return;
    case 'text': {
      const words = toText(node);
      if (words.trim() === '') return;
      const size = Math.round(of('font-size') * Math.abs(matrix[3]));
      found.words.push({ paint, text: words, at: [matrix[4], matrix[5]], size });
      return;
    }
    default:
      throw new UnknownShape(tag);
  }
}

function toPaint(attrs: Attrs, outer: Paint): Paint {
  const isTableLine = attrs['data-line'] !== undefined || attrs['data-frame'] !== undefined;
  const kind = attrs['class'] ?? '';
  return {
    fill: isTableLine ? 'none' : toInk(attrs['fill'] ?? outer.fill),
    stroke: toInk(attrs['stroke'] ?? outer.stroke),
    width: Number.parseFloat(attrs['stroke-width'] ?? (isTableLine ? '70' : String(outer.width))) || 0,
    dash: /dash|dott/.test(kind) ? String(Math.round((kind.includes('dott') ? 70 : 140) * SCALE)) : outer.dash,
  };
}

/** Black would be lost in the dark; the reader's own ink never is. */
function toInk(colour: string): string {
  return /^(?:black|#0{3}|#0{6})$/i.test(colour) ? INK : colour;
}

function ink({ fill, stroke, width, dash }: Paint): Attrs {
  return {
    ...(fill === INK ? {} : { fill }),
    ...(stroke === 'none' ? {} : { stroke, 'stroke-width': String(width) }),
    ...(dash === '' || stroke === 'none' ? {} : { 'stroke-dasharray': dash }),
  };
}

function isSame(one: Paint, other: Paint): boolean {
  return one.fill === other.fill && one.stroke === other.stroke && one.width === other.width && one.dash === other.dash;
}

function toTextElement({ paint, text: words, at, size }: Word): Element {
  const [x, y] = at.map((each) => String(Math.round(each)));
  const attrs = {
    x: x ?? '0',
    y: y ?? '0',
    'font-size': String(size),
    ...(paint.fill === INK ? {} : { fill: paint.fill }),
  };
  return element('text', [{ kind: 'text', value: words }], { attrs });
}

/** What a window shows of a bar that was stretched through it: MathJax stretches bars only, and their ends lie outside. */
function cut(segments: readonly Segment[], stretch: Matrix, window: Rectangle): readonly Segment[] {
  const back = invert(stretch);
  const [left = 0, low = 0] = move(back, [window.left, window.low]);
  const [right = 0, high = 0] = move(back, [window.right, window.high]);
  return toParts(segments).flatMap((part) => {
    const points = part.flatMap((each) => each.points);
    const xs = points.map(([x]) => x);
    const ys = points.map(([, y]) => y);
    return toBox({
      left: Math.max(left, Math.min(...xs)),
      right: Math.min(right, Math.max(...xs)),
      low: Math.max(low, Math.min(...ys)),
      high: Math.min(high, Math.max(...ys)),
    });
  });
}

function toParts(segments: readonly Segment[]): readonly (readonly Segment[])[] {
  const parts: Segment[][] = [];
  for (const segment of segments) {
    if (segment.kind === 'M') parts.push([]);
    parts.at(-1)?.push(segment);
  }
  return parts;
}

/** Round in the direction of the glyphs: where the two overlap, both are filled. */
function toBox({ left, right, low, high }: Rectangle): readonly Segment[] {
  if (right <= left || high <= low) return [];
  const corners: readonly Point[] = [
    [left, high],
    [right, high],
    [right, low],
  ];
  return [
    { kind: 'M', points: [[left, low]] },
    ...corners.map((point): Segment => ({ kind: 'L', points: [point] })),
    { kind: 'Z', points: [] },
  ];
}

function toEllipse([x, y]: Point, rx: number, ry: number): readonly Segment[] {
  // The distance of the control points that makes four curves a circle to a thousandth.
  const k = 0.5523;
  const quarter = (from: Point, to: Point): Segment => {
    const one: Point = [x + rx * (from[0] + k * to[0]), y + ry * (from[1] + k * to[1])];
    const two: Point = [x + rx * (to[0] + k * from[0]), y + ry * (to[1] + k * from[1])];
    return { kind: 'C', points: [one, two, [x + rx * to[0], y + ry * to[1]]] };
  };
  return [
    { kind: 'M', points: [[x + rx, y]] },
    quarter([1, 0], [0, 1]),
    quarter([0, 1], [-1, 0]),
    quarter([-1, 0], [0, -1]),
    quarter([0, -1], [1, 0]),
    { kind: 'Z', points: [] },
  ];
}
