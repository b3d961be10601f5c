// Every word of the sandbox's page, in English and Chinese; it knows no markup.
import type { Stage } from '../content/stages.ts';
import type { Confidence } from '../evidence.ts';

export type Language = 'en' | 'zh';

export interface StageWords {
  readonly tab: string;
  readonly title: string;
  readonly says: string;
  readonly nothing: string;
}

export interface Words {
  readonly name: string;
  readonly promise: string;
  readonly otherLanguage: string;
  readonly drafts: string;
  readonly none: string;
  readonly noneHow: string;
  readonly address: string;
  readonly account: string;
  readonly kind: string;
  readonly profile: Readonly<Record<string, string>>;
  readonly allDrafts: string;
  readonly phone: string;
  readonly desktop: string;
  readonly light: string;
  readonly dark: string;
  readonly view: string;
  readonly theme: string;
  readonly articles: string;
  readonly noCover: string;
  readonly coverWide: string;
  readonly coverSquare: string;
  readonly title: string;
  readonly author: string;
  readonly digest: string;
  readonly digestFilled: string;
  readonly source: string;
  readonly readMore: string;
  readonly comments: string;
  readonly commentsOff: string;
  readonly commentsAll: string;
  readonly commentsFans: string;
  readonly created: string;
  readonly updated: string;
  readonly mediaId: string;
  readonly none1: string;
  readonly stage: string;
  readonly stages: Readonly<Record<Stage, StageWords>>;
  readonly sure: Readonly<Record<Confidence, string>>;
  readonly refused: (errcode: number | null) => string;
  /** How many kinds of changes a reader notices. */
  readonly losses: (kinds: number) => string;
  readonly forms: (kinds: number) => string;
  readonly html: (characters: string) => string;
  readonly missing: string;
  readonly missingHow: string;
  readonly images: (count: number) => string;
  readonly more: (count: number) => string;
  readonly times: (count: number) => string;
}

