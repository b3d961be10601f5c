// Why each finding matters and how to mend it, in English; rule-messages.zh.ts holds the same codes in Chinese.
import type { FindingCode } from '../facts/findings.ts';

/** Why it matters, then what to do. Whole sentences, with no values in them. */
export type RuleWords = readonly [reason: string, mend: string];

export const rulesEn: Readonly<Record<FindingCode, RuleWords>> = {
  'not-utf8': ['A post is read as UTF-8; other bytes would turn into wrong characters.', 'Save the file as UTF-8.'],
  'file-too-big': [
    'A post is text, and a file of this size is something else.',
    'Name the right file, or split the post.',
  ],
  'not-a-file': ['Only regular files are read.', 'Put the text itself there.'],
  'file-unreadable': ['What cannot be read cannot be published.', 'Check that the file exists and may be read.'],
  'not-markdown': ['A picture or a page is no post.', 'Name a Markdown file.'],
  'front-matter-late': [
    'Only what stands on the first line is front matter; further down it would be shown to readers.',
    'Remove the lines above the first ---.',
  ],
  'front-matter-colon': ['YAML knows only the plain colon, followed by a space.', 'Write `key: value`.'],
  'flag-misspelt': [
    'Under another name the flag is not found, and the post counts as one without it.',
    'Rename the key to `wechat_synced`.',
  ],
  'wechat-key-unknown': ['A key that nobody reads changes nothing.', 'Correct its spelling or remove it.'],
  'html-removed': ['WeChat keeps neither this tag nor what is in it.', 'Use Markdown, or a picture.'],
  'theme-unknown': ['Every post looks as its theme says.', 'Name a shipped theme, or a CSS file inside the project.'],
  'theme-at-rule': [
    'An article is one text without a style sheet, so nothing can be imported or depend on a screen.',
    'Remove it.',
  ],
  'theme-syntax': ['What cannot be read changes nothing.', 'Write `property: value;` inside `selector { … }`.'],
  'theme-selector': [
    'Only the elements and classes of docs/themes.md are ever on a page.',
    'Correct the name, or remove the rule.',
  ],
  'theme-selector-refused': [
    'Every selector is tried on every element of a post, and that must end in time.',
    'Write a simpler selector, or remove the rule.',
  ],
  'theme-lost': ['What WeChat takes away, readers never see.', 'Use another property of docs/themes.md.'],
  'theme-var-unset': [
    'Without a value the whole declaration says nothing.',
    'Give it one in `:root`, or a fallback: `var(--name, value)`.',
  ],
  'theme-gradient': ['WeChat mixes the colours of a gradient into one, which nobody chose.', 'Use one plain colour.'],
  'theme-panel-tinted': [
    'Dark mode darkens only grey grounds; a tinted one becomes a glaring block.',
    'Use a grey with three equal parts, such as #f7f7f7, or a half-transparent colour.',
  ],
  'theme-line-hard': [
    'Dark mode turns a light grey line into a bright one.',
    'Use black that is nearly transparent: rgba(0, 0, 0, .12).',
  ],
  'theme-contrast': [
    'Text without contrast cannot be read, on a bright day or at night.',
    'Choose a darker colour: under a brightness of 90 WeChat brightens it at night.',
  ],
  'theme-lossy': [
    'The article will look different from what the theme describes.',
    'Run `wxsync theme check` and mend what it lists.',
  ],
  'theme-var-refused': [
    'A value that is wrong would break the theme around it.',
    'Write one colour, size or word, as `wxsync theme show NAME --vars` shows them.',
  ],
  'theme-var-unknown': [
    'A variable that no theme reads changes nothing.',
    'Correct its name; `wxsync theme show NAME --vars` lists them.',
  ],
  'line-ends': [
    'Without line ends the front matter is not found and would be shown to readers.',
    'Save the file with LF or CRLF line ends.',
  ],
  'post-outside': [
    'A link out of the project could send any file of the computer to WeChat.',
    'Copy the post into the project, or name the file itself.',
  ],
  'path-twice': [
    'A draft belongs to a path, and a path is the same in each Unicode form: Macs and other computers spell it differently.',
    'Rename one of the two files, or delete the one too many.',
  ],
  'front-matter-yaml': ['Title, cover and flag are read from the front matter.', 'Correct the YAML at this place.'],
  'front-matter-unterminated': [
    'Without its end, the whole post would count as front matter.',
    'Add a line with --- after the last key.',
  ],
  'front-matter-executable': ['Front matter of this kind could run code.', 'Write it as YAML between plain --- lines.'],
  'front-matter-toml': ['Only YAML is read.', 'Write it as YAML between --- lines.'],
  'front-matter-not-a-map': ['Values are found by their keys.', 'Write lines of "key: value".'],
  'front-matter-too-big': ['Front matter holds a few short values.', 'Move the long text into the body.'],
  'flag-not-boolean': [
    'Only true and false say for certain whether the post was sent.',
    'Write `wechat_synced: false` or `true`, without quotes.',
  ],
  'flag-not-editable': [
    'After publishing, the flag must change without touching any other byte.',
    'Write `wechat_synced: false` as a plain line of the front matter.',
  ],
  'field-type': ['A value of the wrong type is ignored, so the article would go out without it.', 'Correct the value.'],
  'draft-named': [
    'The mark keeps a post back from folders, but not one named by its path.',
    'Remove the mark, or do not name the post.',
  ],
  'title-too-long': ['WeChat refuses longer titles.', 'Shorten the title, or set a short one as `wechat.title`.'],
  'digest-too-long': ['WeChat refuses longer digests.', 'Shorten the digest.'],
  'digest-cut': [
    'WeChat refuses longer digests, so this one is cut at a sentence.',
    'Set a short one as `wechat.digest`.',
  ],
  'author-too-long': ['WeChat refuses longer authors.', 'Shorten the author.'],
  'author-dropped': ['WeChat refuses longer authors, so this one is left out.', 'Set a short one as `wechat.author`.'],
  'source-url-invalid': ['WeChat opens only web addresses as source link.', 'Write an http(s) address.'],
  'source-url-dropped': [
    'WeChat opens only web addresses as source link.',
    'Write an http(s) address, or remove the key.',
  ],
  'kind-unsupported': ['Only articles can be made.', 'Remove `type`, and the post becomes an article.'],
  'body-empty': ['WeChat refuses an article without content.', 'Write some text, or mark the post `draft: true`.'],
  'title-from-file': [
    'A file name is seldom what readers should see as title.',
    'Set `title` in the front matter, or begin with a # heading.',
  ],
  'image-missing': [
    'A post is published with all of its pictures or not at all.',
    'Add the file, or correct the path.',
  ],
  'image-outside': ['Nothing outside the project is read.', 'Copy the picture into the project.'],
  'image-hidden': ['Hidden files may hold secrets and are never uploaded.', 'Move the picture to an ordinary folder.'],
  'image-bad-reference': [
    'The reference could mean something else than a picture of the project.',
    'Write a path with "/", or an https address.',
  ],
  'image-not-a-file': ['Only regular files are read.', 'Name the picture itself.'],
  'image-unreadable': ['What cannot be read cannot be uploaded.', 'Check the permissions of the file.'],
  'image-not-an-image': ['Nothing is uploaded that was not decoded first.', 'Save the picture again as JPEG or PNG.'],
  'image-format': ['This format cannot be decoded here.', 'Save the picture as JPEG or PNG.'],
  'image-too-big': ['The file is larger than anything a reader should load.', 'Reduce the picture.'],
  'image-too-many-pixels': ['Decoding it would take more memory than is safe.', 'Reduce the picture.'],
  'image-cannot-fit': [
    'WeChat refuses larger pictures, and this one stays too large.',
    'Reduce or simplify the picture.',
  ],
  'image-crashes': [
    'Pictures are decoded in a process of their own, so only the posts that use this one fail. The file may be damaged, or made to attack a decoder.',
    'Open the picture in a viewer and save it again as JPEG or PNG; if you do not trust where it comes from, use another one.',
  ],
  'image-too-heavy': [
    'Time and memory for decoding are bounded, so that one picture cannot hold up the run.',
    'Make the picture smaller or simpler: fewer pixels, fewer frames, fewer filters and repeated shapes in a drawing.',
  ],
  'image-host-not-allowed': [
    'A CI run fetches only from hosts that the project names.',
    'Add the host to `images.allowHosts`, or put the picture into the repository.',
  ],
  'image-address-refused': ['Pictures are fetched from public addresses only.', 'Put the picture into the repository.'],
  'image-remote-refused': ['The picture could not be fetched.', 'Put the picture into the repository.'],
  'image-remote-planned': ['A dry run uses no network.', 'Nothing needs to be done.'],
  'image-name-match': ['Other computers tell upper case from lower case.', 'Write the name as it is on disk.'],
  'image-ambiguous': [
    'Several files could be meant.',
    'Write the name exactly as it is on disk, or rename one of them.',
  ],
  'image-first-frame': ['WeChat shows animations as GIF only, up to a size.', 'Use a GIF, or make it smaller.'],
  'too-many-images': ['An article with so many pictures is refused before any is uploaded.', 'Split the post.'],
  'image-host-unlisted': [
    'The post would publish from here, but not from a CI run.',
    'Add the host to `images.allowHosts`, or put the picture into the repository.',
  ],
  'animation-big': ['Too large an animation is shown as a still picture.', 'Make it smaller or shorter.'],
  'alt-missing': [
    'Readers who cannot see the picture learn nothing of it.',
    'Say what it shows between the brackets of `![…]`.',
  ],
  'cover-missing': ['The cover is what readers see first, in chats and lists.', 'Set `cover` in the front matter.'],
  'cover-small': [
    'WeChat enlarges a small cover, and it looks blurred.',
    'Use a picture of at least 900 × 383 pixels.',
  ],
  'cover-ratio': ['WeChat cuts covers to 2.35 : 1.', 'Use a picture near that shape, such as 900 × 383.'],
  'cover-untitled': [
    'A cover that wxsync draws shows the title in its middle.',
    'Install a Chinese font, such as the package fonts-noto-cjk, or set `cover` in the front matter.',
  ],
  'part-open': ['A part that is left out must end somewhere.', 'Write <!-- wxsync:end --> where WeChat is to go on.'],
  'part-unknown': ['A misspelt comment leaves out nothing, or too much.', 'Correct the word, or remove the comment.'],
  placeholder: ['Readers should never see a note to the author.', 'Put the picture or text there, or remove the line.'],
  'fence-open': [
    'Code goes on to the end of the post, or of the quote or list that it stands in.',
    'Close it where the code ends: the same marks, at least as many, on a line of their own.',
  ],
  'container-open': [
    'On the site the panel would hold the rest of the post.',
    'Write ::: on a line of its own where it ends.',
  ],
  'container-unknown': [
    'Only the panels of the common site tools have a form in WeChat.',
    'Use tip, info, warning or danger.',
  ],
  'html-dropped': ['WeChat does not keep this tag.', 'Use Markdown or another tag.'],
  'html-hidden': [
    'An article has no scripts and no stylesheet by which hidden text could ever be shown or kept away.',
    'Put <!-- wxsync:skip --> and <!-- wxsync:end --> round it, or let it be read.',
  ],
  'style-long': [
    'No honest style is that long; the rest would be read for nothing.',
    'Leave only the properties that matter.',
  ],
  'style-dropped': [
    'An article keeps colours, sizes and alignment of its author; layout and decoration belong to the theme.',
    'Look at the preview; where something is missed, use a table or a picture.',
  ],
  'link-dropped': ['WeChat refuses articles with such links.', 'Remove the link, or use an http(s) address.'],
  'post-link-unknown': [
    'A relative address means nothing in WeChat.',
    'Set siteUrl (and permalink) in the config, say canonical_url in the other post, or write the full address.',
  ],
  'embed-dropped': [
    'Only pictures can be embedded; a note or recording of the vault is not there for a reader in WeChat.',
    'Copy the text into the post, or write a link: [[note]].',
  ],
  'template-tag': [
    'Only the site generator knows what the tag would show.',
    'Write it as Markdown, put what is for the site alone between <!-- wxsync:skip --> and <!-- wxsync:end -->, or put `…` round a tag that is to be read.',
  ],
  'template-open': [
    'Only its end tells a site generator how far such a tag reaches.',
    'Put the end behind what the tag is for, or remove the tag.',
  ],
  'template-stray': [
    'An end belongs to a tag of the same name before it.',
    'Add that tag, or remove the end; look whether a name is misspelt.',
  ],
  'template-half': [
    'A tag that is not finished is only text.',
    'Finish the tag, or put `…` round it when it is to be read.',
  ],
  'mdx-dropped': [
    'A component or an expression shows something only where its JavaScript runs.',
    'Write what it shows as Markdown, or put what is for the site alone between <!-- wxsync:skip --> and <!-- wxsync:end -->.',
  ],
  'card-invalid': [
    'WeChat refuses a whole article for one card with a wrong id.',
    'Copy the value from WeChat: the id of an account is the __biz of the address of one of its articles.',
  ],
  'video-many': ['The editor does not save an article with more.', 'Leave one out, or split the post.'],
  'comment-open': [
    'Readers would see what was meant for the author alone.',
    'End it with %%; for the signs themselves write \\%%.',
  ],
  'comment-inline': [
    'Close to other words it may have been meant for readers.',
    'For the signs themselves write \\%%, or make it code.',
  ],
  'footnote-missing': ['The reader sees a mark that leads nowhere.', 'Add the text as [^label]: …'],
  'footnote-unused': [
    'A note is shown only where a mark leads to it.',
    'Put [^label] into the text, or remove the note.',
  ],
  'footnote-repeated': ['A mark can lead to one text only.', 'Give one of the two another label.'],
  'table-cell-dropped': [
    'Markdown leaves out the cells of a row that has more of them than the head.',
    'Write a \\| for a bar that is text, or give the head another column.',
  ],
  'table-uneven': [
    'Markdown sees a table only where both rows have the same number of cells.',
    'Give the row of lines as many |---| as the head has cells; write \\| for a bar that is text.',
  ],
  'link-noted': [
    'Only links to articles of WeChat can be followed there.',
    'Nothing needs to be done, if a note is what you want.',
  ],
  'link-lost': [
    'Only links to articles of WeChat can be followed there.',
    'Set config `links` to `notes`, or write the address into the text.',
  ],
  'link-in-page': [
    'WeChat keeps no anchors, so such links do nothing.',
    'Leave the part out with <!-- wxsync:skip --> … <!-- wxsync:end -->.',
  ],
  'heading-empty': ['An empty heading is an empty line with a border.', 'Write its text, or remove it.'],
  'heading-jump': ['Readers take the missing level for a missing part.', 'Use the next level.'],
  'heading-many-h1': [
    'WeChat prints the title itself; more headings of its size make the article hard to follow.',
    'Use ## for sections.',
  ],
  'math-broken': [
    'Readers would see its source, as code.',
    'Correct the TeX. A dollar that means money is written \\$.',
  ],
  'math-open': [
    'A formula over several lines ends with a line of its own.',
    'Write $$, or \\] for \\[, on a line of its own behind the formula; it may hold empty lines then.',
  ],
  'math-too-much': ['Readers would see the source of the formula, as code.', 'Split it, or the post.'],
  'diagram-broken': [
    'Readers would see its source, as code.',
    'Correct the diagram; https://mermaid.live shows it as you type.',
  ],
  'diagram-no-renderer': [
    'Readers would see its source, as code: only simple diagrams can be drawn without a browser.',
    'Install Chrome or Chromium, and run `npm install playwright-core` where wxsync is installed; `WXSYNC_CHROME` names a browser that is elsewhere.',
  ],
  'diagram-browser': [
    'Without a browser fewer diagrams can be drawn, and not as well.',
    'Start the named browser by hand to see why, or name another one in `WXSYNC_CHROME`; `none` stops this warning.',
  ],
  'diagram-font': [
    'Readers would see boxes in the place of characters, so the diagram stays code.',
    'Install a font that has them, such as the package `fonts-noto-cjk`.',
  ],
  'diagram-too-much': ['Readers would see its source, as code.', 'Split it, or the post.'],
  'language-unknown': ['The code is shown without colours.', 'Use a known name of the language, or none.'],
  'html-near': [
    'WeChat documents a limit of length that this article comes near to.',
    'Set config `compact` if you want it shorter.',
  ],
  'html-long': [
    'WeChat documents a smaller limit than it seems to hold.',
    'Nothing yet; config `compact` makes the article shorter.',
  ],
  'html-too-long': ['WeChat refuses longer articles.', 'Split the post, or set config `compact`.'],
  'nesting-redundant': [
    "WeChat's rules allow ten equal elements in each other, and its editor takes away the rest.",
    'Keep one of them.',
  ],
  'width-fixed': [
    'Such a box fills a phone, but not a desktop, or is cut off; WeChat finds fault with both.',
    'Write the width in percent, or leave it out.',
  ],
  'contrast-low': [
    'A background that WeChat does not keep, or a colour made for another page, leaves text that nobody can read.',
    'Choose a darker or lighter colour, or leave colours to the theme.',
  ],
  'table-nested': ["WeChat's editor has no tables in tables.", 'Put the inner table before or after the outer one.'],
  'nesting-too-deep': ['So deep a nesting cannot be shown.', 'Make it flatter.'],
  'preview-not-written': ['The page could not be written; nothing else was affected.', 'Make the folder writable.'],
  'not-in-box': ['An update needs a draft to change.', 'To make a new one, set the flag to false.'],
  'scan-cut': [
    'Without a receipt, only the pictures of the last 30 days tell whether a run before this one was cut short.',
    'Commit .wxsync/posts/ with your posts, so that no search is needed.',
  ],
};
