// The account the wire tests face: a sandbox, or the real API with WXSYNC_LIVE=1 and WECHAT_APP_ID, WECHAT_APP_SECRET.
import { createSandbox, type SandboxOptions } from '../../src/sandbox/index.ts';
import { createJpeg } from './pictures.ts';
import { type RawResponse, send, toMultipart } from './raw-http.ts';

export interface Account {
  readonly root: string;
  readonly appId: string;
  readonly appSecret: string;
  readonly close: () => Promise<void>;
}

/** True when the tests face WeChat itself; then only cases that change nothing run. */
export const IS_LIVE = process.env['WXSYNC_LIVE'] === '1';

/** A new sandbox, or the real account. */
export async function openAccount(options: SandboxOptions = {}): Promise<Account> {
  if (IS_LIVE) {
    const { WECHAT_APP_ID: appId = '', WECHAT_APP_SECRET: appSecret = '' } = process.env;
    return { root: 'https://api.weixin.qq.com', appId, appSecret, close: async () => {} };
  }
  const sandbox = await createSandbox(options);
  return { root: sandbox.url, appId: sandbox.appId, appSecret: sandbox.appSecret, close: sandbox.close };
}

export async function fetchToken({ root, appId, appSecret }: Account): Promise<string> {
  const body = JSON.stringify({ grant_type: 'client_credential', appid: appId, secret: appSecret });
  const { json } = await send(root, { method: 'POST', path: '/cgi-bin/stable_token', body });
  return String(json['access_token']);
}

/** Calls on one account with one token. */
export interface Caller {
  readonly get: (path: string) => Promise<RawResponse>;
  readonly post: (path: string, body: unknown) => Promise<RawResponse>;
  readonly postText: (path: string, body: string | Buffer) => Promise<RawResponse>;
  readonly upload: (path: string, filename: string, bytes: Buffer) => Promise<RawResponse>;
  /** The media id of a new cover of 940×400, in the library. */
  readonly addCover: () => Promise<string>;
}

export function createCaller({ root }: Account, token: string): Caller {
  const toPath = (path: string): string => `/cgi-bin/${path}${path.includes('?') ? '&' : '?'}access_token=${token}`;
  const postText: Caller['postText'] = (path, body) => send(root, { method: 'POST', path: toPath(path), body });
  const upload: Caller['upload'] = (path, filename, bytes) =>
    send(root, { method: 'POST', path: toPath(path), ...toMultipart({ filename, bytes }) });
  return {
    get: (path) => send(root, { path: toPath(path) }),
    post: (path, body) => postText(path, JSON.stringify(body)),
    postText,
    upload,
    addCover: async () => {
      const { json } = await upload('material/add_material?type=image', 'cover.jpg', createJpeg(940, 400));
      return String(json['media_id']);
    },
  };
}
