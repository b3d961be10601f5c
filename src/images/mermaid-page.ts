// What draws in the browser: mermaid itself, set up so that a diagram says what is drawn and nothing else; a file of dist/ of its own.
import mermaid from 'mermaid';
import type { Palette } from './diagram-colours.ts';

export interface PageJob {
  readonly source: string;
  readonly palette: Palette;
  /** CSS. */
  readonly fonts: string;
}

export type PageAnswer =
  /** Stands in the page; CSS pixels, the card's edges included. */
  | { readonly is: 'drawn'; readonly width: number; readonly height: number }
  /** `line`: of the source, comments left out; 0 when mermaid does not say. */
  | ({ readonly is: 'broken'; readonly line: number } & DiagramFault)
  /** Characters for which no font has a shape. */
  | { readonly is: 'font'; readonly text: string };

/** Why a diagram is broken: for which the reports have words, with what (empty: nothing to name), and in mermaid's own words. */
export interface DiagramFault {
  readonly problem: string;
  readonly name: string;
  readonly detail: string;
}

/** So much of a browser as is used here; the rest of the program has none. */
interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
interface Shape {
  innerHTML: string;
  readonly viewBox: { readonly baseVal: Box };
  setAttribute(name: string, value: string): void;
  removeAttribute(name: string): void;
  getBoundingClientRect(): Box;
  querySelector(selector: string): Shape | null;
  querySelectorAll(selector: string): Iterable<Shape>;
  getAttribute(name: string): string | null;
}
interface Canvas {
  width: number;
  height: number;
  getContext(kind: '2d', options: object): Pen | null;
}
interface Pen {
  font: string;
  clearRect(x: number, y: number, width: number, height: number): void;
  fillText(text: string, x: number, y: number): void;
  getImageData(x: number, y: number, width: number, height: number): { readonly data: Uint8ClampedArray };
}
declare const document: {
  readonly body: Shape;
  createElement(tag: 'canvas'): Canvas;
};

/** What a diagram's own directives may not change. */
const OURS = [
  ...['secure', 'securityLevel', 'startOnLoad', 'maxTextSize', 'maxEdges', 'suppressErrorRendering'],
  ...['htmlLabels', 'themeCSS', 'fontFamily', 'altFontFamily', 'dompurifyConfig', 'legacyMathML', 'forceLegacyMathML'],
];

/** Draws in the page. The drawing stands alone in the body, on its card. */
async function drawDiagram({ source, palette, fonts }: PageJob): Promise<PageAnswer> {
  const missing = findMissing(source.replace(/^\s*%%.*$/gm, ''), fonts);
  if (missing !== '') return { is: 'font', text: missing };
  mermaid.initialize(toConfig(palette, fonts));
  let svg: string;
  try {
    ({ svg } = await mermaid.render('diagram', source));
  } catch (error) {
    return { is: 'broken', ...describe(error) };
  }
  document.body.innerHTML = `<div class="card">${svg}</div>`;
  const card = document.body.querySelector('.card');
  const drawing = card?.querySelector('svg');
  if (card == null || drawing == null)
    return { is: 'broken', problem: 'diagram-inside', name: '', detail: 'nothing was drawn', line: 0 };
  // Some kinds fill their column and some stand as they are; here all are as large as they were laid out.
  const { width, height } = drawing.viewBox.baseVal;
  drawing.removeAttribute('style');
  drawing.setAttribute('width', `${width}`);
  drawing.setAttribute('height', `${height}`);
  centreLabels(drawing);
  const box = card.getBoundingClientRect();
  return { is: 'drawn', width: Math.ceil(box.width), height: Math.ceil(box.height) };
}

