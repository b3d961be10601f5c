// `npm run demo`: publishes a copy of the sample post into the embedded sandbox and shows what came of it.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const demo = join(root, '.demo');
const blog = join(demo, 'blog');
const post = 'content/zh/2026-trade.md';
const zh = /^zh/i.test(process.env.WXSYNC_LANG ?? process.env.LC_ALL ?? process.env.LANG ?? '');
const say = (english, chinese) => console.log(`\n\u001b[1m${zh ? chinese : english}\u001b[0m`);

if (!existsSync(join(root, 'dist', 'cli.js'))) {
  console.error(zh ? '还没有构建：请先运行 npm ci' : 'Not built yet: run npm ci first');
  process.exit(2);
}

// A site of its own under git, so that the demo shows what git sees and touches nothing of this repository.
rmSync(demo, { recursive: true, force: true });
mkdirSync(demo);
cpSync(join(root, 'examples', 'blog'), blog, { recursive: true });
const git = (...args) =>
  spawnSync('git', ['-C', blog, '-c', 'core.quotePath=false', ...args], { encoding: 'utf8' }).stdout ?? '';
git('init', '--quiet');
git('add', '--all');
git('-c', 'user.name=demo', '-c', 'user.email=demo@localhost', 'commit', '--quiet', '--message', 'The blog as it was');

const env = { ...process.env, WXSYNC_HOME: join(demo, 'home'), WXSYNC_LANG: zh ? 'zh' : 'en' };
for (const name of Object.keys(env))
  if (/^WECHAT_|^CI$|^WXSYNC_(?:API_ROOT|SANDBOX|ACCOUNT|STORE)/.test(name)) delete env[name];
const wxsync = (...args) => {
  console.log(`\n$ wxsync ${args.join(' ')}`);
  return (
    spawnSync(process.execPath, [join(root, 'bin', 'wxsync.js'), ...args], { cwd: blog, env, stdio: 'inherit' })
      .status ?? 1
  );
};

say('1. Publish the sample post into the sandbox', '1. 把示例文章发到沙箱');
const code = wxsync('publish', '--sandbox', '--flip', post);
if (code !== 0) process.exit(code);

say('2. What changed in the file', '2. 文件里改了什么');
console.log(
  git('diff', '--unified=0', '--', post)
    .split('\n')
    .filter((line) => /^[-+](?![-+])/.test(line))
    .join('\n'),
);
say('   and what git sees', '   git 看到的');
console.log(git('status', '--short').trimEnd());

say('3. The page to open in a browser', '3. 用浏览器打开这一页');
const pages = join(blog, '.wxsync', 'preview');
for (const page of readdirSync(pages).filter((name) => name.endsWith('.html'))) console.log(join(pages, page));

say('4. What to do next', '4. 接下来');
console.log(
  zh
    ? `看看沙箱里的草稿箱：  cd ${relative(process.cwd(), blog)} && npx wxsync sandbox
用你自己的文章试试：  npx wxsync publish --sandbox 你的文章.md
正式发布：            见 README「正式发布」`
    : `See the draft box:      cd ${relative(process.cwd(), blog)} && npx wxsync sandbox
Try a post of your own: npx wxsync publish --sandbox your-post.md
Publish for real:       README, "Publish for real"`,
);
