// Who renders: each a function that loads what it needs and gives a function from a post's text to its HTML.
import { readFileSync } from 'node:fs';
import { splitPost } from './texts.mjs';

const read = (path) => readFileSync(new URL(`../themes/${path}`, import.meta.url), 'utf8');

async function loadMarked() {
  const { Marked } = await import('marked');
  const marked = new Marked();
  return (text) => marked.parse(splitPost(text).body);
}

export const CONTESTANTS = {
  marked: loadMarked,
  'highlight.js': async () => {
    const { default: highlighter } = await import('highlight.js/lib/core');
    const { default: javascript } = await import('highlight.js/lib/languages/javascript');
    highlighter.registerLanguage('js', javascript);
    return (text) => {
      for (const [, code] of text.matchAll(/^```js\n(.*?)^```/gms))
        highlighter.highlight(code, { language: 'js', ignoreIllegals: true });
    };
  },
  wxsync: async () => {
    const { renderPost } = await import('../dist/index.js');
    return async (text) => (await renderPost(splitPost(text).post)).html;
  },
  'marked + juice': async () => {
    const { default: juice } = await import('juice');
    const toHtml = await loadMarked();
    const css = `${read('base.css')}\n${read('default.css')}`;
    return (text) => juice.inlineContent(`<section class="wx">${toHtml(text)}</section>`, css);
  },
  'wenyan-core': async () => {
    const { renderStyledContent } = await import('@wenyan-md/core/wrapper');
    const options = { themeId: 'default', hlThemeId: 'solarized-light', isMacStyle: true, isAddFootnote: true };
    return (text) => renderStyledContent(splitPost(text).body, options);
  },
};
