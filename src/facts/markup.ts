// What HTML may come in from a post and what may go out to WeChat, as tables; the renderer reads them and adds no rule.
import { LIMITS } from './limits.ts';

/**
 * Tags an author may write, and what each becomes in the tree. Source of what WeChat keeps: published articles in
 * github.com/wechatjs/verify-article-structure-spec and mp-darkmode, measured; center, small, mark, kbd, ruby, details and
 * figure are unverified there and get a replacement in OUTPUT_TAGS.
 * `''` leaves the tag out and keeps what it holds, silently, for nothing a reader sees is lost.
 */
export const AUTHOR_TAGS: Readonly<Record<string, string>> = {
  ...same('a p h1 h2 h3 h4 h5 h6 ul ol li blockquote pre code em strong del sub sup br hr img'),
  ...same('table thead tbody tfoot tr th td figure figcaption center small mark kbd u details summary'),
  ...as('strong', 'b'),
  ...as('em', 'i cite dfn var'),
  ...as('del', 's strike'),
  ...as('u', 'ins'),
  ...as('code', 'samp tt'),
  ...as('pre', 'xmp listing'),
  ...as('section', 'section div article aside main header footer nav hgroup address dl dd fieldset menu'),
  ...as('p', 'dt caption legend'),
  ...as('span', 'span font'),
  ...as('small', 'rt'),
  ...as('', 'abbr bdi bdo big data html body nobr picture q rb ruby search time wbr rtc colgroup'),
};

/** Tags in the tree that hold one line: when nothing closes them, they end where their line ends. */
export const LINE_TAGS: ReadonlySet<string> = setOf(
  'a p h1 h2 h3 h4 h5 h6 summary figcaption code em strong del sub sup small mark kbd u span',
);

/** Tags whose content is no text for readers: all of it goes. */
export const REMOVED_WITH_CONTENT: ReadonlySet<string> = setOf(
  'script style template noscript noframes noembed iframe object applet video audio canvas svg math select datalist ' +
    'textarea head title frameset map',
);

/** Tags that go without a word; they hold no words, but at most brackets. */
export const REMOVED_SILENTLY: ReadonlySet<string> = setOf('col rp source wx-node');

/** Attributes an author may set, by the tag in the tree; `*` is for all. Everything else is ignored. */
export const AUTHOR_ATTRS: Readonly<Record<string, readonly string[]>> = {
  a: ['href'],
  img: ['src', 'alt', 'title'],
  ol: ['start', 'reversed', 'type'],
  li: ['value'],
  th: ['colspan', 'rowspan'],
  td: ['colspan', 'rowspan'],
};

/** CSS an author may set in a style attribute; the value must pass OUTPUT_STYLES too. */
export const AUTHOR_STYLES: ReadonlySet<string> = setOf(
  'color background-color text-align font-size font-weight font-style text-decoration width',
);

