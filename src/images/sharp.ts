// The one door to sharp, opened when the first picture must be decoded or drawn; it knows nothing of WeChat.
import type sharpFunction from 'sharp';

export type Sharp = typeof sharpFunction;

let loading: Promise<Sharp> | undefined;

/** sharp, set up once: no cache (each picture is read once), one thread a picture (several are fitted at a time). */
export function loadSharp(): Promise<Sharp> {
  loading ??= import('sharp').then(({ default: sharp }) => {
    sharp.cache(false);
    sharp.concurrency(1);
    return sharp;
  });
  return loading;
}
