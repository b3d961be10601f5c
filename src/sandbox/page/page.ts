// The sandbox's window: a list of drafts, one draft with its facts, and the article as its readers see it.
import { createHash } from 'node:crypto';
import { STAGES, type Stage, showStage } from '../content/stages.ts';
import { countImages, toAutoDigest, toShown } from '../content/views.ts';
import type { Limits } from '../counting.ts';
import { escapeHtml } from '../markup.ts';
import type { Material, SandboxArticle, SandboxDraft, Store } from '../store.ts';
import { renderStage, renderStageNote, toStored } from './stage.ts';
import { ARTICLE_CSS, PAGE_CSS } from './style.ts';
import { type Language, toLanguage, WORDS, type Words } from './words.ts';

export interface PageParts {
  readonly store: Store;
  readonly limits: Limits;
  readonly appId: string;
  readonly profile: string;
  /** Article HTML as a phone in dark mode shows it; null = the page offers no dark mode of an article. */
  readonly darken: ((html: string) => string) | null;
}

export interface PageRequest {
  readonly pathname: string;
  readonly query: URLSearchParams;
  readonly acceptLanguage: string;
  /** `http://HOST:PORT` as the browser named it. */
  readonly origin: string;
}

export interface Page {
  readonly status: number;
  readonly html: string;
  /** Content-Security-Policy. */
  readonly csp: string;
}

/** What a page shows, as its address says it. */
interface View {
  readonly language: Language;
  readonly words: Words;
  readonly screen: 'phone' | 'desktop';
  readonly mode: 'light' | 'dark';
  readonly stage: Stage;
  readonly index: number;
  /** The language was asked for by name, so links keep it. */
  readonly isNamed: boolean;
}

const FIRST_LOOK = { screen: 'phone', mode: 'light', stage: 'api', index: 0 } as const;
const DRAFT = /^\/drafts\/([A-Za-z0-9_-]{1,128})(\/article)?$/;
/** The icon of the page's tab. */
export const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 22 22"><rect width="22" height="22" rx="6" fill="#057a43"/><path d="M6 8h10M6 12h10M6 16h5" fill="none" stroke="#fff" stroke-width="2" stroke-linecap="round"/></svg>';
const MARK =
  '<svg class="mark" viewBox="0 0 22 22" aria-hidden="true"><rect width="22" height="22" rx="6"/><path d="M6 8h10M6 12h10M6 16h5"/></svg>';

/** The page of an address; 404 in words when there is none. */
export async function renderPage(parts: PageParts, request: PageRequest): Promise<Page> {
  const view = toView(parts, request);
  if (request.pathname === '/') return toPage(200, await renderList(parts, request, view), view);
  const [, mediaId = '', isArticle] = DRAFT.exec(request.pathname) ?? [];
  const draft = parts.store.drafts.get(mediaId);
  const article = draft?.articles[view.index] ?? draft?.articles[0];
  if (draft === null || article === undefined) return toPage(404, renderMissing(view, request.pathname), view);
  if (isArticle !== undefined) return toArticlePage(parts, request, view, { draft, article });
  return toPage(200, await renderDraft(parts, view, { draft, article }), view);
}

interface Shown {
  readonly draft: SandboxDraft;
  readonly article: SandboxArticle;
}

function toView({ darken }: PageParts, { query, acceptLanguage }: PageRequest): View {
  const asked = query.get('lang');
  const language = toLanguage(asked, acceptLanguage);
  return {
    language,
    words: WORDS[language],
    screen: query.get('screen') === 'desktop' ? 'desktop' : 'phone',
    mode: darken !== null && query.get('mode') === 'dark' ? 'dark' : 'light',
    stage: STAGES.find((stage) => stage === query.get('stage')) ?? 'api',
    index: Number(query.get('article') ?? 0),
    isNamed: asked === language,
  };
}

