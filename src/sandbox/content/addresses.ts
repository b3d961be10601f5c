// Which addresses WeChat takes for its own: pictures, videos, articles; it knows no HTML.

const IMAGE_HOSTS = /^(https?:)?\/\/(mmbiz\.qpic\.cn|mmbiz\.qlogo\.cn|mmecoa\.qpic\.cn)(?=[/?#]|$)/i;
/** Those that the older editor left where they are; published articles hold mmecoa.qpic.cn as well. */
const EDITOR_HOSTS =
  /^(https?:)?\/\/((m|mmbiz|mmsns|mmecoa)\.qpic\.cn|mmbiz\.qlogo\.cn|mp\.weixin\.qq\.com|res\.wx\.qq\.com|[ab]\d*\.photo\.store\.qq\.com)(?=[/?#]|$)/i;
const VIDEO_HOSTS = /^(https?:)?\/\/(mp\.weixin\.qq\.com|v\.qq\.com)\//i;
const WECHAT_PAGE = /^(https?:)?\/\/mp\.weixin\.qq\.com(?=[/?#]|$)/i;
const ARTICLE = /^https?:\/\/mp\.weixin\.qq\.com\/(s[?/]|mp\/(appmsg\/show|qa|homepage|appmsgalbum)\?)/i;

/** A picture that the API lets stand: what media/uploadimg gives, or an older host of WeChat's. */
export function isWechatImage(address: string): boolean {
  return IMAGE_HOSTS.test(address.trim());
}

/** A picture that the editor does not fetch anew. */
export function isEditorImage(address: string): boolean {
  return EDITOR_HOSTS.test(address.trim());
}

export function isWechatVideo(address: string): boolean {
  return VIDEO_HOSTS.test(address);
}

/** A published article, or one of the few other pages that articles may link to. */
export function isArticle(address: string): boolean {
  return ARTICLE.test(address);
}

/** Any page of WeChat's own domain. */
export function isWechatPage(address: string): boolean {
  return WECHAT_PAGE.test(address);
}

export function isScript(address: string): boolean {
  return /^(javascript|vbscript):/i.test(address.replace(/[\u0000-\u0020]/g, ''));
}
