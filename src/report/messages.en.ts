// Every English sentence the product says about errors and findings; messages.zh.ts holds the same keys in Chinese.
import type { ErrorCode } from '../errors.ts';
import type { FindingCode } from '../facts/findings.ts';

/** What happened and why, then what to do now. `{name}` is filled from the error's args. */
export type ErrorWords = readonly [what: string, mend: string];

export const errorsEn: Readonly<Record<ErrorCode, ErrorWords>> = {
  bug: [
    'Something broke inside wxsync: {detail}',
    'This is our bug. Please report it with the lines above; your post was not changed.',
  ],

  usage: ['{detail}', 'See `wxsync {command} --help`.'],
  'path-missing': [
    '{path}: there is no such file or folder',
    'Check the spelling, or run from another folder with --cwd.',
  ],
  'config-invalid': [
    '{file}:{line}:{column}: {detail}',
    'Correct the config file; the keys are listed in README "Config".',
  ],
  'config-unknown-key': ['{file}:{line}:{column}: unknown key "{key}"', '{suggestion}'],
  'config-forbidden-key': [
    '{file}:{line}:{column}: "{key}" may not be set in a repository, because anyone who can change the repository could then redirect your credentials',
    'Set it in the environment instead: {instead}.',
  ],
  'setting-invalid': ['{name} is not usable: {detail}', '{mend}'],
  'api-root-refused': [
    'The API root {root} is refused: {detail}',
    'Use an https address, or http on 127.0.0.1 or localhost.',
  ],
  'sandbox-mixed': ['{detail}', '{mend}'],
  'sandbox-state': [
    'The sandbox folder {path} cannot be used: {detail}',
    'Delete that folder, or name another with --state.',
  ],
  'port-in-use': ['Port {port} is taken by another program', 'Choose another with --port.'],
  'theme-missing': [
    'There is no theme "{name}"',
    'Known themes: {known}. A CSS file is given by its path, such as ./my.css.',
  ],
  'too-many-new': [
    'This run would make {count} new drafts, more than {max}; nothing was sent',
    'If that is what you want, run again with --max-new {count}.',
  ],

  'post-invalid': [
    '{errors} problem(s) in this post; WeChat was not called',
    'Mend what is listed above and run again.',
  ],

  'credentials-missing': [
    '{names} not set',
    'Try it first without an account: `wxsync publish --sandbox {file}`. For the real thing, copy AppID and AppSecret from the WeChat developer console into the environment or .env.',
  ],
  'credentials-refused': [
    'WeChat does not accept the access token, even after a new one was fetched ({errcode})',
    'Is another program fetching tokens for the same account with /cgi-bin/token? Stop it, or let it use stable_token, and run again.',
  ],
  'appid-invalid': [
    'WeChat does not know the AppID {appId} ({errcode})',
    'Compare WECHAT_APP_ID with the console: "wx" and 16 characters, case matters.',
  ],
  'secret-invalid': [
    'WeChat refuses the AppSecret for {appId} ({errcode})',
    'Check WECHAT_APP_SECRET: was it reset? Is there a space or line break in it?',
  ],
  'secret-frozen': [
    'The AppSecret of {appId} is frozen ({errcode})',
    'Unfreeze it in the WeChat developer console, then run again.',
  ],
  'ip-not-allowed': [
    "This computer's address {ip} is not on the account's IP allow-list ({errcode})",
    'Add {ip} at developers.weixin.qq.com › console › your account › 基本信息 › IP白名单, wait 5–10 minutes, run again. Do not allow 0.0.0.0/0.',
  ],
  'confirm-needed': [
    "WeChat wants the account's administrator to confirm this computer first ({errcode})",
    'The administrator has a message in WeChat: confirm it, then run again. After a refusal wait {wait}.',
  ],
  'api-unauthorized': [
    'This account may not call {endpoint} ({errcode})',
    'Look under "接口权限" in the console. Personal and unverified accounts may keep drafts but not publish by API.',
  ],
  'account-limited': [
    'WeChat has limited this account ({errcode}: {errmsg})',
    'Log in to mp.weixin.qq.com and read the notice there.',
  ],

  'content-refused': [
    "WeChat refuses the article's content ({errcode}: {errmsg})",
    'Look at the page that `wxsync publish -n` writes; if nothing looks wrong, please report the post to us.',
  ],
  'field-too-long': [
    'WeChat says that {field} is too long ({errcode})',
    'Shorten it in the front matter and run again.',
  ],
  'media-refused': [
    'WeChat refuses the picture {src} ({errcode}: {errmsg})',
    'Save the picture anew as JPEG or PNG and run again.',
  ],
  'cover-refused': [
    'WeChat refuses the cover ({errcode}: {errmsg})',
    'Use a picture of at least 900 × 383 as `cover:` and run again.',
  ],
  'no-comment-right': [
    'This account has no right to comments ({errcode})',
    'Remove `need_open_comment` (or `wechat.comments`) from the front matter.',
  ],
  'quota-used-up': [
    "Today's quota for {endpoint} is used up ({errcode})",
    'Run again tomorrow; what was done stays done.',
  ],
  'wechat-refused': ['WeChat refuses {endpoint} ({errcode}: {errmsg})', '{action}'],

  'network-failed': [
    '{host} cannot be reached: {detail}',
    'Check the network or proxy and run again; nothing is lost.',
  ],
  'no-answer': [
    '{host} gave no complete answer to {endpoint} within {seconds} s',
    'Run the same command again; it continues where it stopped.',
  ],
  'bad-answer': [
    "{host} answered {endpoint} with something that is not WeChat's (HTTP {status}: {detail})",
    'Is a proxy or a login page in between? Check, then run again.',
  ],
  busy: ['WeChat is busy ({errcode})', 'Run the same command again in a minute.'],
  'rate-limited': ['Too many calls in this minute ({errcode})', 'Wait a minute and run again.'],
  'lease-busy': [
    'Another run is working on this post (process {pid} on {host})',
    'Wait until it is done and run again.',
  ],
  'file-changed': [
    'The file was changed while it was being published; the flag was left as it is',
    'Run again: the draft is brought up to date with your newest text.',
  ],
  'image-unreachable': [
    'The picture {src} cannot be fetched: {detail}',
    'Run again later, or keep the picture in the repository.',
  ],
  waiting: [
    'A draft may be on its way from an earlier run; it cannot be sent again before {when}',
    'Run again after {when}.',
  ],

  unknown: [
    'Twice WeChat gave no clear answer, so it is not known whether the draft exists',
    'Look into the draft box, then say what you saw: `wxsync resolve {file} --adopt MEDIA_ID` or `--none`.',
  ],
  conflict: [
    'The draft was edited in WeChat since the last run: {detail}',
    'Keep the edit: do nothing. Replace it by the post: `wxsync publish --overwrite {file}`.',
  ],
  blocked: [
    'A cover of this post from {date} is in your library but no draft: published or deleted? WeChat does not tell this account',
    'Look, then say: `wxsync resolve {file} --recreate` (make it anew) or `--none`.',
  ],
  published: [
    'This draft has been published, so there is no draft to update',
    'To make a new one: `wxsync resolve {file} --recreate`, then publish.',
  ],
  filtered: [
    'WeChat kept less than was sent: {detail}; the flag was left as it is',
    'Compare the draft in WeChat with `wxsync publish -n {file}`.',
  ],
  'maybe-renamed': [
    'This post looks like {other}, which is gone: was it renamed?',
    'Say which: `wxsync resolve {file} --adopt {mediaId}` or `--none`.',
  ],
  'duplicate-drafts': [
    'There are {count} drafts of this post: {list}; none was touched',
    'Delete all but one in WeChat, then `wxsync resolve {file} --adopt MEDIA_ID`.',
  ],
  'verify-failed': [
    'The draft {mediaId} does not read back as it was sent: {detail}',
    'Look at it in WeChat; the flag was left as it is.',
  ],
  'draft-gone': [
    'The draft of this post is no longer in the draft box',
    'Published or deleted? Make it anew with `wxsync resolve {file} --recreate`.',
  ],
  'flag-not-written': [
    'The draft {mediaId} is there, but the file could not be written: {detail}',
    'Make the file writable and run again: no second draft is made.',
  ],
  'ledger-not-written': [
    'The draft {mediaId} is there, but its receipt could not be written: {detail}',
    'Note this id. When the disk can be written: `wxsync resolve {file} --adopt {mediaId}`.',
  ],
  'ledger-unreadable': ['{path}: this receipt cannot be read: {detail}', 'Restore the file from git, then run again.'],
  'other-account': [
    'This post has a draft in another account ({other})',
    'Choose that account with --account, or make one here too with --force.',
  ],
};

