// The list of endpoints; one that is not here is answered 40066.
import type { Endpoint } from './endpoint.ts';
import { draftAdd } from './endpoints/draft-add.ts';
import { draftBatchget } from './endpoints/draft-batchget.ts';
import { draftCount } from './endpoints/draft-count.ts';
import { draftDelete } from './endpoints/draft-delete.ts';
import { draftGet } from './endpoints/draft-get.ts';
import { draftUpdate } from './endpoints/draft-update.ts';
import { freepublishBatchget } from './endpoints/freepublish-batchget.ts';
import { getApiDomainIp } from './endpoints/get-api-domain-ip.ts';
import { materialAddMaterial } from './endpoints/material-add-material.ts';
import { materialBatchgetMaterial } from './endpoints/material-batchget-material.ts';
import { mediaUploadimg } from './endpoints/media-uploadimg.ts';
import { stableToken } from './endpoints/stable-token.ts';
import { token } from './endpoints/token.ts';

/** All endpoints, in the order of the evidence page. */
export const ENDPOINTS: readonly Endpoint[] = [
  token,
  stableToken,
  getApiDomainIp,
  mediaUploadimg,
  materialAddMaterial,
  materialBatchgetMaterial,
  draftAdd,
  draftGet,
  draftUpdate,
  draftDelete,
  draftCount,
  draftBatchget,
  freepublishBatchget,
];