/** An address that shows the same view but for `change`. */
function toHref(
  path: string,
  view: View,
  change: Partial<Pick<View, 'screen' | 'mode' | 'stage' | 'index'>> = {},
): string {
  const { screen, mode, stage, index } = { ...view, ...change };
  const query = new URLSearchParams();
  if (view.isNamed) query.set('lang', view.language);
  if (screen === 'desktop') query.set('screen', screen);
  if (mode === 'dark') query.set('mode', mode);
  if (stage !== 'api') query.set('stage', stage);
  if (index > 0) query.set('article', String(index));
  return escapeHtml(query.size === 0 ? path : `${path}?${query}`);
}

async function renderList(parts: PageParts, request: PageRequest, view: View): Promise<string> {
  const { words } = view;
  const drafts = parts.store.drafts.list();
  const cards = await Promise.all(drafts.map((draft) => renderCard(parts, view, draft)));
  return `${renderTop(view, '/')}
<div class="lead">
  <div><h1>${words.drafts}${drafts.length === 0 ? '' : `<span>${drafts.length}</span>`}</h1><p>${words.promise}</p></div>
  <dl class="who">
    ${renderFact(words.address, `<code>${escapeHtml(request.origin)}</code>`)}
    ${renderFact(words.account, `<code>${escapeHtml(parts.appId)}</code>`)}
    ${renderFact(words.kind, escapeHtml(words.profile[parts.profile] ?? parts.profile))}
  </dl>
</div>
${
  cards.length === 0
    ? `<div class="empty"><h2>${words.none}</h2><p>${words.noneHow}</p></div>`
    : `<ul class="cards">${cards.join('')}</ul>`
}`;
}

async function renderCard(parts: PageParts, view: View, draft: SandboxDraft): Promise<string> {
  const [article, ...others] = draft.articles;
  if (article === undefined) return '';
  const { words } = view;
  const images = await countImages(article.content);
  const meta = [
    escapeHtml(article.author),
    renderTime(draft.updateTime),
    images === 0 ? '' : words.images(images),
    others.length === 0 ? '' : words.more(others.length),
  ].filter((text) => text !== '');
  return `<li><a class="card" href="${toHref(`/drafts/${draft.mediaId}`, view)}">
  ${renderCover(parts.store, article, 'wide', words)}
  <div class="text"><h2 class="clamp">${escapeHtml(article.title)}</h2>
  <p class="digest clamp">${escapeHtml(await toDigest(article))}</p>
  <p class="meta">${meta.map((text) => `<span>${text}</span>`).join('')}</p></div></a></li>`;
}

async function renderDraft(parts: PageParts, view: View, { draft, article }: Shown): Promise<string> {
  const { words, screen, mode } = view;
  const path = `/drafts/${draft.mediaId}`;
  const toggles = [
    renderSwitch(words.view, [
      { text: words.phone, href: toHref(path, view, { screen: 'phone' }), isOn: screen === 'phone' },
      { text: words.desktop, href: toHref(path, view, { screen: 'desktop' }), isOn: screen === 'desktop' },
    ]),
    parts.darken === null
      ? ''
      : renderSwitch(words.theme, [
          { text: words.light, href: toHref(path, view, { mode: 'light' }), isOn: mode === 'light' },
          { text: words.dark, href: toHref(path, view, { mode: 'dark' }), isOn: mode === 'dark' },
        ]),
  ];
  const stages = STAGES.map((stage) => ({
    text: words.stages[stage].tab,
    href: toHref(path, view, { stage }),
    isOn: stage === view.stage,
  }));
  const made = await showStage(view.stage, toStored(article));
  const title = escapeHtml(article.title);
  return `${renderTop(view, path)}
<div class="bench">
  <div><div class="bar"><a class="back quiet" href="${toHref('/', { ...view, ...FIRST_LOOK })}">← ${words.allDrafts}</a><span class="spring"></span>${toggles.join('')}</div>
  <div class="bar way">${renderSwitch(words.stage, stages)}${renderStageNote(view, made)}</div>
  <div class="stage"><div class="device ${screen} ${mode}">${DEVICE_BARS[screen]}
    <iframe sandbox title="${title}" src="${toHref(`${path}/article`, view)}"></iframe></div></div></div>
  <aside class="facts">
    ${renderArticleList(draft, view, article)}
    ${renderStage(view, made)}
    <section><div class="pair">
      <figure>${renderCover(parts.store, article, 'wide', words)}<figcaption>${words.coverWide}</figcaption></figure>
      <figure>${renderCover(parts.store, article, 'square', words)}<figcaption>${words.coverSquare}</figcaption></figure>
    </div></section>
    <section><dl>${await renderFields(parts, view, article)}</dl></section>
    <section><dl>
      <div class="halves">${renderFact(words.created, renderTime(draft.createTime))}${renderFact(words.updated, renderTime(draft.updateTime))}</div>
      ${renderFact(words.mediaId, `<code>${draft.mediaId}</code>`)}
    </dl></section>
  </aside>
</div>`;
}

