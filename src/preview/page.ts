// One self-contained page that shows an article as a reader of WeChat sees it: no script, no request, no file beside it.
import type { Args } from '../errors.ts';
import type { Finding } from '../facts/findings.ts';
import { darken } from '../render/darkmode.ts';
import { parseHtml } from '../render/html.ts';
import { printNodes } from '../render/tree.ts';

export type PageKey =
  | 'page.preview'
  | 'page.phone'
  | 'page.desktop'
  | 'page.day'
  | 'page.night'
  | 'page.findings'
  | 'page.no-findings'
  | 'page.cover'
  | 'page.digest'
  | 'page.digest-auto'
  | 'page.remote'
  | 'page.facts'
  | 'page.account';

/** The page's words, in one language. */
export interface PageWords {
  readonly lang: 'zh' | 'en';
  say(key: PageKey, args?: Args): string;
  describe(finding: Finding): string;
}

export interface PageInput {
  readonly title: string;
  readonly author: string | null;
  readonly digest: string | null;
  /** What WeChat takes when no digest is sent. */
  readonly opening: string;
  /** The article, its pictures as data URIs. */
  readonly html: string;
  /** Length of the article as it is sent. */
  readonly chars: number;
  /** Data URI; null shows none. */
  readonly cover: string | null;
  readonly findings: readonly Finding[];
  readonly words: PageWords;
}

/** What the frame may do: nothing but show inlined pictures and inline styles. */
const POLICY =
  "default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-src 'self'; base-uri 'none'; form-action 'none'";

export function toPage(input: PageInput): string {
  const { title, words } = input;
  const images = (input.html.match(/<img\b/g) ?? []).length;
  return `<!doctype html>
<html lang="${toHtmlLang(words)}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)} · wxsync</title>
<style>${CHROME}</style>
<input type="radio" name="width" id="phone" checked><input type="radio" name="width" id="desktop"><input type="radio" name="light" id="day" checked><input type="radio" name="light" id="night">
<header>
<strong>wxsync</strong>
<span>${words.say('page.facts', { chars: groupDigits(input.chars), images })}</span>
<nav><label for="day">${words.say('page.day')}</label><label for="night">${words.say('page.night')}</label></nav>
<nav><label for="phone">${words.say('page.phone')} 375</label><label for="desktop">${words.say('page.desktop')} 677</label></nav>
</header>
<main>
<div class="screen">${toFrame('day', input)}${toFrame('night', { ...input, html: printNodes(darken(parseHtml(input.html))) })}</div>
<aside>${toCard(input)}${toRemarks(input)}</aside>
</main>
</html>`;
}

/** The article by day, or with the colours to which WeChat converts it at night. */
type Light = 'day' | 'night';

function toFrame(light: Light, input: PageInput): string {
  const { words } = input;
  const title = `${words.say('page.preview')} · ${words.say(`page.${light}`)}`;
  return `<iframe class="${light}" sandbox="" title="${title}" srcdoc="${escapeHtml(toReaderPage(light, input))}"></iframe>`;
}

/** The article under its title, with the reader client's own rules around it. */
function toReaderPage(light: Light, { title, author, html, words }: PageInput): string {
  const byline = [author, words.say('page.account')].filter((each) => each !== null);
  return `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><style>${READER}${light === 'night' ? READER_NIGHT : ''}</style><h1>${escapeHtml(title)}</h1><p class="by">${byline.map((each) => `<span>${escapeHtml(each)}</span>`).join('')}</p><div id="js_content">${html}</div></html>`;
}

function toCard({ title, digest, opening, cover, words }: PageInput): string {
  const crop = (name: string) => `<img class="${name}" src="${cover}" alt="">`;
  const picture = cover === null ? '' : `<div class="crops">${crop('wide')}${crop('square')}</div>`;
  const auto = digest === null ? `<i>${words.say('page.digest-auto')}</i>` : '';
  const text = `<p>${escapeHtml(digest ?? opening)}</p>${auto}`;
  return `<section><h2>${words.say('page.cover')} · ${words.say('page.digest')}</h2><div class="card">${picture}<b>${escapeHtml(title)}</b>${text}</div></section>`;
}

function toRemarks({ findings, words }: PageInput): string {
  const rows = findings.map(
    (each) =>
      `<li class="${each.severity}"><span>${each.line}</span><div>${escapeHtml(words.describe(each))}<code>${each.code}</code></div></li>`,
  );
  const list = rows.length === 0 ? `<p class="none">${words.say('page.no-findings')}</p>` : `<ul>${rows.join('')}</ul>`;
  return `<section><h2>${words.say('page.findings')}</h2>${list}</section>`;
}

function toHtmlLang(words: PageWords): string {
  return words.lang === 'zh' ? 'zh-CN' : 'en';
}

/** 12345 as 12,345; Intl says the same and takes 10 ms to begin. */
function groupDigits(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

function escapeHtml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}

/**
 * The reader client's rules: observed on mp.weixin.qq.com, 2026 (17px/1.6, letter-spacing .034em, padding 20px 16px 12px,
 * every node at most 100 % wide).
 */
