// Puts a drawing in the place of each formula, since WeChat shows no MathML and has no fonts for it; what cannot be drawn is code.
import { finding } from '../../facts/findings.ts';
import { LIMITS } from '../../facts/limits.ts';
import type { PassContext } from '../pass.ts';
import { type Element, element, isElement, type Node, rewrite, text, toText } from '../tree.ts';

export function drawFormulas(root: Element, { drawMath, report }: PassContext): Element {
  return rewrite(root, (node) => {
    if (node.tag !== 'wx-math') return isUndrawn(node) ? asCode(node) : node;
    const tex = node.attrs['tex'] ?? '';
    const drawn = drawMath(tex, node.attrs['is'] === 'block');
    if (!('is' in drawn)) return { ...drawn, at: node.at };
    const at = node.at ?? { line: 1, column: 1 };
    if (drawn.is === 'broken')
      report(finding('math-broken', at, { detail: drawn.reason.slice(0, 200), ...drawn.fault }));
    else report(finding('math-too-much', at, { max: LIMITS.formula.value, all: LIMITS.formulas.value }));
    return element('code', [text(toText(node))], { at: node.at });
  });
}

/** A block of which only the source is left. */
function isUndrawn({ tag, attrs, children }: Element): boolean {
  return tag === 'section' && attrs['class'] === 'math' && isElement(children[0], 'code');
}

function asCode({ children, at }: Element): Element {
  const source: Node = text(children.map(toText).join(''));
  return element('pre', [element('code', [source])], { at });
}
