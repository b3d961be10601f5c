// The reader of diagrams that are drawn without a browser: what it lets through and how, and what it leaves to a browser.
import { describe, expect, test } from 'vitest';
import { showMarks } from '../../src/images/plain-labels.ts';
import { readPlain } from '../../src/images/plain-lines.ts';

const read = (source: string) => {
  const got = readPlain(source);
  return got.ok ? got.source.split('\n').slice(1).map(showMarks) : `no: ${got.found}`;
};

describe('a flowchart', () => {
  test.each<readonly [written: string, drawn: readonly string[] | string]>([
    ['A-->B', ['A --> B']],
    ['A --> B --> C;', ['A --> B --> C']],
    ['A & B --> C & D', ['A & B --> C & D']],
    ['A[一] -->|是| B(二)', ['A[一] -->|是| B(二)']],
    ['A--是-->B', ['A -->|是| B']],
    ['A -. "可能" .-> B == 一定 ==> C', ['A -.->|可能| B ==>|一定| C']],
    ['A --- B -.- C === D', ['A --- B -.- C === D']],
    [
      'A([一]) --> B[[二]] --> C[(三)] --> D((四)) --> E(((五))) --> F{{六}} --> G{七}',
      ['A([一]) --> B[[二]] --> C[(三)] --> D((四)) --> E(((五))) --> F{{六}} --> G{七}'],
    ],
    ['A["f(x) [1]"] --> B', ['A[f&#40;x&#41; &#91;1&#93;] --> B']],
    ['A[一<br/>二]', ['A[一<br/>二]']],
    ['开始 --> 结束\n结束[完] --> 开始', ['other_0[开始] --> other_1[完]', 'other_1 --> other_0']],
    ['a-b --> c', ['other_0[a-b] --> c']],
    ['A:::hot --> B\nclassDef hot fill:#f96,stroke:#333', ['A:::hot --> B', 'classDef hot fill:#f96,stroke:#333']],
    [
      'subgraph 组\nA --> B\nend\nsubgraph two [第二]\ndirection LR\nC\nend',
      [...['subgraph group_1 [组]', 'A --> B', 'end', 'subgraph group_2 [第二]', 'direction LR', 'C', 'end']],
    ],
    [
      'A --> B\nsubgraph 甲\nB --> C\nend\nsubgraph 乙\nC --> A\nend\nB[二]',
      [
        ...[
          'A --> B[二]',
          'subgraph group_1 [甲]',
          'B[二] --> C',
          'end',
          'subgraph group_2 [乙]',
          'C --> A[A]',
          'end',
          'B',
        ],
      ],
    ],
    ['%% 注释\nclick A "https://example.com"\naccTitle: 题\nA', ['A']],
    // Drawn otherwise, or not at all.
    ['A <--> B', 'no: A <--> B'],
    ['A --x B', 'no: A --x B'],
    ['A---oB', 'no: A---oB'],
    ['A ---> B', 'no: A ---> B'],
    ['A[/斜/] --> B', 'no: A[/斜/] --> B'],
    ['A>旗] --> B', 'no: A>旗] --> B'],
    ['A@{ shape: doc }', 'no: A@{ shape: doc }'],
    ['A["**粗**"]', 'no: A["**粗**"]'],
    ['A["#quot;"]', 'no: A["#quot;"]'],
    ['A[<img src=x onerror=alert(1)>]', 'no: A[<img src=x onerror=alert(1)>]'],
    ['A["$$x^2$$"]', 'no: A["$$x^2$$"]'],
    ['A[未闭合\nB', 'no: A[未闭合'],
    ['A --> ', 'no: A -->'],
    ['subgraph 组\nA', 'no: A'],
    ['end', 'no: end'],
    ['subgraph g [组]\nA\nend\nB --> g', 'no: subgraph g [组]'],
    ['style A fill:url(https://example.com)', 'no: style A fill:url(https://example.com)'],
    ['A[한국어]', 'no: A[한국어]'],
    ['A[🙂]', 'no: A[🙂]'],
  ])('%s', (written, drawn) => expect(read(`flowchart TD\n${written}`)).toEqual(drawn));
});

