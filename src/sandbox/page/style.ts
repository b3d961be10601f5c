// How the sandbox's page looks, and the frame a reader's client puts around an article; it holds no words.

/** The page around the article. Everything is a system font and a flat surface: the article is what is looked at. */
export const PAGE_CSS = `
:root {
  color-scheme: light dark;
  --ground: #f4f4f2; --sheet: #fff; --ink: #1b1c1a; --soft: #565953; --faint: #70736c;
  --line: rgba(0, 0, 0, .09); --pill: #fff; --accent: #057a43; --accent-soft: #e3f4ea; --warn: #8a5300;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #131413; --sheet: #1d1e1d; --ink: #e8e9e6; --soft: #adb0a9; --faint: #8f928a;
    --line: rgba(255, 255, 255, .1); --pill: #40433f; --accent: #4fcf8c; --accent-soft: #173226; --warn: #f0c067;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--ground); color: var(--ink);
  font: 15px/1.55 system-ui, -apple-system, "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif;
}
a { color: inherit; text-decoration: none; }
a:focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; border-radius: 4px; }
h1, h2, h3, p, dl, dd, ul { margin: 0; padding: 0; }
code { font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
.wrap { max-width: 1152px; margin: 0 auto; padding: 0 24px 72px; }

.top { display: flex; align-items: center; gap: 12px; padding: 20px 0; }
.brand { display: flex; align-items: center; gap: 10px; font-weight: 600; }
.mark { width: 22px; height: 22px; flex: none; }
.mark rect { fill: var(--accent); }
.mark path { fill: none; stroke: var(--ground); stroke-width: 2; stroke-linecap: round; }
.spring { flex: 1; }
.quiet { color: var(--soft); }
.quiet:hover, .back:hover { color: var(--ink); }

.lead { padding: 20px 0 36px; display: flex; flex-wrap: wrap; gap: 24px 56px; align-items: end; }
.lead h1 { font-size: 34px; line-height: 1.2; letter-spacing: -.015em; font-weight: 650; }
.lead h1 span { color: var(--faint); font-weight: 400; margin-left: 10px; font-variant-numeric: tabular-nums; }
.lead p { color: var(--soft); margin-top: 8px; max-width: 34em; }
.lead > div { flex: 1 1 340px; }
.who { display: flex; flex-wrap: wrap; gap: 8px 32px; }
.who dt, .facts dt { color: var(--faint); font-size: 13px; }

.cards { list-style: none; display: grid; gap: 24px; grid-template-columns: repeat(auto-fill, minmax(320px, 1fr)); }
.card { display: flex; flex-direction: column; height: 100%; background: var(--sheet); border-radius: 12px; overflow: hidden; box-shadow: 0 0 0 1px var(--line); transition: box-shadow .15s; }
.card:hover { box-shadow: 0 0 0 1px var(--line), 0 8px 24px rgba(0, 0, 0, .1); }
.cover { display: block; width: 100%; background: var(--line); }
.wide { aspect-ratio: 2.35; }
.square { aspect-ratio: 1; }
.bare { display: grid; place-items: center; color: var(--faint); font-size: 13px; }
.card .text { padding: 16px 18px 18px; display: flex; flex-direction: column; gap: 6px; flex: 1; }
.card h2 { font-size: 17px; line-height: 1.4; font-weight: 600; text-wrap: pretty; }
.clamp { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; }
.card .digest { color: var(--soft); font-size: 14px; }
.meta { color: var(--faint); font-size: 13px; display: flex; flex-wrap: wrap; gap: 2px 14px; margin-top: auto; padding-top: 8px; font-variant-numeric: tabular-nums; }

.empty { background: var(--sheet); border-radius: 12px; box-shadow: 0 0 0 1px var(--line); padding: 56px 24px; text-align: center; }
.empty h2 { font-size: 19px; font-weight: 600; }
.empty p { color: var(--soft); max-width: 30em; margin: 8px auto 0; text-wrap: balance; }

.bench { display: grid; grid-template-columns: minmax(0, 1fr) 340px; gap: 40px; align-items: start; }
.bar { display: flex; flex-wrap: wrap; gap: 12px; align-items: center; padding-bottom: 20px; }
.switch { display: inline-flex; padding: 3px; gap: 2px; border-radius: 9px; background: var(--line); font-size: 14px; }
.switch a { padding: 4px 14px; border-radius: 7px; color: var(--soft); }
.switch a[aria-current] { background: var(--pill); color: var(--ink); box-shadow: 0 1px 2px rgba(0, 0, 0, .14); font-weight: 500; }
.stage { display: flex; justify-content: center; }
.device { background: #fff; box-shadow: 0 0 0 1px var(--line), 0 18px 48px rgba(0, 0, 0, .13); overflow: hidden; }
.device.dark { background: #191919; }
.device.phone { width: 375px; border-radius: 30px; }
.device.desktop { width: 677px; max-width: 100%; border-radius: 10px; }
.device header { display: flex; align-items: center; justify-content: space-between; height: 44px; padding: 0 18px; color: #1b1c1a; background: #ededed; font-size: 15px; font-weight: 500; }
.device.dark header { background: #111; color: #d1d1d1; }
.device header svg { width: 18px; height: 18px; fill: none; stroke: currentColor; stroke-width: 1.6; stroke-linecap: round; stroke-linejoin: round; }
.device.desktop header { justify-content: flex-start; gap: 8px; }
.device.desktop header i { width: 11px; height: 11px; border-radius: 50%; background: rgba(128, 128, 128, .35); }
.device.desktop header span { margin: 0 auto; padding-right: 50px; font-size: 12px; font-weight: 400; color: #8a8a8a; }
.device iframe { display: block; width: 100%; border: 0; height: max(560px, calc(100vh - 232px)); }
.device.phone iframe { height: clamp(560px, calc(100vh - 232px), 720px); }

.facts { display: grid; gap: 18px; }
.facts section { background: var(--sheet); border-radius: 12px; box-shadow: 0 0 0 1px var(--line); padding: 18px; display: grid; gap: 14px; }
.facts h2 { font-size: 13px; font-weight: 600; }
.facts dl { display: grid; gap: 12px; }
.facts dt { display: flex; justify-content: space-between; gap: 12px; font-variant-numeric: tabular-nums; }
.facts dd { overflow-wrap: anywhere; }
.facts dd.soft, .facts .soft { color: var(--soft); }
.facts dd small { display: block; color: var(--faint); font-size: 13px; }
.pair { display: grid; grid-template-columns: 2.35fr 1fr; gap: 12px; }
.pair figure { margin: 0; }
.pair .cover { border-radius: 6px; overflow: hidden; height: auto; }
.pair figcaption { color: var(--faint); font-size: 12px; margin-top: 6px; line-height: 1.4; }
.halves { display: grid; grid-template-columns: 1fr 1fr; gap: 12px; }
.list { list-style: none; display: grid; gap: 8px; }
.list a { display: block; padding: 8px 10px; margin: 0 -10px; border-radius: 8px; color: var(--soft); }
.list a[aria-current] { background: var(--accent-soft); color: var(--ink); }
.took { list-style: none; display: grid; gap: 8px; }
.took li { display: grid; grid-template-columns: 44px 1fr; gap: 8px; }
.took b { font-weight: 600; color: var(--warn); font-variant-numeric: tabular-nums; white-space: nowrap; }
.took small { color: var(--faint); font-size: 12px; white-space: nowrap; }
#stage h2 { font-size: 15px; }
#stage .soft { font-size: 14px; }
details .took { margin: 8px 0 14px; color: var(--soft); font-size: 14px; }
details .took b { color: var(--soft); font-weight: 400; }
details summary { cursor: pointer; padding: 3px 0; color: var(--soft); font-size: 13px; }
details summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; border-radius: 4px; }
details pre { margin: 8px 0 0; max-height: 320px; overflow: auto; font: 12px/1.6 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; white-space: pre-wrap; overflow-wrap: anywhere; color: var(--soft); }
.way .switch { flex: 1 1 100%; }
.way .switch a { flex: 1; text-align: center; padding: 4px 8px; }
.note { display: none; flex: 1; justify-content: space-between; gap: 12px; font-size: 14px; }

@media (max-width: 1020px) { .note { display: flex; } .bench { grid-template-columns: minmax(0, 1fr); } .facts { max-width: 677px; width: 100%; margin: 0 auto; } }
@media (max-width: 560px) {
  .wrap { padding: 0 16px 48px; }
  .top { padding: 14px 0; }
  .lead { padding: 8px 0 24px; }
  .lead h1 { font-size: 27px; }
  .cards { grid-template-columns: minmax(0, 1fr); gap: 16px; }
  .bar { padding-bottom: 14px; justify-content: space-between; }
  .bar .spring { flex-basis: 100%; margin-top: -12px; }
  .bar .switch a { padding: 4px 18px; }
  .way .switch a { padding: 4px 4px; }
  .stage { margin: 0 -16px; }
  .device.phone, .device.desktop { width: 100%; border-radius: 0; box-shadow: 0 1px 0 var(--line), 0 -1px 0 var(--line); }
  .device iframe, .device.phone iframe { height: calc(100vh - 120px); min-height: 520px; }
}
`;