/** CSS an author may write whose loss a reader sees, with the form of the values that do something. */
export const SEEN_STYLES: Readonly<Record<string, RegExp>> = {
  ...values(/./, 'background background-image'),
  ...values(/[1-9]/, 'border border-top border-right border-bottom border-left box-shadow outline'),
  ...values(/[2-9]/, 'column-count columns'),
  display: /flex|grid|table/,
  filter: /\(/,
  float: /left|right/,
  position: /absolute|fixed|sticky/,
  'text-align': /end/,
  transform: /\(/,
  zoom: /^(?!(?:1(?:\.0*)?|100%|normal)$)/,
  'writing-mode': /vertical/,
};

/** The same of pictures, which keep nothing but their width. */
export const SEEN_STYLES_OF_IMAGES: Readonly<Record<string, RegExp>> = {
  ...values(/[1-9]/, 'border-radius margin margin-top margin-right margin-bottom margin-left padding'),
  ...values(/^(?!100%$|none$)/, 'max-width'),
  ...values(/^(?!auto$)/, 'height max-height aspect-ratio'),
  'clip-path': /\(/,
  'object-fit': /cover|contain|scale-down|none/,
  opacity: /./,
};

/** CSS by which a website hides an element. */
export const HIDING_STYLES: Readonly<Record<string, RegExp>> = {
  display: /^none$/i,
  opacity: /^0(?:\.0+)?%?$/,
  visibility: /^(?:hidden|collapse)$/i,
};

/** Our tags that WeChat is not known to keep, and the tag each goes out as; the theme has dressed it by then. */
export const OUTPUT_TAGS: Readonly<Record<string, string>> = {
  blockquote: 'section',
  center: 'section',
  details: 'section',
  summary: 'section',
  figure: 'section',
  figcaption: 'section',
  pre: 'section',
  kbd: 'span',
  mark: 'span',
  small: 'span',
  u: 'span',
  tfoot: 'tbody',
};

/** Tags that make a card; what they say stands in their attributes, so that nothing need close them. */
export const CARD_TAGS: ReadonlySet<string> = setOf(
  'wechat-profile wechat-miniprogram wechat-video mp-common-profile mp-miniprogram mp-common-miniprogram',
);

/** A page or a player of v.qq.com, with the id of its video. */
export const VIDEO_ADDRESS =
  /^(?:https?:)?\/\/v\.qq\.com\/(?:(?:txp\/)?iframe\/(?:player|preview)\.html\?(?:[^#\s]{0,200}&)?vid=|x\/(?:page|cover\/[a-z0-9]{1,30})\/)([a-z0-9]{11})(?:[.?&#/]|$)/i;

/**
 * The form of what stands on WeChat's own widgets. A card with a wrong id keeps the whole article from being saved
 * (doocs/md, issue 974); `data-id` is the account's `__biz`, a number of nine to eleven digits in base64. The two forms of a
 * mini-program are those of the documentation of draft/add: a link of words, and mp-miniprogram. The video's frame is that of published articles.
 */
export const CARD_FORMS = {
  'data-id': /^(?:[MNO][DTjz][AEIMQUYcgk][w-z0-5]){3}(?:[MNO][AQgw]==|[MNO][DTjz][AEIMQUYcgk]=)?$/,
  'data-nickname': /^[^<>"\n]{1,50}$/,
  'data-alias': /^[\w-]{0,30}$/,
  'data-headimg': /^(?:https?:\/\/(?:mmbiz\.qpic\.cn|mmbiz\.qlogo\.cn|wx\.qlogo\.cn)\/[^\s<>"]{1,500})?$/,
  'data-signature': /^[^<>"\n]{0,200}$/,
  'data-miniprogram-appid': /^wx[\da-f]{16}$/,
  'data-miniprogram-path': /^[^\s<>"]{1,1000}$/,
  'data-miniprogram-title': new RegExp(`^[^<>"\\n]{1,${LIMITS.miniprogramTitle.value}}$`),
  'data-miniprogram-imageurl': /^[^\s<>"][^<>"\n]{0,2000}$/,
  'data-src': /^https:\/\/v\.qq\.com\/iframe\/preview\.html\?width=500&height=375&auto=0&vid=[a-z0-9]{11}$/i,
  'data-pluginname': /^mpprofile$/,
  'data-vidtype': /^1$/,
  'data-from': /^0$/,
  'data-is_biz_ban': /^0$/,
  frameborder: /^0$/,
  allowfullscreen: /^$/,
  nodeleaf: /^$/,
  class: /^(?:js_uneditable custom_select_card mp_profile_iframe|mp_profile_iframe_wrp|video_iframe rich_pages)$/,
} as const satisfies Readonly<Record<string, RegExp>>;

/** WeChat's own widgets, as the only child of a section. */
export const WIDGETS: ReadonlySet<string> = setOf('iframe mp-common-profile mp-miniprogram');

const CELL = ['style', 'colspan', 'rowspan'];

/**
 * Tells WeChat's checker of layouts that an element is meant to have another share of a narrow and a wide screen, as a
 * table that scrolls and a picture of fewer pixels than the column has: wechatjs/verify-article-structure-spec, 1.4.4.
 */
export const UNEVEN = 'data-ignore-width';

/** Every tag and attribute that may reach WeChat. */
export const OUTPUT_ATTRS: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(
    'section p h1 h2 h3 h4 h5 h6 ul ol li table thead tbody tr strong em del sub sup span code br hr'
      .split(' ')
      .map((tag) => [tag, tag === 'li' || tag === 'br' ? [] : ['style']]),
  ),
  th: CELL,
  td: CELL,
  a: ['data-miniprogram-appid', 'data-miniprogram-path', 'href', 'style'],
  'mp-common-profile': [
    'class',
    'data-pluginname',
    'data-id',
    'data-nickname',
    'data-alias',
    'data-headimg',
    'data-signature',
    'data-from',
    'data-is_biz_ban',
  ],
  'mp-miniprogram': [
    'data-miniprogram-appid',
    'data-miniprogram-path',
    'data-miniprogram-title',
    'data-miniprogram-imageurl',
  ],
  iframe: ['class', 'data-vidtype', 'data-ratio', 'data-w', 'data-src', 'frameborder', 'allowfullscreen'],
  // Class and nodeleaf stand round a widget, and nowhere else.
  section: ['class', 'nodeleaf', 'style', UNEVEN],
  table: ['style', UNEVEN],
  img: ['src', 'alt', 'data-ratio', 'data-w', UNEVEN, 'style'],
  // Of our own making only: an author's goes by REMOVED_WITH_CONTENT.
  svg: ['viewBox', 'fill', UNEVEN, 'style'],
  path: ['d', 'fill', 'stroke', 'stroke-width', 'stroke-dasharray'],
  circle: ['cx', 'cy', 'r', 'fill'],
  text: ['x', 'y', 'font-size', 'fill'],
};

const COLOUR = /^(?:#[\da-f]{3}|#[\da-f]{6}|rgba?\([\d.,\s%]+\)|transparent|currentcolor|inherit|[a-z]{3,20})$/i;
const LENGTHS = /^(?:(?:-?[\d.]+(?:px|em|%|ex|pt)?|auto|inherit|normal)(?:\s+|$)){1,4}$/i;
const WORDS = /^[a-z-]+(?:\s+[a-z-]+)*$/i;
const SHADE = /^(?:[a-z]{1,20}|[#\d.,()%\sa-z-]{1,120})$/i;

/** Every CSS property that may reach WeChat, with the form of its value. `position` is lost there, so not here. */
export const OUTPUT_STYLES: Readonly<Record<string, RegExp>> = {
  ...values(
    COLOUR,
    'color background-color border-color border-top-color border-right-color border-bottom-color border-left-color ' +
      'text-decoration-color',
  ),
  ...values(
    LENGTHS,
    'margin margin-top margin-right margin-bottom margin-left padding padding-top padding-right padding-bottom ' +
      'padding-left width max-width min-width height max-height border-radius font-size line-height letter-spacing ' +
      'text-indent border-width border-top-width border-right-width border-bottom-width border-left-width ' +
      'word-spacing border-spacing',
  ),
  ...values(
    WORDS,
    'display white-space word-break overflow-wrap word-wrap overflow overflow-x overflow-y font-style ' +
      'text-decoration list-style-type list-style-position vertical-align border-collapse border-style float clear ' +
      'table-layout box-sizing text-transform flex-direction justify-content align-items flex-wrap ' +
      '-webkit-overflow-scrolling user-select -webkit-user-select',
  ),
  ...values(
    SHADE,
    'background border border-top border-right border-bottom border-left box-shadow text-shadow background-image ' +
      'background-size background-repeat background-position outline flex list-style transform opacity font-weight',
  ),
  'vertical-align': /^(?:[a-z-]+|-?[\d.]+(?:px|em|ex|%)?)$/i,
  // Phones do not agree about `start` and `end`.
  'text-align': /^(?:left|center|right|justify|inherit)$/i,
  // Only code needs a face of its own; text keeps the reader's.
  'font-family': /^[\w\s,'-]*monospace$/i,
};

/** The form of what stands in a drawing's attributes; `viewBox` and the like are numbers. */
export const DRAWING_ATTRS: Readonly<Record<string, RegExp>> = {
  viewBox: /^-?\d+(?: -?\d+){3}$/,
  d: /^[mlhvqtcz\d -]+$/,
  ...values(COLOUR, 'fill stroke'),
  ...values(/^-?\d{1,7}$/, 'x y cx cy r font-size stroke-width stroke-dasharray'),
};

/** Nothing of this kind has a place in a style, whatever the property. */
export const STYLE_REFUSED =
  /url|expression|script|import|var\s*\(|calc|env\s*\(|image|attr\s*\(|[\\<>{}@]|\/\*|\d(?:rem|v[wh])\b/i;

/** Links that WeChat keeps in an article; every other `<a href>` is refused (45166) or lost. */
const ARTICLE_LINK = /^https:\/\/mp\.weixin\.qq\.com\/(?:s[/?]|mp\/appmsgalbum\?)[^\s"'<>\\]*$/;

/** Whether WeChat keeps a link, which is judged as it is followed: `/s/../x` is no article. */
export function isArticleLink(href: string): boolean {
  return ARTICLE_LINK.test(href) && URL.canParse(href) && ARTICLE_LINK.test(new URL(href).href);
}

/** Image addresses that may stand in the page: web, data of a real image format, or a path of the site. */
export const IMAGE_SOURCE =
  /^(?:https?:\/\/|data:image\/(?:png|jpe?g|gif|webp|bmp|avif|svg\+xml)[;,]|(?![a-z][a-z\d+.-]*:))/i;

function same(tags: string): Readonly<Record<string, string>> {
  return Object.fromEntries(tags.split(' ').map((tag) => [tag, tag]));
}

function as(target: string, tags: string): Readonly<Record<string, string>> {
  return Object.fromEntries(tags.split(' ').map((tag) => [tag, target]));
}

function values(form: RegExp, properties: string): Readonly<Record<string, RegExp>> {
  return Object.fromEntries(properties.split(' ').map((property) => [property, form]));
}

function setOf(words: string): ReadonlySet<string> {
  return new Set(words.split(' '));
}
