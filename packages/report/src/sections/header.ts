import type { AuditReport } from '@feedprint/core';
import { bracketed, count, fixed, mean, percent, probabilityOf, signed } from '../format.ts';
import { html } from '../html.ts';
import type { Child, Markup } from '../html.ts';
import { listed, plural } from '../text.ts';
import { verdict } from './verdicts.ts';

interface Figure {
  readonly title: string;
  readonly big: Child;
  readonly flag?: boolean;
  readonly meaning: string;
  readonly control: string;
}

/** Title, models, the findings, and the five figures that sum the audit up, each with its control. */
export function headerSection(report: AuditReport): Markup {
  const { models, feedback, summary, texts } = report;
  const [lead, ...rest] = summary;
  return html`<header>
    <div class="over">
      <h1>Feedprint audit: <bdi>${report.name}</bdi></h1>
      <span class="soft"
        ><bdi>${models.tuned}</bdi> against <bdi>${models.base}</bdi> · told
        <bdi>${feedback.name}</bdi> (${fixed(feedback.range[0], 1)} to
        ${fixed(feedback.range[1], 1)}) · ${plural(texts.count, 'text')},
        ${plural(texts.tokens, 'token')} ·
        <time datetime="${report.createdAt}">${report.createdAt.slice(0, 10)}</time></span
      >
    </div>
    <p class="lead">${lead ?? 'The audit states no finding.'}</p>
    ${
      rest.length > 0 &&
      html`<ul class="findings">
        ${rest.map((sentence) => html`<li>${sentence}</li>`)}
      </ul>`
    }
    <dl class="figures">
      ${[agreed, flagged, layers, recovered, ablated].map((figure) => card(figure(report)))}
    </dl>
  </header>`;
}

function card({ title, big, flag, meaning, control }: Figure): Markup {
  return html`<div>
    <dt>${title}</dt>
    <dd class="big${flag ? ' flag' : ''}">${big}</dd>
    <dd>${meaning}</dd>
    <dd>${control}</dd>
  </div>`;
}

function agreed({ agreement }: AuditReport): Figure {
  const { tauB, controls } = agreement;
  return {
    title: 'Learned agrees with stated',
    big: html`τ ${fixed(tauB.value)} <small>${bracketed(tauB.interval)}</small>`,
    meaning: `Kendall’s τ-b over ${plural(tauB.n, 'word')}, 95 % interval; 1 is the same order, 0 none.`,
    control:
      controls.length === 0
        ? 'No controls were run.'
        : `Controls: ${controls.map((each) => `${each.control} ${fixed(each.tauB.value)}`).join(', ')}. It ${verdict(agreement)[0]}`,
  };
}

function flagged({ words }: AuditReport): Figure {
  const found = words.filter((word) => word.flagged);
  const worst = Math.max(...found.map((word) => word.q));
  return {
    title: 'Words that contradict',
    big: html`${count(found.length)} <small>of ${count(words.length)} scored</small>`,
    flag: found.length > 0,
    meaning: 'Learned feedback contradicts the stated one beyond chance.',
    control:
      found.length === 0
        ? `Smallest q of all words: ${words.length === 0 ? 'none' : fixed(Math.min(...words.map((word) => word.q)), 3)}.`
        : `Largest ${probabilityOf('q', worst)}: at most ${percent(Math.max(worst, 0.001))} of them are expected to be chance.`,
  };
}

function layers({ divergence }: AuditReport): Figure {
  const [most] = divergence.toSorted((a, b) => b.relativeL2 - a.relativeL2);
  const kept = divergence.filter((layer) => layer.kept).map((layer) => String(layer.layer));
  const least = Math.min(...divergence.map((layer) => layer.relativeL2));
  return {
    title: 'Layer most changed',
    big: most
      ? html`${most.layer} <small>by ${percent(most.relativeL2, 2)} of its weights’ norm</small>`
      : fixed(null),
    meaning:
      kept.length === 0
        ? 'No layer was studied further.'
        : `Studied further: ${kept.length === 1 ? 'layer' : 'layers'} ${listed(kept)}, of ${divergence.length}.`,
    control: most ? `Least changed layer: ${percent(least, 2)}.` : 'No layers were compared.',
  };
}

function recovered({ validation }: AuditReport): Figure {
  const values = validation.crossEntropy.flatMap((site) => site.recovered ?? []);
  return {
    title: 'Cross-entropy recovered',
    big: html`${percent(mean(values))}
    ${values.length > 0 && html`<small>mean of ${plural(values.length, 'site')}</small>`}`,
    meaning: 'How much of the model’s prediction survives when a dictionary stands in for a site.',
    control:
      values.length === 0
        ? 'Not measured.'
        : `Site by site ${percent(Math.min(...values))} to ${percent(Math.max(...values))}; a zeroed site is ${percent(0, 0)}.`,
  };
}

function ablated({ validation }: AuditReport): Figure {
  const none = validation.ablation.find(({ kind }) => kind === 'none')?.reward;
  const related = validation.ablation.find(({ kind }) => kind === 'related');
  const random = validation.ablation.filter(({ against }) => against === 'related');
  const change = related?.reward.difference ?? null;
  const changes = random.flatMap(({ reward }) => reward.difference?.value ?? []);
  return {
    title: 'Effect of ablating its features',
    big: html`${signed(change?.value)}
    ${change !== null && html`<small>reward a completion</small>`}`,
    meaning:
      none && related && change
        ? `From ${fixed(none.value)} to ${fixed(related.reward.value)} with ${plural(related.features, 'related feature')} off; 95 % interval of the change ${bracketed(change.interval)}; n = ${count(related.n)}.`
        : 'Related features were not ablated.',
    control:
      changes.length > 0
        ? `As many random features: ${signed(mean(changes))} (mean of ${plural(changes.length, 'draw')}; ${probabilityOf('p', related?.reward.p)}).`
        : 'No random control.',
  };
}
