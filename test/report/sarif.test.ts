// What the SARIF 2.1.0 schema requires of a log, of its rules, results and places, and of one that could not finish.
import { expect, test } from 'vitest';
import { WxsyncError } from '../../src/errors.ts';
import { finding } from '../../src/facts/findings.ts';
import { toSarif } from '../../src/report/sarif.ts';

const at = { line: 3, column: 5 };
const findings = [
  { ...finding('heading-jump', at, { from: 2, to: 4 }), file: 'content/zh/a.md' },
  { ...finding('alt-missing', at, { src: 'a.png' }), file: 'content/中文 a#1.md' },
  { ...finding('heading-jump', at, { from: 2, to: 4 }, 'error'), file: 'a:b.md' },
];
const log = toSarif({ findings, error: null, version: '1.2.3', lang: 'en' });
const [run] = log.runs;

test('a log names its version and its tool', () => {
  expect(log).toMatchObject({ $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0' });
  expect(run.tool.driver).toMatchObject({ name: 'wxsync', semanticVersion: '1.2.3' });
  expect(run.invocations).toEqual([{ executionSuccessful: true }]);
});

test('each broken rule stands there once, with its help and normal level', () => {
  expect(run.tool.driver.rules.map(({ id, defaultConfiguration: { level } }) => [id, level])).toEqual([
    ['alt-missing', 'note'],
    ['heading-jump', 'warning'],
  ]);
  for (const { shortDescription, help } of run.tool.driver.rules) {
    for (const text of [shortDescription.text, help.text, help.markdown]) expect(text).toMatch(/^[A-Z].*\.$/);
  }
});

test('each result points to its rule and place', () => {
  expect(run.results.map(({ ruleId, ruleIndex, level }) => [ruleId, ruleIndex, level])).toEqual([
    ['heading-jump', 1, 'warning'],
    ['alt-missing', 0, 'note'],
    ['heading-jump', 1, 'error'],
  ]);
  for (const { message, locations } of run.results) {
    expect(message.text).not.toBe('');
    expect(locations.map(({ physicalLocation: { region } }) => region)).toEqual([{ startLine: 3, startColumn: 5 }]);
  }
});

test('addresses are relative, and every name is one', () => {
  const uris = run.results.flatMap(({ locations }) =>
    locations.map((each) => each.physicalLocation.artifactLocation.uri),
  );
  expect(uris).toEqual(['content/zh/a.md', 'content/%E4%B8%AD%E6%96%87%20a%231.md', 'a%3Ab.md']);
});

test('a run that could not finish says so', () => {
  const error = new WxsyncError('path-missing', { args: { path: 'x' } });
  const [failed] = toSarif({ findings: [], error, version: '1.2.3', lang: 'en' }).runs;
  expect(failed.results).toEqual([]);
  expect(failed.invocations).toMatchObject([
    {
      executionSuccessful: false,
      toolExecutionNotifications: [{ level: 'error', descriptor: { id: 'path-missing' } }],
    },
  ]);
});
