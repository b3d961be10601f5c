// Fences of `ad-note` and their kind, the panels of Obsidian's plugin Admonition: what they say of themselves; knows no parser.
import { isPanel } from './panel.ts';

export interface AdFence {
  /** Of a panel. */
  readonly name: string;
  /** Markdown of one line; '' for the panel's own. */
  readonly title: string;
  readonly body: string;
}

const SETTING = /^(title|collapse|icon|color|metadata):[ \t]*(.*)$/;

/** What a fence holds, by the words behind it; null for code. */
export function readAdFence(info: string, content: string): AdFence | null {
  const kind = /^ad-([a-z][\w-]*)$/i.exec(info)?.[1];
  if (kind === undefined) return null;
  const lines = content.split('\n');
  const end = lines.findIndex((line) => !SETTING.test(line));
  const body = end < 0 ? lines.length : end;
  const settings = new Map(lines.slice(0, body).map((line) => [SETTING.exec(line)?.[1], SETTING.exec(line)?.[2]]));
  const title = settings.get('title')?.trim() || (isPanel(kind) ? '' : kind);
  return { name: isPanel(kind) ? kind : 'note', title, body: lines.slice(body).join('\n') };
}
