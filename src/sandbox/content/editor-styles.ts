// The editor's rules for classes and declarations; unknown CSS stays, for its filter is a short list of refusals.
import { OLD_EDITOR, PUBLISHED, RESAVED } from './editor-sources.ts';
import type { TreeRule } from './rule.ts';
import { printStyle, readStyle, rewriteStyles } from './style.ts';
import { rewriteEvery, withAttributes } from './tree.ts';

const RENAMED: Readonly<Record<string, string>> = {
  'text-decoration-line': 'text-decoration',
  '-ms-overflow': 'overflow',
};
const CLASSES: ReadonlySet<string> = new Set(
  [
    'rich_pages list-paddingleft-1 list-paddingleft-2 list-paddingleft-3 selectTdClass noBorderTable',
    'ue-table-interlace-color-single ue-table-interlace-color-double weapp_text_link weapp_image_link h5_image_link',
    'img_loading __bg_gif db video_iframe',
    // Published articles of today hold these as well.
    'wxw-img Powered-by-XIUMI V5 mpa-template mp_profile_iframe_wrp mp_profile_iframe custom_select_card',
  ].flatMap((words) => words.split(' ')),
);
const CLASS_STARTS = /^(editor__content__|js_|cps_inner|bizsvr_|code-snippet|qa__|wx-edui-|wx_video_|blockquote_)/;

export const STYLE_RULES = {
  position: {
    says: 'position leaves, whatever its value; top, left and z-index stay and do nothing',
    effect: 'loss',
    confidence: 'observed',
    source: `${RESAVED}; none in 1,681 published articles. The API keeps it`,
    change: (root, note) =>
      rewriteStyles(root, note, (declaration) => (declaration.name === 'position' ? null : declaration)),
  },
  'custom-property': {
    says: 'a definition of a CSS variable leaves',
    effect: 'loss',
    confidence: 'assumed',
    source: `none in ${PUBLISHED}, one publisher lost all styles to them`,
    change: (root, note) =>
      rewriteStyles(root, note, (declaration) => (declaration.name.startsWith('--') ? null : declaration)),
  },
  'style-name': {
    says: 'text-decoration-line becomes text-decoration, -ms-overflow becomes overflow',
    effect: 'form',
    confidence: 'assumed',
    source: OLD_EDITOR,
    change: (root, note) =>
      rewriteStyles(root, note, (declaration) => {
        const name = RENAMED[declaration.name];
        return name === undefined ? declaration : { ...declaration, name };
      }),
  },
  class: {
    says: 'class names that are not WeChat’s own leave',
    effect: 'form',
    confidence: 'assumed',
    source: `${OLD_EDITOR}; published articles keep a few more, and no class has a look there`,
    change: (root, note) =>
      rewriteEvery(root, (element) => {
        const names = element.attributes.get('class')?.split(/\s+/) ?? [];
        const kept = names.filter((name) => CLASSES.has(name) || CLASS_STARTS.test(name));
        if (kept.length === names.length) return element;
        note();
        return withAttributes(element, { class: kept.length === 0 ? null : kept.join(' ') });
      }),
  },
  'style-form': {
    says: 'a style is written anew as name: value; with every declaration it had',
    effect: 'form',
    confidence: 'observed',
    source: PUBLISHED,
    change: (root, note) =>
      rewriteEvery(root, (element) => {
        const style = element.attributes.get('style');
        const written = style === undefined ? undefined : printStyle(readStyle(style));
        if (style === undefined || written === undefined || written === style) return element;
        note();
        return withAttributes(element, { style: written === '' ? null : written });
      }),
  },
} as const satisfies Readonly<Record<string, TreeRule>>;
