// The table of emoji by name: each name once, each with an emoji; and who loads it.
import { expect, test } from 'vitest';
import { EMOJI } from '../../src/facts/emoji.ts';

const rows = EMOJI.trim()
  .split(/\s+/)
  .map((word) => /^([a-z\d_+-]+):(.+)$/u.exec(word)?.slice(1) ?? [word]);

test('each row is a name and an emoji', () => {
  expect(
    rows.filter(([, emoji]) => !/^(?:\p{RI}\p{RI}|[\d#*]\ufe0f?\u20e3|\p{Emoji}(?!\w))/u.test(emoji ?? '')),
  ).toEqual([]);
  expect(rows.length).toBeGreaterThan(1_800);
});

test('no name stands twice', () => expect(new Set(rows.map(([name]) => name)).size).toBe(rows.length));
