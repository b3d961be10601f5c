// A client with small deadlines, waits that are recorded instead of slept, and canary secrets that must never show.
import { inspect } from 'node:util';
import { expect } from 'vitest';
import {
  type Article,
  type ClientOptions,
  createClient,
  type StoredToken,
  type TokenStore,
  type WechatClient,
} from '../../src/wechat/client.ts';

export const SECRET = 'canary-secret/5f2c+9d==';
export const TOKEN = 'canary-token/81_Yq+77==';
export const SECOND_TOKEN = 'canary-second-token/3-kk+';
export const APP_ID = 'wx0123456789abcdef';

export interface TestClient extends WechatClient {
  readonly waits: readonly number[];
  readonly store: MemoryTokens;
}

export interface MemoryTokens extends TokenStore {
  readonly log: readonly string[];
}

/** A token store in memory that tells what was done to it. */
export function createMemoryTokens(first: StoredToken | null = null): MemoryTokens {
  let token = first;
  const log: string[] = [];
  return {
    log,
    load: async () => {
      log.push('load');
      return token;
    },
    save: async (next) => {
      log.push(`save ${next.value}`);
      token = next;
    },
    clear: async () => {
      log.push('clear');
      token = null;
    },
  };
}

/** A client that keeps its own token (`kind: 'token'`) unless told otherwise. */
export function createTestClient(apiRoot: string, options: Partial<ClientOptions> = {}): TestClient {
  const waits: number[] = [];
  const store = createMemoryTokens();
  const client = createClient({
    apiRoot,
    appId: APP_ID,
    credential: { kind: 'token', token: TOKEN },
    tokens: store,
    timeoutMs: 2000,
    proxy: null,
    random: () => 0.5,
    sleep: async (ms) => {
      waits.push(ms);
    },
    ...options,
  });
  return Object.assign(client, { waits, store });
}

export const ARTICLE: Article = {
  title: '贸易',
  author: null,
  digest: null,
  content: '<p>正文</p>',
  sourceUrl: null,
  coverId: 'COVER',
  comments: null,
};

const CANARIES = [SECRET, TOKEN, SECOND_TOKEN, 'canary-proxy-password'];

/** Everything that can be seen of a thrown or returned thing, causes and hidden fields too, holds no secret. */
export function expectNoSecret(thing: unknown): void {
  const seen: string[] = [];
  for (let next = thing; next !== undefined; next = (next as { cause?: unknown } | null)?.cause) {
    seen.push(String(next), inspect(next, { depth: 10, showHidden: true }), JSON.stringify(next) ?? '');
    if (next instanceof Error) seen.push(next.stack ?? '', JSON.stringify({ ...next }));
  }
  const text = seen.join('\n');
  for (const canary of CANARIES) {
    for (const spelling of [canary, encodeURIComponent(canary), Buffer.from(canary).toString('base64')]) {
      expect(text).not.toContain(spelling);
    }
  }
  expect(text).not.toContain('access_token=');
}

/** The error of a promise that must reject. */
export async function errorOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    (value) => expect.fail(`resolved with ${inspect(value)}`),
    (error: unknown) => error,
  );
}
