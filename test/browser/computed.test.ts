// The inlined article against the page it came from, tags, classes and a stylesheet: Chromium computes the same styles for both.
import { expect, test } from 'vitest';
import { OUTPUT_TAGS } from '../../src/facts/markup.ts';
import { placeImages } from '../../src/render/passes/images.ts';
import { settleStyles } from '../../src/render/passes/leaf-styles.ts';
import { parsePost, type RenderSource, render } from '../../src/render/render.ts';
import { sanitize } from '../../src/render/sanitize.ts';
import { loadTheme, type Theme } from '../../src/render/theme.ts';
import { type Element, isBlock, isElement, isLeafBlock, printNodes, toText } from '../../src/render/tree.ts';
import { SETTINGS } from '../render/cases.ts';
import { readSource, readTheme, THEMES } from './ours.ts';
import { openPage } from './page.ts';

const page = openPage();

interface Difference {
  /** In the themed page. */
  readonly element: string;
  readonly property: string;
  readonly themed: string;
  readonly inlined: string;
}

/**
 * What the two pages differ in on purpose. Colour, size and line height are written on each line of text, because WeChat's
 * editor resets what a line inherits; so a box that only holds other boxes needs none, nor what computes from its colour.
 */
const NOT_ON_BOXES: readonly string[] = [
  ...['color', 'font-size', 'line-height', 'caret-color', 'column-rule-color', 'row-rule-color', 'outline-color'],
  ...['text-decoration-color', 'text-emphasis-color', '-webkit-text-fill-color', '-webkit-text-stroke-color'],
];

/** Tags that go out as others, without what a browser thinks of them by itself: the theme has said all they need. */
const PLAIN = Object.entries(OUTPUT_TAGS).map(([from, to]) =>
  to === 'span'
    ? `${from} { all: unset }`
    : `${from} { all: unset; unicode-bidi: isolate; display: ${to === 'tbody' ? 'table-row-group' : 'block'} }`,
);

test.each(THEMES)('theme %s', async (name) => {
  const pages = await makePages(await readSource('test/fixtures/specimen.md'), await readTheme(name));
  const found = await page().evaluate<readonly Difference[]>(
    `(${COMPARE})(${JSON.stringify({ ...pages, notOnBoxes: NOT_ON_BOXES })})`,
  );
  expect(pages.numbers.length).toBeGreaterThan(200);
  expect(found).toEqual([]);
});

/** Both pages, and for each element of the inlined one the number of the element that it came from. */
async function makePages(source: RenderSource, theme: Theme) {
  const options = { theme, settings: SETTINGS };
  const { tree, context } = await parsePost(source, options, () => undefined);
  const numbered = number(placeImages(tree, context), { next: 0 });
  const inlineTheme = await loadTheme(theme);
  const page = sanitize(settleStyles(inlineTheme(numbered), context));
  // The passes are those of render itself.
  expect(printNodes([page])).toBe((await render(source, options)).html);
  const style = `<style>${PLAIN.join('\n')}\n${theme.css}\n${theme.codeCss}</style>`;
  return {
    themed: style + printNodes([withNumbers(numbered)]),
    inlined: printNodes([page]),
    numbers: [0, ...collect(page).slice(1)],
    boxes: findBoxes(numbered),
  };
}

/** Numbers go through the passes as places of the source, which no pass changes. */
function number(node: Element, counter: { next: number }): Element {
  const at = { line: counter.next++, column: 0 };
  return {
    ...node,
    at,
    children: node.children.map((child) => (child.kind === 'text' ? child : number(child, counter))),
  };
}

function withNumbers(node: Element): Element {
  const attrs = { ...node.attrs, 'data-n': String(node.at?.line) };
  return {
    ...node,
    attrs,
    children: node.children.map((child) => (child.kind === 'text' ? child : withNumbers(child))),
  };
}

function collect(node: Element): readonly number[] {
  return [node.at?.line ?? -1, ...node.children.flatMap((child) => (child.kind === 'text' ? [] : collect(child)))];
}

/** Numbers of the elements that hold no line of text themselves. */
function findBoxes(node: Element): readonly number[] {
  const isBox = (isBlock(node) && (!isLeafBlock(node) || toText(node).trim() === '')) || isElement(node, 'img');
  const inner = node.children.flatMap((child) => (child.kind === 'text' ? [] : findBoxes(child)));
  return isBox && !isElement(node, 'ul', 'ol') ? [node.at?.line ?? -1, ...inner] : inner;
}

/** Runs in the page, so it is text: the types of a browser are not those of the project. */
const COMPARE = `async ({ themed, inlined, numbers, boxes, notOnBoxes }) => {
  const open = async (html) => {
    const frame = document.createElement('iframe');
    frame.style.cssText = 'width:375px;height:800px;border:0';
    // A picture that cannot be fetched is as large as its text, which is not what is compared here.
    frame.srcdoc = '<style>body { font: 17px/1.6 sans-serif }</style>' + html.replace(/ alt="[^"]*"/g, '').replaceAll('<details', '<details open');
    const loaded = new Promise((resolve) => frame.addEventListener('load', resolve));
    document.body.append(frame);
    await loaded;
    return frame;
  };
  const frames = [await open(themed), await open(inlined)];
  const [before, after] = frames.map((frame) => frame.contentDocument.querySelector('section'));
  const origins = new Map([before, ...before.querySelectorAll('*')].map((element) => [Number(element.dataset.n), element]));
  const isBox = new Set(boxes);
  const differences = [after, ...after.querySelectorAll('*')].flatMap((element, index) => {
    const origin = origins.get(numbers[index]);
    if (origin === undefined) return [{ element: element.outerHTML.slice(0, 80), property: '', themed: '', inlined: '' }];
    const [one, other] = [origin, element].map((each) => getComputedStyle(each));
    // The colour of a border that is there must be the same.
    const isUnseen = (property) => isBox.has(numbers[index]) && (notOnBoxes.includes(property) ||
      (/^border-.*-color$/.test(property) && other.getPropertyValue(property.replace('color', 'width')) === '0px'));
    return [...one]
      .filter((property) => !property.startsWith('--') && !isUnseen(property))
      .map((property) => ({ element: origin.cloneNode().outerHTML, property, themed: one.getPropertyValue(property), inlined: other.getPropertyValue(property) }))
      .filter((each) => each.themed !== each.inlined);
  });
  for (const frame of frames) frame.remove();
  return differences;
}`;
