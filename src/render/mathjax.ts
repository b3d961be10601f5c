// The one door of mathjax-full: TeX to MathJax's own drawing as a tree; loaded when a post first holds a formula.
import type { LiteNode } from 'mathjax-full/js/adaptors/lite/Element.js';
import type { LiteText } from 'mathjax-full/js/adaptors/lite/Text.js';
import { liteAdaptor } from 'mathjax-full/js/adaptors/liteAdaptor.js';
import { RegisterHTMLHandler } from 'mathjax-full/js/handlers/html.js';
import 'mathjax-full/js/input/tex/ams/AmsConfiguration.js';
import 'mathjax-full/js/input/tex/amscd/AmsCdConfiguration.js';
import 'mathjax-full/js/input/tex/base/BaseConfiguration.js';
import 'mathjax-full/js/input/tex/boldsymbol/BoldsymbolConfiguration.js';
import 'mathjax-full/js/input/tex/braket/BraketConfiguration.js';
import 'mathjax-full/js/input/tex/cancel/CancelConfiguration.js';
import 'mathjax-full/js/input/tex/cases/CasesConfiguration.js';
import 'mathjax-full/js/input/tex/centernot/CenternotConfiguration.js';
import 'mathjax-full/js/input/tex/color/ColorConfiguration.js';
import { Configuration } from 'mathjax-full/js/input/tex/Configuration.js';
import 'mathjax-full/js/input/tex/enclose/EncloseConfiguration.js';
import 'mathjax-full/js/input/tex/extpfeil/ExtpfeilConfiguration.js';
import 'mathjax-full/js/input/tex/gensymb/GensymbConfiguration.js';
import 'mathjax-full/js/input/tex/mathtools/MathtoolsConfiguration.js';
import 'mathjax-full/js/input/tex/mhchem/MhchemConfiguration.js';
import 'mathjax-full/js/input/tex/newcommand/NewcommandConfiguration.js';
import { AbstractSymbolMap, CommandMap } from 'mathjax-full/js/input/tex/SymbolMap.js';
import 'mathjax-full/js/input/tex/textcomp/TextcompConfiguration.js';
import 'mathjax-full/js/input/tex/textmacros/TextMacrosConfiguration.js';
import type { ParseMethod } from 'mathjax-full/js/input/tex/Types.js';
import 'mathjax-full/js/input/tex/upgreek/UpgreekConfiguration.js';
import { TeX } from 'mathjax-full/js/input/tex.js';
import { mathjax } from 'mathjax-full/js/mathjax.js';
import { SVG } from 'mathjax-full/js/output/svg.js';
import { type TexFault, toTexFault } from './tex-faults.ts';
import { type Element, element, type Node, text } from './tree.ts';

/** What a formula may use. Nothing that makes links or classes, names characters by number or loads more (`html`, `require`). */
const PACKAGES: readonly string[] = [
  ...['base', 'ams', 'amscd', 'boldsymbol', 'braket', 'cancel', 'cases', 'centernot', 'color', 'enclose', 'extpfeil'],
  ...['gensymb', 'mathtools', 'mhchem', 'newcommand', 'textcomp', 'textmacros', 'upgreek'],
];

/** A formula that cannot be drawn: why, and MathJax's own words for it. */
export class BrokenFormula extends Error {
  readonly fault: TexFault;

  constructor(message: string, fault: TexFault) {
    super(message);
    this.fault = fault;
  }
}

/** Called for each character and command that is read, macros written out; it may throw to end the work. */
let countStep: () => void = () => {};

/** Stands before all other maps, and has nothing to say. */
class StepMap extends AbstractSymbolMap<null> {
  contains(): boolean {
    return false;
  }

  lookup(): null {
    return null;
  }

  override parse(): false {
    countStep();
    return false;
  }
}
new StepMap('wx-steps', () => false);

// A page as WeChat's has no numbers that count and no places to jump to: a tag is a word at the end of its line.
new CommandMap(
  'wx-commands',
  { tag: 'tag', label: 'label', notag: 'nothing', nonumber: 'nothing', require: 'require', ref: 'no', eqref: 'no' },
  {
    tag(parser, name) {
      const isBare = parser.GetStar();
      const words = parser.GetArgument(String(name));
      insert(parser, `\\qquad\\text{${isBare ? words : `(${words})`}}`);
    },
    label: (parser, name) => void parser.GetArgument(String(name)),
    nothing: () => {},
    require(parser, name) {
      const wanted = parser.GetArgument(String(name)).trim().toLowerCase();
      if (!PACKAGES.includes(wanted))
        throw new BrokenFormula('\\require', { problem: 'tex-package', name: wanted.slice(0, 60), other: '' });
    },
    no(_, name) {
      throw new BrokenFormula(String(name), { problem: 'tex-jump', name: String(name), other: '' });
    },
  },
);
Configuration.create('wx', {
  handler: { character: ['wx-steps'], macro: ['wx-commands'] },
  priority: 1,
});
Configuration.create('wx-text', { parser: 'text', handler: { character: ['wx-steps'] }, priority: 1 });

function insert(parser: Parameters<ParseMethod>[0], tex: string): void {
  parser.string = tex + parser.string.slice(parser.i);
  parser.i = 0;
}

/** MathJax's own drawing of a formula: an `svg` element. It knows the definitions that earlier formulas made. */
export type DrawFormula = (tex: string, isBlock: boolean, count: () => void) => Element;

const adaptor = liteAdaptor();
RegisterHTMLHandler(adaptor);

/**
 * A drawing board without definitions. It throws BrokenFormula, what `count` throws, and RangeError for what is nested
 * deeper than the stack.
 */
export function createBoard(): DrawFormula {
  const throwIt = (_: unknown, error: unknown): never => {
    throw error;
  };
  const broken = (_: unknown, { id, message }: { readonly id: string; readonly message: string }): never => {
    throw new BrokenFormula(message, toTexFault(id, message));
  };
  const input = new TeX({
    packages: ['wx', ...PACKAGES],
    textmacros: { packages: ['text-base', 'wx-text'] },
    formatError: broken,
    maxMacros: 1_000,
    maxBuffer: 20_000,
  });
  const page = mathjax.document('', {
    InputJax: input,
    OutputJax: new SVG({ fontCache: 'none' }),
    compileError: (_: unknown, __: unknown, error: unknown) => throwIt(_, error),
    typesetError: (_: unknown, __: unknown, error: unknown) => throwIt(_, error),
  });
  return (tex, isBlock, count) => {
    countStep = count;
    const drawn = page.convert(tex, { display: isBlock, em: 16, ex: 8, containerWidth: 1_000_000 });
    const [svg] = adaptor.childNodes(drawn).map(toNode);
    return svg?.kind === 'element' ? svg : element('svg');
  };
}

function toNode(node: LiteNode): Node {
  if (node.kind === '#text' || node.kind === '#comment') return text((node as LiteText).value);
  const { kind, attributes, children } = node as Exclude<LiteNode, LiteText>;
  const attrs = Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, String(value)]));
  return element(kind, children.map(toNode), { attrs });
}
