// Finds lines the author meant to replace, such as （此处应配图：…）, because readers should never see them.
import { finding } from '../../facts/findings.ts';
import type { PassContext } from '../pass.ts';
import { type Element, rewrite, toText } from '../tree.ts';

const HERE = '(?:此处|这里|该处|此|这)?(?:应该?|需要?|待|请|可)?(?:再|先)?';
const PUT = '(?:配上?|插入?|补充?|放|添加?|加上?|来)一?[张幅个]?';
const PICTURE = '(?:配图|插图|图片|截图|图)';
const REST = '(?:[:：,，\\s].*)?';

/** Whole paragraphs that are placeholders. A picture credit such as （图：新华社） is none. */
const PATTERNS: readonly RegExp[] = [
  new RegExp(`^[（(【[]${HERE}${PUT}${PICTURE}${REST}[）)】\\]]$`, 's'),
  new RegExp(`^[（(【[]${PICTURE}(?:占位符?|待补充?|待定|待插入|待添加|暂缺)${REST}[）)】\\]]$`, 's'),
  /^[（(【[]?(?:TODO|TBD|FIXME|待补充|待续写|待完善|内容待定|占位)[）)】\]]?(?:[:：].*)?$/s,
];

export function handlePlaceholders(root: Element, { settings, report }: PassContext): Element {
  return rewrite(root, (element) => {
    if (element.tag !== 'p') return element;
    const text = toText(element).trim();
    if (text.length > 200 || !PATTERNS.some((pattern) => pattern.test(text))) return element;
    const severity = ({ warn: 'warning', drop: 'info', error: 'error' } as const)[settings.placeholders];
    report(finding('placeholder', element.at ?? { line: 1, column: 1 }, { text }, severity));
    return settings.placeholders === 'drop' ? [] : element;
  });
}
