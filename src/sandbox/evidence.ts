// How sure a belief about WeChat is, and where it comes from; the shape every table of this folder shares.

/** `documented`: an official page says so. `observed`: publishers reported live answers. `assumed`: our reading. */
export type Confidence = 'documented' | 'observed' | 'assumed';

export interface Evidence {
  readonly confidence: Confidence;
  readonly source: string;
}

const SUBSCRIPTION = 'developers.weixin.qq.com/doc/subscription/api';

/** Pages that several tables quote. */
export const PAGES = {
  token: `${SUBSCRIPTION}/base/api_getaccesstoken.html`,
  stableToken: `${SUBSCRIPTION}/base/api_getstableaccesstoken.html`,
  tokenOverlap: 'developers.weixin.qq.com/doc/oplatform/developers/dev/AccessToken.html',
  uploadImage: `${SUBSCRIPTION}/material/permanent/api_uploadimage.html`,
  addMaterial: `${SUBSCRIPTION}/material/permanent/api_addmaterial.html`,
  listMaterial: `${SUBSCRIPTION}/material/permanent/api_batchgetmaterial.html`,
  draftAdd: `${SUBSCRIPTION}/draftbox/draftmanage/api_draft_add.html`,
  draftUpdate: `${SUBSCRIPTION}/draftbox/draftmanage/api_draft_update.html`,
  draftGet: `${SUBSCRIPTION}/draftbox/draftmanage/api_getdraft.html`,
  draftDelete: `${SUBSCRIPTION}/draftbox/draftmanage/api_draft_delete.html`,
  draftList: `${SUBSCRIPTION}/draftbox/draftmanage/api_draft_batchget.html`,
  publishGuide: 'developers.weixin.qq.com/doc/subscription/guide/product/publish.html',
  publishList: `${SUBSCRIPTION}/public/api_freepublish_batchget.html`,
  quotas: 'developers.weixin.qq.com/doc/service/Message_Management/API_Call_Limits.html',
  codes: 'developers.weixin.qq.com/doc/oplatform/developers/errCode/errCode.html',
} as const;

/** 12345 as 12,345; the words of rules are made at the start, and Intl would take longer for it than all the rest. */
export function groupDigits(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
}
