// The draft box by pages: whoever looks finds what is there, though drafts are added, saved and deleted meanwhile.
import { afterEach, describe, expect, test } from 'vitest';
import { findDraftByCover } from '../../src/publish/reconcile.ts';
import { scanAccount } from '../../src/publish/scan.ts';
import { createSandbox } from '../../src/sandbox/index.ts';
import { ARTICLE, createTestClient, type TestClient } from '../wechat/fixture.ts';
import { type Gate, openGate } from './gate.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

interface Box {
  readonly client: TestClient;
  readonly gate: Gate;
  /** Cover and id of the draft that stands last. */
  readonly coverId: string;
  readonly mediaId: string;
  readonly otherCoverId: string;
  /** How many pages were asked for. */
  pages(): number;
  add(): Promise<void>;
  /** Deletes, or saves, the draft that stands at a place counted from 0. */
  remove(place: number): Promise<void>;
  save(place: number): Promise<void>;
}

/** A box of two pages: a draft with a cover of its own, and twenty newer ones. */
async function openBox(): Promise<Box> {
  let clock = 1_800_000_000_000;
  const sandbox = await createSandbox({ now: () => (clock += 1_000) });
  let pages = 0;
  const gate = await openGate(sandbox.url, (path) => {
    if (path === 'draft/batchget') pages++;
  });
  const credential = { kind: 'secret', secret: sandbox.appSecret } as const;
  const own = createTestClient(gate.url, { appId: sandbox.appId, credential });
  const others = createTestClient(sandbox.url, { appId: sandbox.appId, credential });
  closing.push(
    () => own.close(),
    () => others.close(),
    () => gate.close(),
    () => sandbox.close(),
  );
  const upload = async (name: string) => {
    const bytes = new Uint8Array(100);
    bytes.set(Buffer.from('89504e470d0a1a0a0000000d49484452000003840000017f', 'hex'));
    return (await others.addMaterial({ bytes, format: 'png', name })).mediaId;
  };
  const coverId = await upload('wxs-1');
  const otherCoverId = await upload('other');
  const add = async (cover: string) => {
    const added = await others.addDraft({ ...ARTICLE, coverId: cover });
    return added.kind === 'ok' ? added.mediaId : '';
  };
  const mediaId = await add(coverId);
  for (let left = 20; left > 0; left--) await add(otherCoverId);
  const idAt = (place: number) => sandbox.drafts()[place]?.mediaId ?? '';
  return {
    ...{ client: own, gate, coverId, mediaId, otherCoverId, pages: () => pages },
    add: () => add(otherCoverId).then(() => undefined),
    remove: (place) => others.deleteDraft(idAt(place)).then(() => undefined),
    save: async (place) => {
      const article = (await others.getDraft(idAt(place)))?.articles[0];
      await others.updateDraft(idAt(place), { ...ARTICLE, coverId: article?.coverId ?? '' });
    },
  };
}

/** What others do between the first page of a box and the second, and how many pages it takes to be sure. */
const MEANWHILE: readonly [name: string, act: (box: Box) => Promise<void>, pages: number][] = [
  ['nothing', async () => undefined, 2],
  ['another draft is added', (box) => box.add(), 2],
  ['another draft is deleted', (box) => box.remove(0), 3],
  ['it is saved, which brings it to the front', (box) => box.save(20), 3],
];

describe.each(MEANWHILE)('a draft of the second page is found: %s', (_, act, pages) => {
  const open = async () => {
    const box = await openBox();
    box.gate.at('draft/batchget', () => undefined);
    box.gate.at('draft/batchget', () => act(box).then(() => undefined));
    return box;
  };

  test('by its cover', async () => {
    const box = await open();
    expect(await findDraftByCover(box.client, [box.coverId], null)).toMatchObject({ mediaId: box.mediaId });
    expect(box.pages()).toBe(pages);
  });

  test('among all', async () => {
    const box = await open();
    const { drafts } = await scanAccount(box.client, Date.now());
    expect(drafts.map(({ mediaId }) => mediaId)).toContain(box.mediaId);
  });
});

test('who has found what he looks for reads no further', async () => {
  const box = await openBox();
  const found = await findDraftByCover(box.client, [box.otherCoverId], null);
  expect([found?.articles[0]?.coverId, box.pages()]).toEqual([box.otherCoverId, 1]);
});

test('the draft that is known to be another is not found', async () => {
  const box = await openBox();
  expect(await findDraftByCover(box.client, [box.coverId], box.mediaId)).toBeNull();
});

test('a box that never rests is read three times', async () => {
  const box = await openBox();
  const act = () => box.add().then(() => undefined);
  for (const each of [() => undefined, act, () => undefined, act, () => undefined, act]) {
    box.gate.at('draft/batchget', each);
  }
  expect(await findDraftByCover(box.client, ['none'], null)).toBeNull();
  expect(box.pages()).toBe(6);
});
