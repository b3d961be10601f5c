// Every word of the sandbox's page, in English and Chinese; it knows no markup.
import type { ApiRule as FilterRule } from '../content/api.ts';

export type Language = 'en' | 'zh';

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
  readonly filter: string;
  readonly filterNothing: string;
  readonly filterDid: Readonly<Record<FilterRule, string>>;
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
    filter: 'What WeChat’s filter took out',
    filterNothing: 'Nothing. The article is stored byte for byte as it was sent.',
    filterDid: {
      script: 'scripts',
      style: 'style sheets; only inline styles work',
      head: 'parts of a page head',
      page: 'html and body tags',
      comment: 'comments',
      media: 'video, audio, canvas or objects',
      form: 'form controls',
      frame: 'frames that are no WeChat video',
      id: 'id attributes',
      handler: 'event handlers',
      'script-url': 'javascript: addresses',
      'code-space': 'line feeds and runs of spaces in code',
      math: 'MathML, reduced to its text',
      image: 'addresses of images outside WeChat: those images are lost',
      background: 'backgrounds from outside WeChat',
      link: 'links to elsewhere, reduced to their text',
    },
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
    filter: '微信过滤掉了什么',
    filterNothing: '没有，正文按发送的内容逐字节保存。',
    filterDid: {
      script: '脚本',
      style: '样式表（只有行内样式有效）',
      head: '网页头部的内容',
      page: 'html 与 body 标签',
      comment: '注释',
      media: '视频、音频、画布或插件对象',
      form: '表单控件',
      frame: '非微信视频的 iframe',
      id: 'id 属性',
      handler: '事件属性',
      'script-url': 'javascript: 地址',
      'code-space': '代码里的换行和连续空格',
      math: 'MathML 公式，只留下文字',
      image: '微信以外的图片地址，这些图片会丢失',
      background: '微信以外的背景图',
      link: '外部链接，只留下文字',
    },
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