/** Without HTML in labels, mermaid 11 puts those of round nodes in a mind map beside their middle. */
function centreLabels(drawing: Shape): void {
  for (const node of drawing.querySelectorAll('.mindmap-node')) {
    const label = node.querySelector('.label');
    const round = node.querySelector('circle');
    if (label === null || round === null) continue;
    const [is, wanted] = [label.getBoundingClientRect(), round.getBoundingClientRect()];
    const right = wanted.x + wanted.width / 2 - (is.x + is.width / 2);
    const down = wanted.y + wanted.height / 2 - (is.y + is.height / 2);
    label.setAttribute('transform', `translate(${right}, ${down}) ${label.getAttribute('transform') ?? ''}`);
  }
}

/** What is wrong, and where. */
function describe(error: unknown): DiagramFault & { readonly line: number } {
  const message = error instanceof Error ? error.message : String(error);
  const { result } = (error ?? {}) as { result?: Partial<Record<'lexerErrors' | 'parserErrors', readonly Fault[]>> };
  const [fault] = [...(result?.lexerErrors ?? []), ...(result?.parserErrors ?? [])];
  const line = Number(/\bline (\d+)/i.exec(message)?.[1] ?? fault?.line ?? fault?.token?.startLine ?? 0);
  const reason = (fault?.message ?? message)
    .replace(/ at offset: .*/s, '')
    .replace(/^(?:Parse|Lexical) error on line \d+[:.]\s*/, '')
    .replace(/\n-*\^/, '')
    .replace(/Expecting .*, got (?:'1'|'EOF')/s, 'unexpected end')
    .replace(/Expecting .*, got/s, 'unexpected')
    .replace(/\s+/g, ' ');
  return {
    ...sort(error, message, fault),
    detail: reason.trim().slice(0, 200),
    line: Number.isNaN(line) ? 0 : line,
  };
}

/** Mermaid has three parsers, and what its diagrams themselves throw. */
function sort(error: unknown, message: string, fault: Fault | undefined): Omit<DiagramFault, 'detail'> {
  const { name, hash } = (error ?? {}) as { name?: string; hash?: { text?: string; token?: unknown; loc?: unknown } };
  if (name === 'UnknownDiagramError')
    return { problem: 'diagram-kind', name: /text: *(\S{0,40})/.exec(message)?.[1] ?? '' };
  if (/^There can be only one root/.test(message)) return { problem: 'diagram-root', name: '' };
  if (name === 'TypeError' || name === 'RangeError') return { problem: 'diagram-inside', name: '' };
  const isRead = fault === undefined && !/^(?:Parse|Lexical) error/.test(message);
  if (isRead) return { problem: 'other', name: '' };
  const near = (/->(.)<-/su.exec(fault?.message ?? '')?.[1] ?? fault?.token?.image ?? hash?.text ?? '').trim();
  const isLexical = message.startsWith('Lexical');
  return { problem: near === '' && !isLexical ? 'diagram-end' : 'diagram-near', name: near.slice(0, 40) };
}

interface Fault {
  readonly message?: string;
  readonly line?: number;
  readonly token?: { readonly startLine?: number; readonly image?: string };
}

/** So many different characters are looked at, in pixels of a side. */
const MOST = 400;
const SIDE = 24;

/** Characters that come out as the sign for one that no font has. */
function findMissing(source: string, fonts: string): string {
  const characters = [...new Set(source.match(/[^\0-\u024f\p{M}\p{C}\p{Z}]/gu) ?? [])].slice(0, MOST);
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [SIDE, SIDE];
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  if (characters.length === 0 || pen === null) return '';
  pen.font = `${SIDE * 0.7}px ${fonts}`;
  const draw = (character: string): string => {
    pen.clearRect(0, 0, SIDE, SIDE);
    pen.fillText(character, 2, SIDE * 0.8);
    return pen.getImageData(0, 0, SIDE, SIDE).data.join();
  };
  // Two that nobody will ever have.
  const signs = ['\u{10fffd}', '\u{ffffd}'].map(draw);
  return characters
    .filter((character) => signs.includes(draw(character)))
    .slice(0, 10)
    .join('');
}

