// A theme tried on a page that has every element: the texts on it that cannot be read, by day or at night; it judges no CSS.
import { byPlace, type Finding, finding, type Place } from '../facts/findings.ts';
import { judgeText, type SeenText, seeTexts } from './contrast.ts';
import { readCss } from './css-text.ts';
import { printColour, toColour } from './darkmode.ts';
import { parseHtml } from './html.ts';
import { render } from './render.ts';
import type { Theme } from './theme.ts';
import { createPlaces } from './theme-rules.ts';
import { readVars, resolveValue } from './theme-vars.ts';

/** Every element with text that a theme can colour, and code with a word of each kind. */
export const TRIAL_PAGE = `
# 一级

正文、**粗体**、*斜体*、*Latin*、~~删除~~、\`代码\`、[文章](https://mp.weixin.qq.com/s/a)、[别处](https://example.com)、**\`粗码\`**、**[粗链](https://mp.weixin.qq.com/s/b)**，
<kbd>键</kbd><mark>标记 **粗** \`码\`</mark><u>线</u><small>小</small>H<sub>2</sub>O x<sup>2</sup> 脚注[^1]。正文的颜色是全文用得最多的颜色，所以这一段写得长一些，好让它在每一种主题里都是最长的一段。

## 二级 \`代码\`

- 一 **粗** \`码\`
  - 二
    - 三

3. 三

- [x] 做完

### 三级

> 引用 **粗** \`码\` [链](https://mp.weixin.qq.com/s/c) [别处](https://example.com/c)
>
> > 再引用
>
> - 列表

> [!NOTE]
> 说明 **粗** \`码\` [链](https://mp.weixin.qq.com/s/d)

> [!TIP]
> 提示

> [!IMPORTANT]
> 重要

> [!WARNING]
> 注意

> [!CAUTION]
> 警告

#### 四级

| 一 | **二** |
| --- | --- |
| 甲 **粗** | \`码\` |
| 乙 | [链](https://mp.weixin.qq.com/s/e) |

##### 五级

\`\`\`js {2} title="题.js" showLineNumbers
// 注释
@meta export class A extends B { static n = 1; f(x = 'a', y = /b/) { return await x.g(\`\${y}\`) ?? null; } }
\`\`\`

\`\`\`js
const a = f('a', 1); // [!code ++]
const b = f('b', 2); // [!code --]
const c = f('c', 3); // [!code warning]
const d = f('d', 4); // [!code error]
\`\`\`

\`\`\`css
#id .c > a:hover::before, [x="y"] { color: #333 !important; }
\`\`\`

\`\`\`html
<!-- 注释 --><a href="b">c</a>
\`\`\`

\`\`\`diff
- 旧
+ 新
\`\`\`

\`\`\`yaml
- a: &b 1
\`\`\`

\`\`\`markdown
# 题
> 引 **粗** *斜* [链](a)
\`\`\`

\`\`\`
没有语言
\`\`\`

###### 六级

![图](/a.png "题")

---

<details><summary>折叠 **粗**</summary>

内容 **粗** \`码\`

</details>

<center>居中</center>

*附注*

[^1]: 脚注 **粗** \`码\`
`;

const SETTINGS = { caption: 'title', placeholders: 'warn', links: 'notes', breaks: false, compact: false } as const;

/** Every text of the trial page under a theme. */
export async function tryTheme(theme: Theme): Promise<readonly SeenText[]> {
  const { html } = await render({ markdown: TRIAL_PAGE, firstLine: 1, title: null }, { theme, settings: SETTINGS });
  return seeTexts(parseHtml(html));
}

/**
 * The pairs of colours that are too near each other, each once, at the place that says one of them.
 *
 * @param css the theme's own text; base.css and the code theme are in `theme`
 */
export async function checkContrast(theme: Theme, css: string): Promise<readonly Finding[]> {
  const findPlace = createColourPlaces(theme, css);
  const found = new Map<string, Finding>();
  for (const text of await tryTheme(theme)) {
    const faint = judgeText(text);
    if (faint === null) continue;
    const { wished, kind, light } = text;
    const ground = printColour(light.ground);
    const key = `${wished} ${ground} ${kind}`;
    if (found.has(key)) continue;
    const args = {
      ...faint,
      ratio: faint.ratio.toFixed(2),
      text: text.text.trim().slice(0, 20),
      colour: wished,
      ground,
    };
    found.set(key, finding('theme-contrast', findPlace(wished, ground), args));
  }
  return [...found.values()].sort(byPlace);
}

const START: Place = { line: 1, column: 1 };

/** Where a theme's own text says a colour of text, else a ground; its beginning where it says neither. */
function createColourPlaces(theme: Theme, css: string): (colour: string, ground: string) => Place {
  const vars = readVars(theme.css, theme.vars);
  const toPlace = createPlaces(css);
  const declarations = readCss(css).blocks.flatMap((block) => block.declarations);
  const find = (names: RegExp, colour: string): Place | null => {
    const said = declarations.find(({ name, value }) => {
      const its = names.test(name) ? toColour(resolveValue(value, vars, () => '')) : null;
      return its !== null && printColour(its) === colour;
    });
    return said === undefined ? null : toPlace(said.at);
  };
  return (colour, ground) =>
    find(/^color$/, colour) ?? find(/^--/, colour) ?? find(/^background(?:-color)?$/, ground) ?? START;
}
