// The labels of a diagram that is drawn without a browser: which can be, and how their marks go through the renderer unread.

/** Brackets and quotes would end a label too soon, so they go through the renderer as characters that nobody writes. */
const MARKS = '()[]{}"|';
const FIRST_STAND_IN = 0xe000;

/** The drawn text with the marks that `toLabel` hid. */
export function showMarks(svg: string): string {
  return svg.replace(/[\ue000-\ue007]/g, (each) => {
    return `&#${MARKS.charCodeAt(each.charCodeAt(0) - FIRST_STAND_IN)};`;
  });
}

function hideMarks(label: string): string {
  return label.replace(/[()[\]{}"|]/g, (each) => String.fromCharCode(FIRST_STAND_IN + MARKS.indexOf(each)));
}

/** A label with its marks hidden; null for what is more than words and line breaks: entities, other tags, Markdown, formulas. */
export function toLabel(written: string): string | null {
  const text = written.trim();
  const label = /^"([^"]*)"$/.exec(text)?.[1]?.trim() ?? text;
  return /#\w+;|&\w+;|[`\\*~]|\$\$|<(?!br\s*\/?>)[a-z/!]/i.test(label) ? null : hideMarks(label);
}