/** What is the matter at this place, and what to do. */
export const findingsEn: Readonly<Record<FindingCode, string>> = {
  'not-utf8': 'the file is not UTF-8 (first bad byte at offset {offset}); save it as UTF-8',
  'file-too-big': 'the file has {bytes} bytes, more than {max}; a post is text',
  'not-a-file': 'this is a {kind}, not a regular file',
  'file-unreadable': 'the file cannot be read: {detail}',
  'front-matter-yaml': 'the front matter is not valid YAML: {detail}',
  'front-matter-unterminated': 'the front matter opens here and never closes; add a line with --- after it',
  'front-matter-executable':
    'front matter of the kind "{language}" is refused, because it could run code; use plain --- and YAML',
  'front-matter-toml': 'front matter in {language} is not read; write it as YAML between --- lines',
  'front-matter-not-a-map': 'the front matter is {kind}, not a list of "key: value" lines',
  'front-matter-too-big': 'the front matter has {bytes} bytes, more than {max}',
  'flag-not-boolean': 'wechat_synced is {value}; write true or false, without quotes',
  'flag-not-editable': 'wechat_synced cannot be changed safely here: {reason}',
  'field-type': '{key} is {found}, but {expected} is needed; it was ignored',
  'draft-named': 'the post is marked "{key}: {value}"; published because you named it',
  'title-too-long': 'the title has {length} characters, WeChat takes {max}',
  'digest-too-long': 'the digest counts {length} half-width units, WeChat takes {max} (a Chinese character counts 2)',
  'digest-cut': 'the digest from "{key}" counts {length} half-width units, WeChat takes {max}; it was cut to «{text}»',
  'author-too-long': 'the author counts {length} half-width units, WeChat takes {max} (8 Chinese characters)',
  'author-dropped': 'the author from "{key}" counts {length} half-width units, WeChat takes {max}; it was left out',
  'source-url-invalid': 'the source link "{url}" is not an http(s) address of at most {max} bytes',
  'source-url-dropped':
    'the source link from "{key}" is not an http(s) address of at most {max} bytes; it was left out',
  'body-empty': 'the post has no text',
  'image-missing': 'the picture {src} was not found; looked for {tried}',
  'image-outside': 'the picture {src} lies outside the project ({root}); copy it in',
  'image-hidden': 'the picture {src} is a hidden file or lies in a hidden folder; such files are never uploaded',
  'image-bad-reference': 'the picture reference "{src}" is not usable: {reason}',
  'image-not-a-file': 'the picture {src} is a {kind}, not a regular file',
  'image-unreadable': 'the picture {src} cannot be read: {detail}',
  'image-not-an-image': 'the file {src} is not a picture that can be decoded: {detail}',
  'image-too-big': 'the picture {src} has {bytes} bytes, more than {max}',
  'image-too-many-pixels': 'the picture {src} has {width} × {height} pixels, more than {max} in all',
  'image-cannot-fit': 'the picture {src} cannot be brought under {max} bytes',
  'image-host-not-allowed': 'in CI, pictures are fetched only from hosts in `images.allowHosts`; {host} is not there',
  'image-address-refused': 'the picture {src} leads to {address}, which is not a public address',
  'image-remote-refused': 'the server of {src} answered {status}',
  'image-remote-planned': 'the picture {src} would be fetched from the network (not done in a dry run)',
  'image-name-match': 'the picture {src} was found as {found}; write the name as it is on disk',
  'image-ambiguous': 'the picture {src} matches several files: {found}',
  'image-first-frame': 'the animation {src} is larger than {max} bytes; only its first frame is used',
  'too-many-images': 'the post has {count} pictures, more than {max}',
  placeholder: 'this looks like a forgotten placeholder: {text}',
  'html-dropped': '<{tag}> cannot be kept in WeChat; its text was kept',
  'link-dropped': 'the link {url} cannot work in WeChat; its text was kept',
  'post-link-unknown': 'the link {url} leads to another post whose address is not known; its text was kept',
  'footnote-missing': 'the footnote [^{label}] has no text',
  'language-unknown': 'no highlighting for the language "{language}"',
  'html-long': 'the article has {length} characters of HTML; WeChat documents {max}, though longer ones have passed',
  'html-too-long': 'the article has {length} bytes of HTML, more than WeChat takes ({max})',
  'nesting-too-deep': 'this part is nested more than {max} deep',
  'preview-not-written': 'the preview page could not be written: {detail}',
  'not-in-box': 'the draft of this post is no longer in the draft box; nothing was sent',
  'scan-cut': 'the search through old covers stopped after {pages} pages',
  filtered: 'WeChat kept less than was sent: {detail}',
};
