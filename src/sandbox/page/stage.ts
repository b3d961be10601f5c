// One stage of an article's way to its readers, in words: what it did, how sure we are, and the HTML it left.
import type { ApiRule } from '../content/api.ts';
import type { FilterChange, Filtered } from '../content/rule.ts';
import { ALL_RULES, type FilterRule, type Stage } from '../content/stages.ts';
import { groupDigits } from '../evidence.ts';
import { escapeHtml } from '../markup.ts';
import type { SandboxArticle } from '../store.ts';
import { CHANGES } from './change-words.ts';
import type { Language, Words } from './words.ts';

interface StageView {
  readonly language: Language;
  readonly words: Words;
  readonly stage: Stage;
}

type Change = FilterChange<FilterRule>;

/** What the API kept of an article. */
export function toStored({ content, changes }: SandboxArticle): Filtered<ApiRule> {
  return { html: content, changes };
}

/** The panel of a stage: what a reader can notice, then the rest folded away. */
export function renderStage(view: StageView, { html, changes }: Filtered<FilterRule>): string {
  const { words, stage } = view;
  const { title, says, nothing } = words.stages[stage];
  const losses = changes.filter(isLoss);
  const forms = changes.filter((change) => !isLoss(change));
  return `<section id="stage"><div><h2>${title}</h2><p class="soft">${says}</p></div>
    ${losses.length === 0 ? `<p>${nothing}</p>` : renderChanges(view, losses)}
    <div>${forms.length === 0 ? '' : renderFold(words.forms(forms.length), renderChanges(view, forms))}
    ${renderFold(words.html(groupDigits(html.length)), `<pre>${escapeHtml(html)}</pre>`)}</div></section>`;
}

/** The way to that panel, for a screen on which it lies below the article. */
export function renderStageNote({ words, stage }: StageView, { changes }: Filtered<FilterRule>): string {
  const lost = words.losses(changes.filter(isLoss).length);
  return `<a class="note quiet" href="#stage">${words.stages[stage].title}<span>${lost} ↓</span></a>`;
}

function isLoss({ rule }: Change): boolean {
  return ALL_RULES[rule].effect === 'loss';
}

function renderChanges({ language, words }: StageView, changes: readonly Change[]): string {
  const rows = changes.map(({ rule, times }) => {
    const { confidence, refusal } = ALL_RULES[rule];
    const notes = [words.sure[confidence], ...(refusal === undefined ? [] : [words.refused(refusal)])];
    return `<li><b>${words.times(times)}</b><span>${CHANGES[language][rule]} <small>${notes.join(' · ')}</small></span></li>`;
  });
  return `<ul class="took">${rows.join('')}</ul>`;
}

function renderFold(title: string, content: string): string {
  return `<details><summary>${title}</summary>${content}</details>`;
}
