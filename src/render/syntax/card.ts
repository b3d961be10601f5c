// Cards and videos that only WeChat can show, from a tag of ours, WeChat's own, or a player of v.qq.com; knows no parser.
import { finding, type Place, type Report } from '../../facts/findings.ts';
import { CARD_FORMS, CARD_TAGS, VIDEO_ADDRESS } from '../../facts/markup.ts';
import { type Attrs, type Element, element, isElement, type Level, type Node, text } from '../tree.ts';

interface Around {
  readonly at: Place | null;
  readonly report: Report;
  /** Among words a card's own words are words; else they have a line of their own. */
  readonly level: Level;
}

/** Above and below a card, as round a picture. */
const ROOM = 'margin:20px 0';

const VALUE = String.raw`"[^"\n]*"|'[^'\n]*'|[^\s"'=<>\x60]+`;
const TAG = String.raw`<\/?(?:${[...CARD_TAGS].join('|')})(?:[ \t]+[\w:-]+(?:[ \t]*=[ \t]*(?:${VALUE}))?)*[ \t]*\/?>[ \t]*`;
const LINE = new RegExp(`^ {0,3}(?:${TAG})+(?:\\n|$)`, 'i');

/** The line at the start of the text, when nothing but tags of cards is on it: what follows them is none of theirs. */
export function readCardLine(source: string): string | undefined {
  return LINE.exec(source)?.[0];
}

/** Is it a card or a video as this file makes them? */
export function isCard(node: Node): node is Element & { readonly tag: 'section' } {
  return isElement(node, 'section') && node.attrs['nodeleaf'] !== undefined;
}

interface Wanted {
  readonly name: string;
  readonly value: string;
  readonly form: RegExp;
  /** What it should look like. */
  readonly example: string;
}

/**
 * What stands for a card's tag, its attributes judged one by one; undefined for every other tag. A card that WeChat would
 * refuse, and the whole article with it, is never made: its words stay.
 */
export function toCard({ tag, attrs, at }: Element, how: Omit<Around, 'at'>): readonly Node[] | undefined {
  const around = { ...how, at };
  switch (tag) {
    case 'wechat-profile':
      return toProfile(tag, attrs, around);
    case 'mp-common-profile': {
      const { 'data-id': id, 'data-nickname': name, 'data-alias': alias, 'data-headimg': avatar } = attrs;
      return toProfile(tag, only({ id, name, alias, avatar, signature: attrs['data-signature'] }), around);
    }
    case 'wechat-miniprogram':
      return toMiniprogram(tag, attrs, around);
    case 'mp-miniprogram':
    case 'mp-common-miniprogram': {
      const take = (name: string) => attrs[`data-miniprogram-${name}`];
      const own = { appid: take('appid'), path: take('path'), title: take('title'), image: take('imageurl') };
      return toMiniprogram(tag, only(own), around);
    }
    case 'wechat-video':
      return toVideo(tag, attrs['vid'] ?? attrs['src'] ?? '', { ...around, title: attrs['title'] ?? '' });
    case 'iframe': {
      const vid = VIDEO_ADDRESS.exec((attrs['src'] ?? attrs['data-src'] ?? '').trim())?.[1];
      return vid === undefined ? undefined : toVideo(tag, vid, { ...around, title: '' });
    }
    default:
      return undefined;
  }
}

