// A computer without a Chinese font: the drawn cover carries no text, and it is said. In a process of its own, as fonts are read once, when sharp is loaded.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { fresh, run, toEnv } from '../cli/stage.ts';

test('no boxes instead of characters', async () => {
  const site = fresh('fonts');
  const fonts = join(site, 'fonts.conf');
  writeFileSync(fonts, `<fontconfig><dir>${site}</dir><cachedir>${site}/cache</cachedir></fontconfig>`);
  writeFileSync(join(site, 'post.md'), '---\ntitle: 年终总结\n---\n\n正文。\n');
  const { stdout } = await run(['publish', '-n', 'post.md', '--json'], {
    cwd: site,
    env: toEnv({ FONTCONFIG_FILE: fonts }),
  });
  const { results } = JSON.parse(stdout) as {
    results: readonly { preview: string; findings: readonly { code: string }[] }[];
  };
  expect(results[0]?.findings.map(({ code }) => code)).toContain('cover-untitled');
  const page = readFileSync(join(site, results[0]?.preview ?? ''), 'utf8');
  const [, cover = ''] = /src="data:image\/jpeg;base64,([^"]+)"/.exec(page) ?? [];
  const { channels } = await sharp(Buffer.from(cover, 'base64')).greyscale().stats();
  expect(channels[0]?.max).toBeLessThan(200);
});