const READER = `
html{background:#fff;color:rgba(0,0,0,.9)}
body{margin:0 auto;max-width:677px;padding:20px 16px 12px;box-sizing:border-box;font:17px/1.6 "PingFang SC","Noto Sans CJK SC","Microsoft YaHei",system-ui,sans-serif;letter-spacing:.034em;text-align:justify}
h1{margin:0 0 14px;font-size:22px;line-height:1.4;font-weight:500;text-align:left}
.by{margin:0 0 22px;font-size:15px;line-height:20px;color:rgba(0,0,0,.3)}
.by span{margin-right:10px}.by span:last-child{color:#576b95}
#js_content,#js_content *{max-width:100%!important;box-sizing:border-box!important;word-wrap:break-word!important}
#js_content img{height:auto!important}
mp-common-profile,mp-miniprogram{display:block;margin:8px 0;padding:14px 16px;border:1px solid rgba(128,128,128,.3);border-radius:8px;text-align:left}
mp-common-profile::before{content:attr(data-nickname)}
mp-miniprogram::before{content:attr(data-miniprogram-title)}
.video_iframe{display:block;width:100%;aspect-ratio:16/9;border:0;background:rgba(128,128,128,.3)}
`;

/** The reader client's page at night: wechatjs/mp-darkmode, its dark ground and text. */
const READER_NIGHT = `
html{background:#191919;color:#a3a3a3;color-scheme:dark}
h1{color:rgba(255,255,255,.8)}
.by{color:rgba(255,255,255,.3)}.by span:last-child{color:#7d90a9}
`;

const CHROME = `
:root{--ink:#1f2329;--soft:#6b7280;--line:rgba(0,0,0,.1);--ground:#f4f4f2;--sheet:#fff;--green:#07a35a;--amber:#a15c00;--red:#c62f3a}
@media (prefers-color-scheme:dark){:root{--ink:#e8e8e6;--soft:#9b9b97;--line:rgba(255,255,255,.12);--ground:#161615;--sheet:#1f1f1e;--green:#2fc27a;--amber:#e0a341;--red:#f0707a}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:14px/1.6 system-ui,"PingFang SC","Noto Sans CJK SC","Microsoft YaHei",sans-serif}
input{position:absolute;opacity:0}
header{display:flex;flex-wrap:wrap;gap:8px 16px;align-items:center;padding:12px 24px;border-bottom:1px solid var(--line)}
header span{color:var(--soft);flex:1}
nav{display:flex;border:1px solid var(--line);border-radius:8px;overflow:hidden}
label{padding:4px 14px;color:var(--soft);cursor:pointer}
#phone:checked~header [for=phone],#desktop:checked~header [for=desktop],#day:checked~header [for=day],#night:checked~header [for=night]{background:var(--ink);color:var(--ground)}
#phone:focus-visible~header [for=phone],#desktop:focus-visible~header [for=desktop],#day:focus-visible~header [for=day],#night:focus-visible~header [for=night]{outline:2px solid var(--green);outline-offset:-2px}
main{display:flex;flex-wrap:wrap;gap:32px;justify-content:center;padding:28px 24px}
.screen{max-width:100%;overflow:auto;background:#fff;border-radius:28px;overflow:auto hidden;max-width:100%;box-shadow:0 0 0 1px var(--line),0 12px 40px rgba(0,0,0,.12)}
iframe{display:block;border:0;background:#fff;width:375px;height:calc(100vh - 120px);min-height:560px}
#desktop:checked~main iframe{width:709px}
#desktop:checked~main .screen{border-radius:10px}
#day:checked~main .night,#night:checked~main .day{display:none}
#night:checked~main .screen,.night{background:#191919}
aside{width:340px;display:flex;flex-direction:column;gap:24px}
h2{margin:0 0 10px;font-size:13px;font-weight:600;color:var(--soft)}
.card{background:var(--sheet);border:1px solid var(--line);border-radius:12px;padding:12px;overflow:hidden}
.card img{object-fit:cover;border-radius:6px;background:var(--line)}
.crops{display:flex;gap:8px}
.card .wide{flex:2.35;min-width:0;aspect-ratio:2.35}
.card .square{flex:1;min-width:0;aspect-ratio:1}
.card b{display:block;margin-top:8px;font-size:15px;line-height:1.45}
.card p{margin:6px 0 0;color:var(--soft);font-size:13px}
.card i{display:block;margin-top:6px;color:var(--soft);font-size:12px;font-style:normal}
ul{list-style:none;margin:0;padding:0;background:var(--sheet);border:1px solid var(--line);border-radius:12px}
li{display:flex;gap:10px;padding:10px 12px;border-top:1px solid var(--line)}
li:first-child{border-top:0}
li span{min-width:30px;text-align:right;font-variant-numeric:tabular-nums;color:var(--amber)}
li.error span{color:var(--red)}li.info span{color:var(--soft)}
li code{display:block;color:var(--soft);font-size:12px}
.none{margin:0;color:var(--green)}
@media (max-width:480px){main{padding:12px 0}iframe{width:100vw}.screen{border-radius:0}aside{width:100%;padding:0 16px}header span,nav:last-child{display:none}}
`;