function toProfile(tag: string, attrs: Attrs, around: Around): readonly Node[] {
  const { id = '', name = '', alias = '', avatar = '', signature = '' } = attrs;
  const wanted: readonly Wanted[] = [
    { name: 'id', value: id, form: CARD_FORMS['data-id'], example: 'MzI0NTI1NDUwOQ==' },
    { name: 'name', value: name, form: CARD_FORMS['data-nickname'], example: '人民日报' },
    { name: 'alias', value: alias, form: CARD_FORMS['data-alias'], example: 'rmrbwx' },
    { name: 'avatar', value: avatar, form: CARD_FORMS['data-headimg'], example: 'https://mmbiz.qpic.cn/…' },
    { name: 'signature', value: signature, form: CARD_FORMS['data-signature'], example: '参与、沟通、记录时代。' },
  ];
  if (!judge(tag, wanted, around)) return toWords(text(name), around);
  const told = only({ 'data-alias': alias, 'data-headimg': avatar, 'data-signature': signature });
  const card = element('mp-common-profile', [], {
    attrs: {
      class: 'js_uneditable custom_select_card mp_profile_iframe',
      'data-pluginname': 'mpprofile',
      'data-id': id,
      'data-nickname': name,
      ...told,
      'data-from': '0',
      'data-is_biz_ban': '0',
    },
    at: around.at,
  });
  return [
    element('section', [card], { attrs: { class: 'mp_profile_iframe_wrp', nodeleaf: '', style: ROOM }, at: around.at }),
  ];
}

/** With a picture a card, without one a link of words: the two forms that WeChat documents for an article. */
function toMiniprogram(tag: string, attrs: Attrs, around: Around): readonly Node[] {
  const { appid = '', path = '', title = '', image = '' } = attrs;
  const wanted: readonly Wanted[] = [
    { name: 'appid', value: appid, form: CARD_FORMS['data-miniprogram-appid'], example: 'wx0123456789abcdef' },
    { name: 'path', value: path, form: CARD_FORMS['data-miniprogram-path'], example: 'pages/index/index?id=1' },
    { name: 'title', value: title, form: CARD_FORMS['data-miniprogram-title'], example: '看菜单' },
  ];
  const { at } = around;
  if (!judge(tag, wanted, around)) return toWords(text(title), around);
  const where = { 'data-miniprogram-appid': appid, 'data-miniprogram-path': path };
  if (image === '') return toWords(element('a', [text(title)], { attrs: { ...where, href: '' }, at }), around);
  // The picture is found, uploaded and replaced like any other; a later pass writes its address on the card.
  const picture = element('img', [], { attrs: { src: image, alt: title }, at });
  const card = element('mp-miniprogram', [picture], { attrs: { ...where, 'data-miniprogram-title': title }, at });
  return [element('section', [card], { attrs: { nodeleaf: '', style: ROOM }, at })];
}

function toVideo(tag: string, written: string, around: Around & { readonly title: string }): readonly Node[] {
  const vid = VIDEO_ADDRESS.exec(written.trim())?.[1] ?? written.trim();
  const wanted = [{ name: 'vid', value: vid, form: /^[a-z0-9]{11}$/i, example: 'x0123abcdef' }];
  if (!judge(tag, wanted, around)) return toWords(text(around.title), around);
  const video = element('iframe', [], {
    attrs: {
      class: 'video_iframe rich_pages',
      'data-vidtype': '1',
      'data-ratio': '1.7778',
      'data-w': '864',
      'data-src': `https://v.qq.com/iframe/preview.html?width=500&height=375&auto=0&vid=${vid}`,
      frameborder: '0',
      allowfullscreen: '',
    },
    at: around.at,
  });
  return [element('section', [video], { attrs: { nodeleaf: '', style: ROOM }, at: around.at })];
}

/** The first attribute that is wrong is told. */
function judge(tag: string, wanted: readonly Wanted[], { at, report }: Around): boolean {
  const wrong = wanted.find(({ value, form }) => !form.test(value));
  if (wrong === undefined) return true;
  if (at !== null) report(finding('card-invalid', at, { tag, name: wrong.name, example: wrong.example }));
  return false;
}

function toWords(words: Node, { at, level }: Around): readonly Node[] {
  if (words.kind === 'text' && words.value === '') return [];
  return level === 'block' ? [element('p', [words], { at })] : [words];
}

/** What is said, and nothing empty. */
function only(values: Readonly<Record<string, string | undefined>>): Attrs {
  return Object.fromEntries(Object.entries(values).flatMap(([name, value]) => (value ? [[name, value]] : [])));
}
