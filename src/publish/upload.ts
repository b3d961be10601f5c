// Step 5: sends the pictures that WeChat does not have yet and gives the page with their addresses; it makes no draft.
import { sha256 } from '../local/cache.ts';
import type { PlacedImage } from '../render/render.ts';
import { mapLimited } from './pool.ts';
import type { ImageResult } from './result.ts';
import { type Scene, save, toPage } from './scene.ts';

const UPLOADS_AT_ONCE = 4;

/** Body images four at a time, then the cover, which is kept in the entry at once. `content` is WeChat's HTML. */
export async function upload(scene: Scene): Promise<{ readonly scene: Scene; readonly content: string }> {
  const { run, read, prepared } = scene;
  const { path } = read.at;
  const placed = new Map<string, PlacedImage>();
  const body = await mapLimited(prepared.body, UPLOADS_AT_ONCE, async ({ src, image }) => {
    const hash = sha256(image.bytes);
    return { src, image, hash, known: await run.uploads.get(hash) };
  });
  const total = body.filter(({ known }) => known === null).length;
  let done = 0;
  const images = await mapLimited(body, UPLOADS_AT_ONCE, async ({ src, image, hash, known }): Promise<ImageResult> => {
    run.stop.throwIfAborted();
    const picture = { bytes: image.bytes, format: image.format, name: `img-${hash.slice(0, 12)}`, src };
    const send = () =>
      image.endpoint === 'uploadimg' ? run.client.uploadImage(picture) : run.client.addMaterial(picture);
    const url = known?.url ?? (await send()).url;
    if (known === null) await run.uploads.put(hash, { url });
    placed.set(src, { url, width: image.width, height: image.height });
    if (known === null) run.onStep({ kind: 'upload', path, done: ++done, total });
    return { src, kind: 'body', bytes: image.bytes.length, reused: known !== null, url };
  });
  const page = await toPage(scene, placed);
  return { scene: await uploadCover({ ...scene, images }), content: page.html };
}

async function uploadCover(scene: Scene): Promise<Scene> {
  const { run, read, prepared, entry } = scene;
  if (entry === null) throw new Error('a cover needs an entry');
  const { jpeg, source, src } = prepared.cover;
  const shown = { src, kind: 'cover', bytes: jpeg.length } as const;
  if (entry.coverSource === source && entry.coverIds.length > 0) {
    return { ...scene, images: [...scene.images, { ...shown, reused: true, url: null }] };
  }
  run.stop.throwIfAborted();
  run.onStep({ kind: 'cover', path: read.at.path });
  const name = `wxs-${run.markOf(read.at)}`;
  const { mediaId, url } = await run.client.addMaterial({ bytes: jpeg, format: 'jpg', name, src });
  const images = [...scene.images, { ...shown, reused: false, url }];
  return save({ ...scene, images }, { ...entry, coverIds: [...entry.coverIds, mediaId], coverSource: source });
}
