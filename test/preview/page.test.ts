// The page of a dry run against a hostile post: the policy stands first, the article in a frame without rights, the rest is text.
import { Parser } from 'htmlparser2';
import { describe, expect, test } from 'vitest';
import { finding } from '../../src/facts/findings.ts';
import { toPage } from '../../src/preview/page.ts';
import { toPageWords } from '../../src/report/words.ts';

const EVIL = `</title></style></textarea></iframe>"'><script>alert(1)</script><img src=x onerror=alert(1)><base href=//evil.test>`;

interface Tag {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

function readTags(html: string): readonly Tag[] {
  const tags: Tag[] = [];
  const parser = new Parser({ onopentag: (name, attributes) => tags.push({ name, attributes }) });
  parser.end(html);
  return tags;
}

const page = toPage({
  title: EVIL,
  author: EVIL,
  digest: EVIL,
  opening: EVIL,
  // What the sanitizer would never let through: the frame is the second wall.
  html: `<script>alert(1)</script><img src="https://evil.test/x.png" onerror="alert(1)"><form action="https://evil.test">`,
  chars: 12345,
  cover: 'data:image/png;base64,AA==',
  findings: [finding('theme-unknown', { line: 1, column: 1 }, { name: EVIL })],
  words: toPageWords('en'),
});
const tags = readTags(page);
const frames = tags.filter(({ name }) => name === 'iframe');

test('the policy comes before anything that could load or run', () => {
  const names = tags.map(({ name }) => name);
  expect(names.slice(0, names.indexOf('title'))).toEqual(['html', 'meta', 'meta', 'meta', 'meta']);
  const policy = tags.find(({ attributes }) => attributes['http-equiv'] === 'Content-Security-Policy');
  const directives = (policy?.attributes['content'] ?? '').split('; ');
  expect(directives).toEqual([
    "default-src 'none'",
    'img-src data:',
    "style-src 'unsafe-inline'",
    "frame-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
  ]);
});

describe('outside of the frame', () => {
  test('no element runs, loads or sends', () => {
    const kinds = ['script', 'base', 'link', 'form', 'object', 'embed', 'svg', 'a', 'video', 'audio'];
    expect(tags.filter(({ name }) => kinds.includes(name))).toEqual([]);
    const handlers = tags.flatMap(({ attributes }) => Object.keys(attributes).filter((each) => each.startsWith('on')));
    expect(handlers).toEqual([]);
    const sources = tags.flatMap(({ attributes }) => [attributes['src'], attributes['href']]).filter(Boolean);
    expect([...new Set(sources)]).toEqual(['data:image/png;base64,AA==']);
  });
});

test('the article is in two frames that have no right at all, by day and at night, and nowhere else', () => {
  expect(frames.map(({ attributes }) => [attributes['class'], attributes['sandbox']])).toEqual([
    ['day', ''],
    ['night', ''],
  ]);
  expect(page.replace(/srcdoc="[^"]*"/g, '')).not.toContain('evil.test/x.png');
});

test.each([0, 1])('in frame %i title and author are text', (index) => {
  const inner = readTags((frames[index]?.attributes['srcdoc'] ?? '').replace(/<div id="js_content">.*<\/div>/s, ''));
  expect(inner.map(({ name }) => name)).toEqual(['html', 'meta', 'style', 'h1', 'p', 'span', 'span']);
});

test.each(['zh', 'en'] as const)('at night the colours are those to which WeChat converts them, in %s', (lang) => {
  const words = toPageWords(lang);
  const html = '<section><p style="color:#333">a</p><img src="data:image/png;base64,AA=="></section>';
  const shown = readTags(
    toPage({
      ...{ title: 'T', author: null, digest: null, opening: '', cover: null, findings: [] },
      ...{ html, chars: html.length, words },
    }),
  );
  const [day, night] = shown
    .filter(({ name }) => name === 'iframe')
    .map(({ attributes }) => attributes['srcdoc'] ?? '');
  expect(day).toContain(html);
  expect(day).not.toContain('#191919');
  expect(night).toContain('<p style="color:#a3a3a3">a</p><img src="data:image/png;base64,AA==">');
  expect(night).toContain('html{background:#191919');
  const labels = shown.flatMap(({ name, attributes }) => (name === 'label' ? [attributes['for']] : []));
  expect(labels).toEqual(['day', 'night', 'phone', 'desktop']);
});