export const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    name: 'WeChat sandbox',
    promise: 'A stand-in for an Official Account on this computer. Nothing here reaches WeChat.',
    otherLanguage: '中文',
    drafts: 'Drafts',
    none: 'The draft box is empty',
    noneHow: 'Send a draft to this address with the AppID above; it will show up here as its readers would see it.',
    address: 'API root',
    account: 'AppID',
    kind: 'Account',
    profile: {
      'personal-unverified': 'Personal, unverified',
      verified: 'Verified subscription',
      service: 'Service account',
      test: 'Test account',
    },
    allDrafts: 'All drafts',
    phone: 'Phone',
    desktop: 'Desktop',
    light: 'Light',
    dark: 'Dark',
    view: 'Screen',
    theme: 'Mode',
    articles: 'Articles',
    noCover: 'No cover',
    coverWide: 'In the message list, 2.35:1',
    coverSquare: 'Shared, 1:1',
    title: 'Title',
    author: 'Author',
    digest: 'Digest',
    digestFilled: 'Not sent; WeChat fills in the first 54 characters.',
    source: 'Source link',
    readMore: 'Read more',
    comments: 'Comments',
    commentsOff: 'Closed',
    commentsAll: 'Open to everybody',
    commentsFans: 'Open to followers',
    created: 'Created',
    updated: 'Updated',
    mediaId: 'Media ID',
    none1: 'None',
    stage: 'On its way',
    stages: {
      api: {
        tab: 'API',
        title: 'What the API stores',
        says: 'The article as draft/add keeps it.',
        nothing: 'Nothing is taken out: it is stored byte for byte as it was sent.',
      },
      editor: {
        tab: 'Editor',
        title: 'What the editor makes of it',
        says: 'The draft is opened in WeChat’s backend and saved.',
        nothing: 'Nothing is lost.',
      },
      clipboard: {
        tab: 'Paste',
        title: 'If it were pasted',
        says: 'The same article, copied from a browser into the editor instead of sent.',
        nothing: 'Nothing is lost.',
      },
      reader: {
        tab: 'Reader',
        title: 'What a reader sees',
        says: 'The saved article in the app, under the styles the app forces.',
        nothing: 'Nothing is lost.',
      },
    },
    sure: { documented: 'documented', observed: 'observed', assumed: 'assumed' },
    refused: (errcode) => (errcode === null ? 'or is not saved' : `or is not saved: ${errcode}`),
    losses: (kinds) => (kinds === 0 ? 'nothing lost' : kinds === 1 ? '1 kind of loss' : `${kinds} kinds of loss`),
    forms: (kinds) => (kinds === 1 ? '1 kind of change in markup only' : `${kinds} kinds of changes in markup only`),
    html: (characters) => `HTML, ${characters} characters`,
    missing: 'There is no such draft',
    missingHow: 'It was deleted, or it belongs to another state folder.',
    images: (count) => (count === 1 ? '1 image' : `${count} images`),
    more: (count) => `+${count} more`,
    times: (count) => `${count}×`,
  },
  zh: {
    name: '微信沙箱',
    promise: '本机上的公众号替身，这里的一切都不会发到微信。',
    otherLanguage: 'English',
    drafts: '草稿',
    none: '草稿箱是空的',
    noneHow: '用上面的 AppID 把草稿发到这个地址，它就会以读者看到的样子出现在这里。',
    address: '接口地址',
    account: 'AppID',
    kind: '账号类型',
    profile: {
      'personal-unverified': '个人主体，未认证',
      verified: '已认证公众号',
      service: '服务号',
      test: '测试号',
    },
    allDrafts: '全部草稿',
    phone: '手机',
    desktop: '电脑',
    light: '浅色',
    dark: '深色',
    view: '屏幕',
    theme: '模式',
    articles: '文章',
    noCover: '无封面',
    coverWide: '消息列表，2.35:1',
    coverSquare: '转发卡片，1:1',
    title: '标题',
    author: '作者',
    digest: '摘要',
    digestFilled: '未填写，微信会取正文前 54 个字。',
    source: '原文链接',
    readMore: '阅读原文',
    comments: '留言',
    commentsOff: '关闭',
    commentsAll: '所有人可留言',
    commentsFans: '仅粉丝可留言',
    created: '创建',
    updated: '更新',
    mediaId: 'Media ID',
    none1: '无',
    stage: '经过的环节',
    stages: {
      api: {
        tab: '接口',
        title: '接口存下的样子',
        says: '文章经 draft/add 保存之后。',
        nothing: '没有去掉任何内容，按发送的字节原样保存。',
      },
      editor: {
        tab: '编辑器',
        title: '编辑器改过的样子',
        says: '在公众号后台打开草稿并保存之后。',
        nothing: '没有损失。',
      },
      clipboard: {
        tab: '粘贴',
        title: '如果是粘贴进去的',
        says: '同一篇文章不经接口，而是从浏览器复制到编辑器。',
        nothing: '没有损失。',
      },
      reader: {
        tab: '读者',
        title: '读者看到的样子',
        says: '保存后的文章在微信里打开，套上微信强制的样式。',
        nothing: '没有损失。',
      },
    },
    sure: { documented: '官方文档', observed: '有人实测', assumed: '推测' },
    refused: (errcode) => (errcode === null ? '或无法保存' : `或无法保存：${errcode}`),
    losses: (kinds) => (kinds === 0 ? '没有损失' : `${kinds} 种损失`),
    forms: (kinds) => `${kinds} 种只改写法的变化`,
    html: (characters) => `HTML，${characters} 个字符`,
    missing: '没有这篇草稿',
    missingHow: '它已被删除，或属于另一个状态目录。',
    images: (count) => `${count} 张图`,
    more: (count) => `另有 ${count} 篇`,
    times: (count) => `${count} 处`,
  },
};

/** Chinese when the browser asks for it before English, or when the page was asked for by name. */
export function toLanguage(asked: string | null, acceptLanguage: string): Language {
  if (asked === 'zh' || asked === 'en') return asked;
  const first = acceptLanguage.toLowerCase().match(/\b(zh|en)\b/)?.[1];
  return first === 'zh' ? 'zh' : 'en';
}