/** What a reader's client adds around an article: the page, the head, and the rules it forces on the body. */
export const ARTICLE_CSS = `
:root { color-scheme: light; --page: #fff; --ink: rgba(0, 0, 0, .9); --soft: rgba(0, 0, 0, .3); --link: #576b95; }
:root.dark { color-scheme: dark; --page: #191919; --ink: #a3a3a3; --soft: rgba(255, 255, 255, .3); --link: #7d90a9; }
html { background: var(--page); -webkit-text-size-adjust: 100%; }
body {
  margin: 0 auto; padding: 20px 16px 32px; max-width: 677px; color: var(--ink); background: var(--page);
  font: 17px/1.6 "mp-quote", "PingFang SC", system-ui, -apple-system, "Helvetica Neue", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", Arial, sans-serif;
  letter-spacing: .034em;
}
.reader-title { font-size: 22px; line-height: 1.4; font-weight: 500; margin: 0 0 14px; letter-spacing: 0; color: var(--ink); overflow-wrap: anywhere; }
.reader-meta { font-size: 15px; line-height: 1.4; color: var(--soft); margin: 0 0 22px; letter-spacing: 0; }
.reader-meta span { margin-right: 10px; }
.reader-source { margin: 28px 0 0; color: var(--link); font-size: 17px; letter-spacing: 0; }
.rich_media_content { text-align: justify; overflow: hidden; }
.rich_media_content * { max-width: 100% !important; box-sizing: border-box !important; word-wrap: break-word !important; }
.rich_media_content img { height: auto !important; }
.rich_media_content p { margin: 0; clear: both; min-height: 1em; }
.rich_media_content a { color: var(--link); text-decoration: none; }
.rich_media_content blockquote { margin: 0; padding-left: 10px; border-left: 3px solid #dbdbdb; font-size: 15px; color: rgba(0, 0, 0, .5); }
.rich_media_content ul { padding-left: 1.2em; } .rich_media_content ol { padding-left: 2.2em; }
.rich_media_content h1, .rich_media_content h2, .rich_media_content h3, .rich_media_content h4, .rich_media_content h5, .rich_media_content h6 { margin: 0; font-weight: 400; font-size: 16px; }
`;
