// The config file's keys as one table: what each must be, its default, and the names a repository may never set.

import { FINDINGS } from '../facts/findings.ts';

/** Names of the config file, strongest first; a `wxsync` key in package.json comes last. */
export const CONFIG_FILES = ['wxsync.config.json', 'wxsync.config.yaml', 'wxsync.config.yml'] as const;

/** What other tools would load as a config and run. */
export const CONFIG_SCRIPT = /^(?:wxsync\.config|\.wxsyncrc)\.[cm]?[jt]sx?$/;

export interface AccountConfig {
  readonly author?: string;
  readonly theme?: string;
}

export interface Config {
  readonly project: string | null;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly locales: readonly string[];
  readonly publicDirs: readonly string[];
  readonly siteUrl: string | null;
  readonly permalink: string;
  readonly account: string | null;
  readonly accounts: Readonly<Record<string, AccountConfig>>;
  readonly author: string | null;
  readonly theme: string;
  readonly themeVars: Readonly<Record<string, string>>;
  readonly codeTheme: string;
  readonly caption: 'title' | 'alt' | 'off';
  readonly placeholders: 'warn' | 'drop' | 'error';
  readonly images: { readonly maxWidth: number; readonly allowHosts: readonly string[] };
  readonly links: 'notes' | 'text';
  readonly breaks: boolean;
  readonly compact: boolean;
  readonly checks: Readonly<Record<string, 'off' | 'warn' | 'error'>>;
  readonly writeback: readonly string[];
  readonly lang: 'zh' | 'en' | null;
}

/** Posts, as a folder's and a project's are found. */
export const POSTS: readonly string[] = ['**/*.md', '**/*.markdown', '**/*.mdx'];

export const DEFAULTS: Config = {
  project: null,
  include: POSTS,
  exclude: [],
  locales: [],
  publicDirs: ['public', 'static', 'source', 'docs/public', 'docs/.vuepress/public', '.vuepress/public', 'assets', '.'],
  siteUrl: null,
  permalink: '/{lang}/{slug}/',
  account: null,
  accounts: {},
  author: null,
  theme: 'default',
  themeVars: {},
  codeTheme: 'default',
  caption: 'title',
  placeholders: 'warn',
  images: { maxWidth: 1440, allowHosts: [] },
  links: 'notes',
  breaks: false,
  compact: false,
  checks: {},
  writeback: [],
  lang: null,
};

/** What a value must be. */
export type Shape =
  /** `glob`: one that stays below the project root. */
  | { readonly is: 'text' | 'flag' | 'url' | 'glob' | 'ignored' }
  | { readonly is: 'number'; readonly min: number; readonly max: number }
  | { readonly is: 'one-of'; readonly values: readonly string[] }
  | { readonly is: 'list'; readonly of: Shape }
  /** `names`: the only keys it may have. */
  | { readonly is: 'map'; readonly of: Shape; readonly names?: readonly string[] }
  | { readonly is: 'keys'; readonly keys: Readonly<Record<string, Shape>> };

/** Findings that a project may judge its own way; the others are errors for everybody. */
const CHECKS = Object.entries(FINDINGS).flatMap(([code, severity]) => (severity === 'error' ? [] : [code]));

const TEXT: Shape = { is: 'text' };
const TEXTS: Shape = { is: 'list', of: TEXT };
const GLOBS: Shape = { is: 'list', of: { is: 'glob' } };

export const SHAPE: Shape & { readonly is: 'keys' } = {
  is: 'keys',
  keys: {
    $schema: { is: 'ignored' },
    project: TEXT,
    include: GLOBS,
    exclude: GLOBS,
    locales: TEXTS,
    publicDirs: TEXTS,
    siteUrl: { is: 'url' },
    permalink: TEXT,
    account: TEXT,
    accounts: { is: 'map', of: { is: 'keys', keys: { author: TEXT, theme: TEXT } } },
    author: TEXT,
    theme: TEXT,
    themeVars: { is: 'map', of: TEXT },
    codeTheme: TEXT,
    caption: { is: 'one-of', values: ['title', 'alt', 'off'] },
    placeholders: { is: 'one-of', values: ['warn', 'drop', 'error'] },
    images: { is: 'keys', keys: { maxWidth: { is: 'number', min: 200, max: 4000 }, allowHosts: TEXTS } },
    links: { is: 'one-of', values: ['notes', 'text'] },
    breaks: { is: 'flag' },
    compact: { is: 'flag' },
    checks: { is: 'map', names: CHECKS, of: { is: 'one-of', values: ['off', 'warn', 'error'] } },
    writeback: TEXTS,
    lang: { is: 'one-of', values: ['zh', 'en'] },
  },
};

/** Names that would redirect credentials or loosen a clock, and the trusted place to set each. */
export const FORBIDDEN: Readonly<Record<string, string>> = {
  appid: 'WECHAT_APP_ID',
  appsecret: 'WECHAT_APP_SECRET',
  secret: 'WECHAT_APP_SECRET',
  credentials: 'WECHAT_APP_ID, WECHAT_APP_SECRET',
  accesstoken: 'WECHAT_ACCESS_TOKEN',
  token: 'WECHAT_ACCESS_TOKEN',
  apiroot: 'WXSYNC_API_ROOT',
  apibase: 'WXSYNC_API_ROOT',
  endpoint: 'WXSYNC_API_ROOT',
  proxy: 'WXSYNC_PROXY',
  httpsproxy: 'HTTPS_PROXY',
  store: 'WXSYNC_STORE',
  relaykey: 'WXSYNC_RELAY_KEY',
  home: 'WXSYNC_HOME',
  timeout: 'WXSYNC_TIMEOUT_MS',
  timeoutms: 'WXSYNC_TIMEOUT_MS',
  quiet: 'WXSYNC_QUIET_MS',
  quietms: 'WXSYNC_QUIET_MS',
  chrome: 'WXSYNC_CHROME',
};
