// Workflow commands: a runner's own reading of our lines gives back what we meant and nothing of a post's.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Annotation, toGroup, toInert, toWorkflowLines } from '../../src/report/github.ts';

const note: Annotation = { severity: 'warning', file: 'a.md', line: 2, column: 3, title: 'wxsync x', message: 'm' };
const lines = (annotations: readonly Annotation[]) => toWorkflowLines(annotations, (count) => `${count} more`);

interface Command {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

/** A log as the runner reads it: `::name k=v,…::data` at a line's start, spaces aside, and `##[name …]` anywhere. */
function readCommands(log: readonly string[]): readonly Command[] {
  const plain = (text: string) => text.replaceAll('%0D', '\r').replaceAll('%0A', '\n');
  return log
    .flatMap((each) => each.split(/\r\n|\r|\n/))
    .flatMap((line) => {
      const [, name = '', rest = '', data = ''] = /^\s*::([\w-]+)( .*?)?::(.*)$/.exec(line) ?? [];
      if (name === '') return /##\[/.test(line) ? [{ name: '##[', properties: {}, data: line }] : [];
      const pairs = rest
        .slice(1)
        .split(',')
        .filter(Boolean)
        .map((pair) => pair.split(/=(.*)/s, 2) as [string, string]);
      const decode = (text: string) => plain(text).replaceAll('%3A', ':').replaceAll('%2C', ',').replaceAll('%25', '%');
      const properties = Object.fromEntries(pairs.map(([key, value]) => [key, decode(value)]));
      return [{ name, properties, data: plain(data).replaceAll('%25', '%') }];
    });
}

test.each<[Partial<Annotation>, string]>([
  [{}, '::warning file=a.md,line=2,col=3,title=wxsync x::m'],
  [{ severity: 'error' }, '::error file=a.md,line=2,col=3,title=wxsync x::m'],
  [{ severity: 'info' }, '::notice file=a.md,line=2,col=3,title=wxsync x::m'],
  [{ file: null, line: null, column: null }, '::warning title=wxsync x::m'],
  [{ file: 'a:b,c%d.md' }, '::warning file=a%3Ab%2Cc%25d.md,line=2,col=3,title=wxsync x::m'],
  [{ message: '100%\r\n::error::x, y' }, '::warning file=a.md,line=2,col=3,title=wxsync x::100%25%0D%0A::error::x, y'],
])('%j', (change, expected) => {
  expect(lines([{ ...note, ...change }])).toEqual([expected]);
});

describe('limits', () => {
  const many = (severity: Annotation['severity'], count: number) =>
    Array.from({ length: count }, (_, index) => ({ ...note, severity, message: `${severity} ${index}` }));
  const log = lines([...many('info', 12), ...many('warning', 13), ...many('error', 11)]);
  const names = readCommands(log).map(({ name }) => name);

  test('ten of a level, the worst first', () => {
    const runs = ['error', 'warning', 'notice'].flatMap((name) => Array.from({ length: 10 }, () => name));
    expect(names).toEqual([...runs, 'group', 'endgroup']);
  });

  test('the rest stands in the group, and nothing is lost', () => {
    expect(log.slice(30)).toEqual([
      '::group::6 more',
      'error a.md:2:3 wxsync x error 10',
      ...['10', '11', '12'].map((index) => `warning a.md:2:3 wxsync x warning ${index}`),
      ...['10', '11'].map((index) => `notice a.md:2:3 wxsync x info ${index}`),
      '::endgroup::',
    ]);
  });

  test('ten need no group', () => {
    expect(lines(many('error', 10))).toHaveLength(10);
  });
});

test.each([
  ['plain', 'plain'],
  ['::error::x', '| ::error::x'],
  ['  ::stop-commands::x', '|   ::stop-commands::x'],
  ['a ::error::x', 'a ::error::x'],
  ['a ##[add-mask]x', 'a ## [add-mask]x'],
  ['a\n::error::x', 'a ::error::x'],
])('toInert %j', (line, expected) => {
  expect(toInert(line)).toBe(expected);
});

test('a group has its title and inert lines', () => {
  expect(toGroup('a\nb', ['::error::x'])).toEqual(['::group::a%0Ab', '| ::error::x', '::endgroup::']);
});

test('property: no text becomes a command, and every annotation is read back as it was', () => {
  const hostile = fc.array(fc.constantFrom('::', '##[', '%', '%0A', '\n', '\r', ',', '=', 'error', ' ', '题', ']'));
  const text = hostile.map((parts) => parts.join(''));
  const annotation = fc.record({
    severity: fc.constantFrom('error', 'warning', 'info'),
    file: text.map((name) => `f${name}`),
    line: fc.nat(),
    column: fc.nat(),
    title: text.map((name) => `t${name}`),
    message: text,
  });
  fc.assert(
    fc.property(fc.array(annotation, { maxLength: 25 }), (annotations) => {
      const read = readCommands(lines(annotations)).filter(({ name }) => !/^(?:end)?group$/.test(name));
      const shown = (['error', 'warning', 'info'] as const).flatMap((severity) =>
        annotations.filter((each) => each.severity === severity).slice(0, 10),
      );
      expect(read).toEqual(
        shown.map(({ severity, file, line, column, title, message }) => ({
          name: severity === 'info' ? 'notice' : severity,
          properties: { file, line: `${line}`, col: `${column}`, title },
          data: message,
        })),
      );
    }),
    { numRuns: 200, verbose: 1 },
  );
});