const DEVICE_BARS: Readonly<Record<View['screen'], string>> = {
  phone:
    '<header aria-hidden="true"><svg viewBox="0 0 18 18"><path d="M4 4l10 10M14 4L4 14"/></svg><svg viewBox="0 0 18 18"><path d="M3 9h.01M9 9h.01M15 9h.01" stroke-width="2.6"/></svg></header>',
  desktop: '<header aria-hidden="true"><i></i><i></i><i></i><span>mp.weixin.qq.com</span></header>',
};

function renderArticleList(draft: SandboxDraft, view: View, shown: SandboxArticle): string {
  if (draft.articles.length < 2) return '';
  const rows = draft.articles.map((article, index) => {
    const href = toHref(`/drafts/${draft.mediaId}`, view, { index });
    return `<li><a href="${href}"${article === shown ? ' aria-current="page"' : ''}>${escapeHtml(article.title)}</a></li>`;
  });
  return `<section><h2>${view.words.articles}</h2><ul class="list">${rows.join('')}</ul></section>`;
}

async function renderFields({ limits }: PageParts, { words }: View, article: SandboxArticle): Promise<string> {
  const toCount = ({ count, max }: Limits['title'], text: string): string => `${count(text)} / ${max}`;
  const comments =
    article.needOpenComment === 0
      ? words.commentsOff
      : article.onlyFansCanComment === 0
        ? words.commentsAll
        : words.commentsFans;
  const digest =
    article.digest === ''
      ? `${escapeHtml(await toDigest(article))}<small>${words.digestFilled}</small>`
      : escapeHtml(article.digest);
  return [
    renderFact(words.title, escapeHtml(article.title), toCount(limits.title, article.title)),
    renderFact(words.author, escapeHtml(article.author) || words.none1, toCount(limits.author, article.author)),
    renderFact(words.digest, digest, toCount(limits.digest, article.digest)),
    renderFact(words.source, escapeHtml(article.contentSourceUrl) || words.none1),
    renderFact(words.comments, comments),
  ].join('');
}

/** The cover as WeChat crops it: by the crop that was sent, else from the middle. */
function renderCover(store: Store, article: SandboxArticle, shape: 'wide' | 'square', words: Words): string {
  const cover = store.materials.get(article.thumbMediaId);
  if (cover === null) return `<span class="cover bare ${shape}">${words.noCover}</span>`;
  const { width, height } = cover;
  const crop = shape === 'wide' ? article.crop235 : article.crop11;
  const [x1 = 0, y1 = 0, x2 = 1, y2 = 1] = crop === '' ? [] : crop.split('_').map(Number);
  const box = [x1 * width, y1 * height, (x2 - x1) * width, (y2 - y1) * height].join(' ');
  return `<svg class="cover ${shape}" viewBox="${box}" preserveAspectRatio="xMidYMid slice" role="img" aria-label="${escapeHtml(article.title)}"><image href="${toImagePath(cover)}" width="${width}" height="${height}"/></svg>`;
}

