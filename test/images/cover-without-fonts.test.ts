// A computer without a Chinese font: the drawn cover carries no text. In a process of its own, as fonts are read once, when sharp is loaded.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { drawCover } from '../../src/images/cover.ts';

const folder = mkdtempSync(join(tmpdir(), 'wxsync-fonts-'));
writeFileSync(
  join(folder, 'fonts.conf'),
  `<fontconfig><dir>${folder}</dir><cachedir>${folder}/cache</cachedir></fontconfig>`,
);
process.env['FONTCONFIG_FILE'] = join(folder, 'fonts.conf');
afterAll(() => rmSync(folder, { recursive: true }));

test('no boxes instead of characters', async () => {
  const { jpeg } = await drawCover({ title: '年终总结', mark: 'm' });
  const { default: sharp } = await import('sharp');
  const { channels } = await sharp(jpeg).greyscale().stats();
  expect(channels[0]?.max).toBeLessThan(200);
});
