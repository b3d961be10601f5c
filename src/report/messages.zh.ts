// 产品关于错误与提示的全部中文；键与 messages.en.ts 相同。
// Every Chinese sentence the product says about errors and findings; the keys are those of messages.en.ts.
import type { ErrorCode } from '../errors.ts';
import type { FindingCode } from '../facts/findings.ts';
import type { ErrorWords } from './messages.en.ts';

export const errorsZh: Readonly<Record<ErrorCode, ErrorWords>> = {
  bug: ['wxsync 内部出错：{detail}', '这是我们的缺陷，请附上以上内容反馈；你的文章没有被改动。'],

  usage: ['{detail}', '用法见 `wxsync {command} --help`。'],
  'path-missing': ['{path}：没有这个文件或文件夹', '请检查路径，或用 --cwd 换一个目录运行。'],
  'config-invalid': ['{file}:{line}:{column}：{detail}', '请改正配置文件；可用的键见 README「配置」。'],
  'config-unknown-key': ['{file}:{line}:{column}：没有名为 “{key}” 的配置', '[[是不是 “{near}”？]]可用的键：{known}。'],
  'config-forbidden-key': [
    '{file}:{line}:{column}：“{key}” 不能写在仓库里，否则能改仓库的人就能把你的凭据引到别处',
    '请改在环境变量里设置：{instead}。',
  ],
  'setting-invalid': ['{name} 不可用：{detail}', '{mend}'],
  'api-root-refused': [
    '拒绝使用 API 地址 {root}：{detail}',
    '请用 https 地址，或本机（127.0.0.1、localhost）的 http 地址。',
  ],
  'sandbox-mixed': ['{detail}', '{mend}'],
  'sandbox-state': ['沙箱目录 {path} 不可用：{detail}', '请删除该目录，或用 --state 指定另一个。'],
  'port-in-use': ['端口 {port} 已被其他程序占用', '请用 --port 换一个端口。'],
  'theme-missing': ['没有名为 “{name}” 的主题', '可用的主题：{known}。CSS 文件请写路径，例如 ./my.css。'],
  'too-many-new': [
    '这次运行会新建 {count} 篇草稿，超过上限 {max}；什么都没有发送',
    '如果确实要这样，请加 --max-new {count} 再运行。',
  ],

  'ledger-unwritable': ['什么都没有发送，因为回执写不进 {path}：{detail}', '请让该文件夹可写，再运行一次。'],

  'post-invalid': ['这篇文章有 {errors} 处问题；没有调用微信', '请按上面列出的逐一修改后再运行。'],

  'credentials-missing': [
    '没有设置 {names}',
    '可以先不用账号试一试：`wxsync publish --sandbox {file}`。正式发布时，把公众号开发者后台的 AppID 和 AppSecret 写进环境变量或 .env。',
  ],
  'credentials-refused': [
    '微信不接受 access_token，换了新的仍然如此（{errcode}）',
    '是否有别的程序用 /cgi-bin/token 为同一账号取 token？请停掉它，或让它改用 stable_token，再运行一次。',
  ],
  'appid-invalid': [
    '微信不认识 AppID {appId}（{errcode}）',
    '请与后台核对 WECHAT_APP_ID：“wx” 加 16 个字符，区分大小写。',
  ],
  'secret-invalid': [
    '微信不接受 {appId} 的 AppSecret（{errcode}）',
    '请检查 WECHAT_APP_SECRET：是否重置过？是否多了空格或换行？',
  ],
  'secret-frozen': ['{appId} 的 AppSecret 已被冻结（{errcode}）', '请在公众号开发者后台解冻后再运行。'],
  'ip-not-allowed': [
    '本机的出口地址 {ip} 不在公众号的 IP 白名单里（{errcode}）',
    '请到 developers.weixin.qq.com › 控制台 › 你的公众号 › 基本信息 › IP白名单 加入 {ip}，等 5–10 分钟再运行。不要放行 0.0.0.0/0。',
  ],
  'confirm-needed': [
    '微信要求管理员先确认这台机器（{errcode}）',
    '管理员的微信里有一条消息，确认后再运行；若被拒绝过，请等 {wait}。',
  ],
  'api-unauthorized': [
    '这个账号没有调用 {endpoint} 的权限（{errcode}）',
    '请看后台的「接口权限」。个人和未认证账号可以存草稿，但不能用接口发布。',
  ],
  'account-limited': ['微信限制了这个账号（{errcode}：{errmsg}）', '请登录 mp.weixin.qq.com 查看通知。'],

  'content-refused': [
    '微信不接受正文内容（{errcode}：{errmsg}）',
    '请看 `wxsync publish -n` 写出的预览页；若看不出问题，请把文章反馈给我们。',
  ],
  'field-too-long': ['微信认为 {field} 太长（{errcode}）', '请在头信息里缩短后再运行。'],
  'media-refused': ['微信不接受图片 {src}（{errcode}：{errmsg}）', '请把图片重新存成 JPEG 或 PNG 后再运行。'],
  'cover-refused': ['微信不接受封面（{errcode}：{errmsg}）', '请用至少 900 × 383 的图片作 `cover:`，再运行一次。'],
  'no-comment-right': [
    '这个账号没有留言权限（{errcode}）',
    '请从头信息里去掉 `need_open_comment`（或 `wechat.comments`）。',
  ],
  'quota-used-up': ['今天 {endpoint} 的调用次数已用完（{errcode}）', '请明天再运行；已完成的不会重做。'],
  'wechat-refused': [
    '微信拒绝了 {endpoint}（{errcode}：{errmsg}）',
    '微信对 {errcode} 的说明：{meaning}。请对照文章和公众号设置，改好后再运行。',
  ],

  'network-failed': ['连不上 {host}：{detail}', '请检查网络或代理后再运行；什么都不会丢。'],
  'no-answer': [
    '{host} 在 {seconds} 秒内没有给出 {endpoint} 的完整回答',
    '请再运行一次同样的命令，会从停下的地方继续。',
  ],
  'bad-answer': [
    '{host} 对 {endpoint} 的回答不像微信的（HTTP {status}：{detail}）',
    '中间是否有代理或登录页？检查后再运行。',
  ],
  busy: ['微信系统繁忙（{errcode}）', '请一分钟后再运行同样的命令。'],
  'rate-limited': ['这一分钟调用太多（{errcode}）', '请等一分钟再运行。'],
  'lease-busy': ['另一个运行正在处理这篇文章（{host} 上的进程 {pid}）', '请等它结束再运行。'],
  'file-changed': ['发布过程中文件被改动了；标记保持原样', '请再运行一次：草稿会更新为你最新的文字。'],
  'image-unreachable': ['取不到图片 {src}：{detail}', '请稍后再运行，或把图片放进仓库。'],
  waiting: ['之前的一次运行可能还有草稿在路上；{when} 之前不能重发', '请在 {when} 之后再运行。'],

  unknown: [
    '微信两次都没有明确回答，无法知道草稿是否已经建成',
    '请看一下草稿箱，然后告诉 wxsync：`wxsync resolve {file} --adopt MEDIA_ID` 或 `--none`。',
  ],
  conflict: [
    '上次运行之后，草稿在微信里被改过：{detail}',
    '想保留那些改动：什么都不用做。想用文章覆盖：`wxsync publish --overwrite {file}`。',
  ],
  blocked: [
    '素材库里有这篇文章 {date} 的封面，却没有草稿：发表了还是删了？微信不告诉这个账号',
    '请看一下，然后告诉 wxsync：`wxsync resolve {file} --recreate`（重新建）或 `--none`。',
  ],
  published: ['这篇草稿已经发表，没有草稿可更新', '要新建一篇：`wxsync resolve {file} --recreate`，然后再发布。'],
  filtered: [
    '微信保留的比发送的少：{detail}；标记保持原样',
    '请把微信里的草稿与 `wxsync publish -n {file}` 的页面对比。',
  ],
  'maybe-renamed': [
    '这篇文章很像已经不在的 {other}：是改名了吗？',
    '请告诉 wxsync：`wxsync resolve {file} --adopt {mediaId}` 或 `--none`。',
  ],
  'duplicate-drafts': [
    '这篇文章有 {count} 篇草稿：{list}；都没有动',
    '请在微信里只留一篇，然后 `wxsync resolve {file} --adopt MEDIA_ID`。',
  ],
  'verify-failed': ['草稿 {mediaId} 读回来与发送的不同：{detail}', '请在微信里看一下；标记保持原样。'],
  'draft-gone': ['这篇文章的草稿已不在草稿箱', '发表了还是删了？要重新建：`wxsync resolve {file} --recreate`。'],
  'flag-not-written': ['草稿 {mediaId} 已建好，但文件写不进去：{detail}', '让文件可写后再运行：不会建第二篇草稿。'],
  'ledger-not-written': [
    '草稿 {mediaId} 已建好，但回执写不进去：{detail}',
    '请记下这个 id。磁盘可写后：`wxsync resolve {file} --adopt {mediaId}`。',
  ],
  'ledger-unreadable': ['{path}：读不懂这份回执：{detail}', '请从 git 恢复这个文件，再运行一次。'],
  'no-entry': [
    '文章写着 wechat_synced: true，这里却没有它的草稿回执',
    '请告诉 wxsync 是哪篇草稿：`wxsync resolve {file} --adopt MEDIA_ID`；或用 --force 新建。',
  ],
  'other-account': [
    '这篇文章在另一个账号（{other}）里有草稿',
    '用 --account 选那个账号，或用 --force 在这里也建一篇。',
  ],
};