function toConfig({ ink, faint, line, border, fill, ground, series }: Palette, fonts: string) {
  const eight = (name: string, from: number) =>
    Object.fromEntries(series.map((colour, index) => [`${name}${index + from}`, colour]));
  const inks = (name: string) => Object.fromEntries(series.map((_, index) => [`${name}${index}`, ink]));
  return {
    startOnLoad: false,
    securityLevel: 'strict',
    secure: OURS,
    suppressErrorRendering: true,
    deterministicIds: true,
    handDrawnSeed: 1,
    maxTextSize: 50_000,
    fontFamily: fonts,
    fontSize: 15,
    htmlLabels: false,
    theme: 'base',
    themeVariables: {
      ...{ background: '#ffffff', fontFamily: fonts, fontSize: '15px', textColor: ink, titleColor: ink },
      ...{ primaryColor: fill, primaryTextColor: ink, primaryBorderColor: border, lineColor: line },
      ...{ secondaryColor: ground, secondaryTextColor: ink, secondaryBorderColor: border },
      ...{ tertiaryColor: '#ffffff', tertiaryTextColor: ink, tertiaryBorderColor: border },
      ...{
        clusterBkg: ground,
        clusterBorder: '#d9d9d9',
        edgeLabelBackground: '#ffffff',
        labelBackgroundColor: '#ffffff',
      },
      ...{ noteBkgColor: '#fff8e1', noteBorderColor: '#e6d9a8', noteTextColor: ink },
      ...{ signalColor: line, signalTextColor: ink, actorLineColor: '#c4c4c4', labelBoxBorderColor: border },
      ...{ activationBkgColor: ground, activationBorderColor: border, loopTextColor: faint, transitionColor: line },
      ...{ gridColor: '#e0e0e0', todayLineColor: '#d9534f', sectionBkgColor: ground, sectionBkgColor2: ground },
      ...{ taskBkgColor: fill, taskBorderColor: border, taskTextColor: ink, taskTextOutsideColor: ink },
      ...{ activeTaskBkgColor: series[0] ?? fill, activeTaskBorderColor: border, doneTaskBkgColor: '#ececec' },
      ...{ pieStrokeColor: '#ffffff', pieOuterStrokeColor: '#ffffff', pieOpacity: '1', pieTitleTextColor: ink },
      ...{ pieSectionTextColor: ink, pieLegendTextColor: ink, pieSectionTextSize: '15px', pieLegendTextSize: '15px' },
      ...{
        ...eight('pie', 1),
        ...eight('cScale', 0),
        ...inks('cScaleLabel'),
        ...eight('git', 0),
        ...inks('gitBranchLabel'),
      },
      ...{ ...eight('fillType', 0), commitLabelColor: ink, commitLabelBackground: ground, tagLabelColor: ink },
      xyChart: { plotColorPalette: [border, ...series].join(','), backgroundColor: '#ffffff' },
    },
    flowchart: { htmlLabels: false, useMaxWidth: false, padding: 12, subGraphTitleMargin: { top: 4, bottom: 10 } },
    // A phone shows 343 pixels: what is laid out narrower is read there without a magnifier.
    sequence: {
      useMaxWidth: false,
      width: 104,
      actorMargin: 36,
      diagramMarginX: 8,
      messageMargin: 30,
      mirrorActors: false,
    },
    gantt: {
      useMaxWidth: false,
      ...{
        useWidth: 440,
        leftPadding: 70,
        rightPadding: 44,
        barHeight: 28,
        barGap: 6,
        fontSize: 15,
        sectionFontSize: 15,
      },
      axisFormat: '%m-%d',
    },
    pie: { useMaxWidth: false, textPosition: 0.65 },
    class: { htmlLabels: false, useMaxWidth: false },
    state: { useMaxWidth: false },
    er: { useMaxWidth: false },
    mindmap: { useMaxWidth: false },
    journey: { useMaxWidth: false },
    timeline: { useMaxWidth: false },
    gitGraph: { useMaxWidth: false },
  } as const;
}

Object.assign(globalThis, { drawDiagram });