describe('other kinds', () => {
  test.each<readonly [written: string, drawn: readonly string[] | string]>([
    [
      'sequenceDiagram\nparticipant W as 微信 (公众号)\n作者->>W: 你好\nW-->>作者: 好: 收到\nW-)W: 记下',
      ['participant W as 微信 &#40;公众号&#41;', ...['作者 ->> W: 你好', 'W -->> 作者: 好: 收到', 'W -) W: 记下']],
    ],
    [
      'sequenceDiagram\nalt 有\nA->>B: 一\nelse\nA->>B: 二\nend',
      ['alt 有', 'A ->> B: 一', 'else ', 'A ->> B: 二', 'end'],
    ],
    ['stateDiagram-v2\n[*] --> 甲\n甲 --> 乙 : 去\n甲 : 第一\nstate 丙 {\n丁 --> [*]\n}', 'no: 甲 : 第一'],
    ['stateDiagram-v2\n[*] --> 甲\n甲 : 第一', ['state "第一" as 甲', '[*] --> 甲']],
    ['stateDiagram-v2\nstate 丙 {\n丁 --> [*]\n}', ['state 丙 {', '丁 --> [*]', '}']],
    [
      'classDiagram\nA<|--B\nclass A {\n+String 名\n+run(int a) bool\n}\nA "1" --> "*" C : 有',
      [...['A  <|--  B', 'class A {', '+String 名', '+run(int a) bool', '}', 'A "1" --> "*" C : 有']],
    ],
    ['erDiagram\nA ||--o{ B : "有 (多)"\nA {\nint id PK\n}', ['A ||--o{ B : 有 &#40;多&#41;', 'A {', 'int id PK', '}']],
    // What the renderer leaves out without a word.
    ...[
      ...['sequenceDiagram\nautonumber', 'sequenceDiagram\nactor A', 'sequenceDiagram\nNote over A: 注'],
      ...['sequenceDiagram\nA->B: 无头', 'sequenceDiagram\nA-xB: 丢', 'sequenceDiagram\nactivate A'],
      ...['sequenceDiagram\nA->>+B: 激活', 'sequenceDiagram\nrect rgb(1,2,3)', 'classDiagram\nA -- B'],
      ...[
        'classDiagram\nclass A~T~',
        'classDiagram\nnamespace N {',
        'classDiagram\ndirection LR',
        'classDiagram\nnote "x"',
      ],
      ...['erDiagram\nA ||--o{ B', 'erDiagram\ndirection LR', 'stateDiagram-v2\nstate a <<choice>>'],
      ...['stateDiagram-v2\nnote right of A', 'stateDiagram-v2\nA --> B\n--', 'stateDiagram-v2\nclassDef x fill:#fff'],
    ].map((written) => [written, `no: ${written.slice(written.lastIndexOf('\n') + 1)}`] as const),
    ['sequenceDiagram\nA->>B: 一\nparticipant A as 甲', 'no: participant A as 甲'],
    ['sequenceDiagram\nloop 一\nopt 二\nA->>B: 三\nend\nend', 'no: opt 二'],
    ['classDiagram\nclass A {\n标题: String\n}', 'no: 标题: String'],
    ['erDiagram\nA {\nint id PK, FK\n}', 'no: int id PK, FK'],
    ['pie\n"甲" : 1', 'no: pie'],
    ['---\ntitle: 题\n---\nflowchart TD\nA', 'no: ---'],
    ['', 'no: '],
  ])('%s', (written, drawn) => expect(read(written)).toEqual(drawn));
});

test('no source takes long', () => {
  for (const unit of ['A --', 'A["', '一二 & ', 'A -- x ', '"a" : ', 'x(', '<br', 'a-', '  '])
    for (const header of ['flowchart TD', 'classDiagram', 'erDiagram', 'sequenceDiagram', 'stateDiagram'])
      expect(readPlain(`${header}\n${unit.repeat(20_000 / unit.length)}`).ok).toBe(unit === '  ');
});
