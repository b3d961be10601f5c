// Where several of the editor's rules come from.

/** Rules of before 2022 whose like in today's editor nobody has published: assumed, unless somebody saw them since. */
export const OLD_EDITOR = 'page scripts of the older editor (about 2017 to 2021)';
export const RESAVED = 'one publisher saved an API draft in the backend and read it again, 2026-04';
export const PUBLISHED = '21 published articles in wechatjs/verify-article-structure-spec';
export const SPEC = 'developers.weixin.qq.com/doc/subscription/guide/product/plugin_spec.html';