export const findingsZh: Readonly<Record<FindingCode, string>> = {
  'not-utf8': '文件不是 UTF-8（第一个坏字节在偏移 {offset}）；请存成 UTF-8',
  'file-too-big': '文件有 {bytes} 字节，超过 {max}；文章应该是文字',
  'not-a-file': '这是{kind}，不是普通文件',
  'file-unreadable': '文件读不了：{detail}',
  'post-outside': '这是指向项目（{root}）之外的链接；这样的文件不读',
  'front-matter-yaml': '头信息不是合法的 YAML：{detail}',
  'front-matter-unterminated': '头信息从这里开始却没有结束；请在它后面加一行 ---',
  'front-matter-executable': '拒绝 “{language}” 类型的头信息，因为它可能执行代码；请用普通的 --- 和 YAML',
  'front-matter-toml': '不读 {language} 格式的头信息；请改成两行 --- 之间的 YAML',
  'front-matter-not-a-map': '头信息是{kind}，不是一行行的 “键: 值”',
  'front-matter-too-big': '头信息有 {bytes} 字节，超过 {max}',
  'flag-not-boolean': 'wechat_synced 是 {value}；请写 true 或 false，不加引号',
  'flag-not-editable': '这里的 wechat_synced 不能安全地改动：{reason}',
  'field-type': '{key} 是{found}，这里需要{expected}；已忽略',
  'draft-named': '文章标着 “{key}: {value}”；因为你点名了它，仍然发布',
  'title-too-long': '标题有 {length} 个字符，微信最多 {max} 个',
  'digest-too-long': '摘要相当于 {length} 个半角字符，微信最多 {max} 个（一个汉字算 2 个）',
  'digest-cut': '来自 “{key}” 的摘要相当于 {length} 个半角字符，微信最多 {max} 个；已截为「{text}」',
  'author-too-long': '作者相当于 {length} 个半角字符，微信最多 {max} 个（8 个汉字）',
  'author-dropped': '来自 “{key}” 的作者相当于 {length} 个半角字符，微信最多 {max} 个；已略去',
  'source-url-invalid': '原文链接 “{url}” 不是不超过 {max} 字节的 http(s) 地址',
  'source-url-dropped': '来自 “{key}” 的原文链接不是不超过 {max} 字节的 http(s) 地址；已略去',
  'body-empty': '文章没有正文',
  'image-missing': '找不到图片 {src}；找过 {tried}',
  'image-outside': '图片 {src} 在项目（{root}）之外；请复制进来',
  'image-hidden': '图片 {src} 是隐藏文件或在隐藏文件夹里；这样的文件从不上传',
  'image-bad-reference': '图片引用 “{src}” 不可用，因为其中有 {found}；请写项目内用 “/” 分隔的路径，或 https 网址',
  'image-not-a-file': '图片 {src} 是{kind}，不是普通文件',
  'image-unreadable': '图片 {src} 读不了：{detail}',
  'image-not-an-image': '文件 {src} 不是能解码的图片：{detail}',
  'image-format': '图片 {src} 是 {format} 格式，这里读不了；请存成 JPEG 或 PNG',
  'image-too-big': '图片 {src} 有 {bytes} 字节，超过 {max}',
  'image-too-many-pixels': '图片 {src} 有 {width} × {height} 像素，总数超过 {max}',
  'image-cannot-fit': '图片 {src} 无法压到 {max} 字节以下',
  'image-host-not-allowed': '在 CI 里只从 `images.allowHosts` 列出的主机取图片；其中没有 {host}',
  'image-address-refused': '图片 {src} 指向 {address}，那不是公网地址',
  'image-remote-refused': '{src} 的服务器回答 {status}',
  'image-remote-planned': '图片 {src} 会从网络获取（预演时不取）',
  'image-name-match': '图片 {src} 实际是 {found}；请按磁盘上的名字写',
  'image-ambiguous': '图片 {src} 对应多个文件：{found}',
  'image-first-frame': '动图 {src} 只用第一帧：微信只收不超过 {max} 字节的 GIF 动图',
  'too-many-images': '文章有 {count} 张图片，超过 {max}',
  placeholder: '像是忘了替换的占位：{text}',
  'html-dropped': '微信里保不住 <{tag}>；文字已保留',
  'link-dropped': '链接 {url} 在微信里不能用；文字已保留',
  'post-link-unknown': '链接 {url} 指向另一篇文章，但不知道它的地址；文字已保留',
  'footnote-missing': '脚注 [^{label}] 没有内容',
  'language-unknown': '没有 “{language}” 的语法高亮',
  'html-long': '正文 HTML 有 {length} 个字符；微信文档写的是 {max}，虽然更长的也有通过的',
  'html-too-long': '正文 HTML 有 {length} 字节，超过微信的上限（{max}）',
  'nesting-too-deep': '这里嵌套超过 {max} 层',
  'preview-not-written': '预览页写不出来：{detail}',
  'not-in-box': '这篇文章的草稿已不在草稿箱；什么都没有发送',
  'scan-cut': '查找旧封面在 {pages} 页后停止',
  filtered: '微信保留的比发送的少：{detail}',
};