function renderTop(view: View, path: string): string {
  const other: View = { ...view, language: view.language === 'zh' ? 'en' : 'zh', isNamed: true };
  return `<header class="top"><a class="brand" href="${toHref('/', { ...view, ...FIRST_LOOK })}">${MARK}${view.words.name}</a><span class="spring"></span><a class="quiet" lang="${other.language}" href="${toHref(path, other)}">${view.words.otherLanguage}</a></header>`;
}

function renderMissing(view: View, path: string): string {
  const { words } = view;
  return `${renderTop(view, escapeHtml(path))}<div class="empty"><h2>${words.missing}</h2><p>${words.missingHow}</p><p><a class="quiet" href="${toHref('/', view)}">← ${words.allDrafts}</a></p></div>`;
}

interface Choice {
  readonly text: string;
  readonly href: string;
  readonly isOn: boolean;
}

function renderSwitch(label: string, choices: readonly Choice[]): string {
  const links = choices.map(
    ({ text, href, isOn }) => `<a href="${href}"${isOn ? ' aria-current="true"' : ''}>${text}</a>`,
  );
  return `<nav class="switch" aria-label="${label}">${links.join('')}</nav>`;
}

function renderFact(name: string, value: string, count = ''): string {
  return `<div><dt>${name}${count === '' ? '' : `<span>${count}</span>`}</dt><dd>${value}</dd></div>`;
}

/** Minutes of this computer's time zone. */
function renderTime(seconds: number): string {
  const date = new Date(seconds * 1000);
  const pad = (part: number): string => String(part).padStart(2, '0');
  const day = `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
  return `<time datetime="${date.toISOString()}">${day} ${pad(date.getHours())}:${pad(date.getMinutes())}</time>`;
}

async function toDigest({ digest, content }: SandboxArticle): Promise<string> {
  return digest === '' ? toAutoDigest(content) : digest;
}

function toImagePath({ url }: Material): string {
  return `/_sandbox/images/${url.split('/')[4] ?? ''}`;
}

const PAGE_CSP = [
  "default-src 'none'",
  "img-src 'self'",
  "frame-src 'self'",
  `style-src 'sha256-${createHash('sha256').update(PAGE_CSS).digest('base64')}'`,
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
].join('; ');

function toPage(status: number, body: string, { language, words }: View): Page {
  const html = `<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${words.name}</title><style>${PAGE_CSS}</style></head>
<body><main class="wrap">${body}</main></body>
</html>
`;
  return { status, html, csp: PAGE_CSP };
}

/** The article alone, for the frame: no script runs in it and nothing outside this server is asked for. */
async function toArticlePage(
  parts: PageParts,
  request: PageRequest,
  view: View,
  { draft, article }: Shown,
): Promise<Page> {
  const { html: made } = await showStage(view.stage, toStored(article));
  const content = view.mode === 'dark' && parts.darken !== null ? parts.darken(made) : made;
  const shown = await toShown(content, (imageId) => `/_sandbox/images/${imageId}`);
  const html = `<!doctype html>
<html lang="zh-CN" class="${view.mode}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escapeHtml(article.title)}</title><style>${ARTICLE_CSS}</style></head>
<body><h1 class="reader-title">${escapeHtml(article.title)}</h1>
<p class="reader-meta">${article.author === '' ? '' : `<span>${escapeHtml(article.author)}</span>`}${renderTime(draft.updateTime)}</p>
<div class="rich_media_content">${shown}</div>
${article.contentSourceUrl === '' ? '' : `<p class="reader-source">${view.words.readMore}</p>`}</body>
</html>
`;
  const csp = `default-src 'none'; img-src ${request.origin}; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors ${request.origin}; sandbox`;
  return { status: 200, html, csp };
}
