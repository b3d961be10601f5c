// Articles go out with WeChat's field names and drafts come back with ours, whatever is missing or odd.
import { describe, expect, test } from 'vitest';
import { type Article, toRemoteDraft, toRemoteDrafts, toSeconds, toWireArticle } from '../../src/wechat/draft.ts';
import { ARTICLE } from './fixture.ts';

const BASE = { title: '贸易', content: '<p>正文</p>', thumb_media_id: 'COVER' };

describe('toWireArticle', () => {
  const rows: readonly [name: string, part: Partial<Article>, purpose: 'add' | 'update', extra: object][] = [
    ['nothing more', {}, 'add', {}],
    ['empty fields stay out of an add', { author: '', digest: '', sourceUrl: '' }, 'add', {}],
    ['empty fields clear what was there', {}, 'update', { author: '', digest: '', content_source_url: '' }],
    [
      'all fields',
      { author: 'a', digest: 'd', sourceUrl: 'https://x.example/' },
      'add',
      { author: 'a', digest: 'd', content_source_url: 'https://x.example/' },
    ],
    [
      'comments are numbers',
      { comments: { open: true, fansOnly: false } },
      'add',
      { need_open_comment: 1, only_fans_can_comment: 0 },
    ],
    [
      'crops',
      { crops: { wide: '0_0_1_1', square: '0_0_1_1' } },
      'add',
      { pic_crop_235_1: '0_0_1_1', pic_crop_1_1: '0_0_1_1' },
    ],
    ['one crop', { crops: { square: '0_0_1_1' } }, 'add', { pic_crop_1_1: '0_0_1_1' }],
    [
      'carried fields, but not over ours',
      { carried: { title: 'old', show_cover_pic: 1 } },
      'add',
      { show_cover_pic: 1 },
    ],
  ];

  test.each(rows)('%s', (_name, part, purpose, extra) => {
    expect(toWireArticle({ ...ARTICLE, ...part }, purpose)).toEqual({ ...BASE, ...extra });
  });
});

describe('toRemoteDraft', () => {
  test('a live answer', () => {
    const draft = toRemoteDraft('M1', {
      news_item: [
        {
          title: 't',
          author: 'a',
          digest: 'd',
          content: 'c',
          content_source_url: 's',
          thumb_media_id: 'COVER',
          show_cover_pic: 0,
          url: 'http://mp.weixin.qq.com/s?x',
          thumb_url: 'http://mmbiz.qpic.cn/x',
          need_open_comment: 1,
          only_fans_can_comment: '1',
        },
      ],
      create_time: 1700000000,
      update_time: 1700000001,
    });
    expect(draft).toEqual({
      mediaId: 'M1',
      createTime: 1700000000,
      updateTime: 1700000001,
      articles: [
        {
          title: 't',
          author: 'a',
          digest: 'd',
          content: 'c',
          sourceUrl: 's',
          coverId: 'COVER',
          url: 'http://mp.weixin.qq.com/s?x',
          thumbUrl: 'http://mmbiz.qpic.cn/x',
          openComment: true,
          fansOnly: true,
          rest: { show_cover_pic: 0 },
        },
      ],
    });
  });

  test('missing and odd fields are empty', () => {
    expect(toRemoteDraft('M1', { news_item: [{ title: 7, extra: [] }] })).toEqual({
      mediaId: 'M1',
      createTime: null,
      updateTime: null,
      articles: [
        {
          title: '',
          author: '',
          digest: '',
          content: '',
          sourceUrl: '',
          coverId: '',
          url: '',
          thumbUrl: '',
          openComment: false,
          fansOnly: false,
          rest: { extra: [] },
        },
      ],
    });
  });

  test.each([[{}], [{ news_item: {} }], [{ news_item: ['x'] }], [{ news_item: [null] }]])('%j is no draft', (value) => {
    expect(toRemoteDraft('M1', value)).toBeNull();
  });
});

test('a page: times inside, or beside, the content', () => {
  const news_item = [{ title: 't' }];
  const drafts = toRemoteDrafts([
    { media_id: 'A', content: { news_item, create_time: 1, update_time: 2 }, update_time: 3 },
    { media_id: 'B', content: { news_item }, update_time: 3 },
  ]);
  expect(drafts?.map(({ mediaId, createTime, updateTime }) => [mediaId, createTime, updateTime])).toEqual([
    ['A', 1, 2],
    ['B', null, 3],
  ]);
});

test.each([
  [[null]],
  [[{ media_id: '', content: { news_item: [] } }]],
  [[{ media_id: 'A' }]],
  [[{ media_id: 'A', content: {} }]],
])('%j is no page of drafts', (items) => {
  expect(toRemoteDrafts(items)).toBeNull();
});

test.each([
  [1700000000, 1700000000],
  ['1700000000', 1700000000],
  [0, null],
  [1.5, null],
  ['soon', null],
  [null, null],
])('%j is %s seconds', (value, seconds) => {
  expect(toSeconds(value)).toBe(seconds);
});
