import { dots } from '../../charts/dots.ts';
import type { DotRow } from '../../charts/dots.ts';
import { responsive } from '../../charts/frame.ts';
import {
  bracketed,
  count,
  fixed,
  percent,
  probabilityOf,
  signed,
  significant,
} from '../../format.ts';
import { html } from '../../html.ts';
import type { Markup } from '../../html.ts';
import { plural } from '../../text.ts';
import { empty } from '../../section.ts';
import type { Report } from './schema.ts';

type Run = Report['validation']['ablation'][number];

interface Measure {
  readonly key: 'reward' | 'expected' | 'kl' | 'logProbBase' | 'repeated';
  readonly title: string;
  readonly axis: string;
  /** What the axis shows of a value. */
  readonly scale: number;
}

const measures: readonly Measure[] = [
  { key: 'reward', title: 'Feedback', axis: 'Change in feedback per completion', scale: 1 },
  {
    key: 'expected',
    title: 'Expected feedback',
    axis: 'Change in expected feedback per 1,000 tokens',
    scale: 1000,
  },
  {
    key: 'kl',
    title: 'How far the model moves',
    axis: 'KL from the unmodified model per 1,000 tokens (nats)',
    scale: 1000,
  },
  {
    key: 'logProbBase',
    title: 'Fluency',
    axis: 'Change in log-probability under the base (nats per token)',
    scale: 1,
  },
  {
    key: 'repeated',
    title: 'Repetition',
    axis: 'Change in the share of repeated bigrams (%)',
    scale: 100,
  },
];

const named = { related: 'related', carriers: 'carriers of the shift' } as const;

/** For each measure, what switching the features off changed, compared with the same number of random features. */
export function ablationFigures(runs: readonly Run[]): Markup {
  const none = runs.find(({ kind }) => kind === 'none');
  const targets = runs.filter(({ kind }) => kind === 'related' || kind === 'carriers');
  if (!none || targets.length === 0) return empty('No features were ablated.');
  const [reward, expected, kl, fluency, repetition] = measures.map((each) => figure(each, runs));
  return html`<p>
      The unmodified model’s completions earn ${fixed(none.reward.value)}
      ${bracketed(none.reward.interval)} of stated feedback on average (n = ${count(none.n)}).
      ${targets.map((target) => html`${verdict(target, runs)} `)}
    </p>
    <div class="split even">${reward}${expected}</div>
    <div class="split even">${kl}${fluency}</div>
    <div class="split even">
      ${repetition}
      <p class="small">
        Dots: the effect of switching the features off, with 95 % intervals over the same prompts;
        the number of features is in brackets. Rings: draws of the same number of random features
        from the same sites that are active about as often. The features matter if the dot lies
        outside the rings; p is its rank among them. Reconstruction: every site replaced by its
        dictionary’s reconstruction, with no feature off${moved(runs)}. Expected feedback and KL are
        measured on the unmodified model’s completions, without the noise of sampling.
      </p>
    </div>`;
}

/** How far the reconstruction moves the model, which is off the scale of the features. */
function moved(runs: readonly Run[]): string {
  const kl = runs.find(({ kind }) => kind === 'reconstruction')?.kl.value ?? null;
  return kl === null ? '' : ` (KL ${significant(1000 * kl)} per 1,000 tokens)`;
}

const drawsOf = (runs: readonly Run[], kind: Run['kind']): readonly Run[] =>
  runs.filter(({ against }) => against === kind);

function verdict(target: Run, runs: readonly Run[]): string {
  const { reward, expected } = target;
  if (!reward.difference || !expected.difference) return '';
  const name = target.kind === 'related' ? 'labelled as related' : 'carrying most of the shift';
  const draws = drawsOf(runs, target.kind).length;
  const change = `Ablating the ${plural(target.features, 'feature')} ${name} changes this by ${signed(reward.difference.value)} ${bracketed(reward.difference.interval)}${beside(reward.p)} and the expected feedback per 1,000 tokens by ${signed(1000 * expected.difference.value)}${beside(expected.p)}`;
  return draws > 0 ? `${change}, compared with ${plural(draws, 'random draw')}.` : `${change}.`;
}

/** Whether random features do as much. */
function beside(p: number | null): string {
  if (p === null) return '';
  const rank = probabilityOf('p', p);
  return p > 0.05
    ? ` (random features do as much, ${rank})`
    : ` (more than random features do, ${rank})`;
}

function figure({ key, title, axis, scale }: Measure, runs: readonly Run[]): Markup {
  const shown = runs.filter(
    ({ kind }) =>
      kind === 'related' || kind === 'carriers' || (kind === 'reconstruction' && key !== 'kl'),
  );
  const rows = shown.map((run): DotRow => {
    const { difference, p } = run[key];
    const target = run.kind === 'related' || run.kind === 'carriers' ? run.kind : undefined;
    const value = difference === null ? null : scale * difference.value;
    return {
      label: target ? `${named[target]} (${run.features})` : 'reconstruction',
      value,
      interval: difference && {
        low: scale * difference.interval.low,
        high: scale * difference.interval.high,
      },
      others: drawsOf(runs, run.kind).flatMap((draw) =>
        draw[key].difference ? [scale * draw[key].difference.value] : [],
      ),
      tone: target ? 'flag' : 'control',
      note: p === null ? signed(value) : probabilityOf('p', p),
      title: `${run.name}\n${signed(value, 3)} ${bracketed(difference && { low: scale * difference.interval.low, high: scale * difference.interval.high }, 3)}${p === null ? '' : `\n${probabilityOf('p', p)} among its random draws`}`,
    };
  });
  return html`<figure>
    <h4>${title}</h4>
    ${responsive(
      (width) => dots({ rows, xTitle: axis, reference: 0, width, label: `${axis}, by run.` }),
      { wide: 530 },
    )}
  </figure>`;
}

/** The figures of every run. */
export function ablationTable(runs: readonly Run[]): Markup | null {
  if (runs.length === 0) return null;
  return html`<details>
    <summary>All generation runs</summary>
    <div class="scroll free" tabindex="0" role="region" aria-label="All generation runs">
      <table class="sites">
        <thead>
          <tr>
            <th class="l" scope="col">Run</th>
            <th scope="col">Features off</th>
            <th scope="col">Active per token</th>
            <th scope="col">Feedback</th>
            <th scope="col">Change</th>
            <th scope="col">Expected per token</th>
            <th scope="col">KL (nats)</th>
            <th scope="col">Log-prob. (nats)</th>
            <th scope="col">Repeated</th>
          </tr>
        </thead>
        <tbody>
          ${runs.map(
            (run) =>
              html`<tr>
                <th scope="row">${run.name}</th>
                <td>${run.features}</td>
                <td>${significant(run.density)}</td>
                <td>${fixed(run.reward.value, 3)}</td>
                <td>${signed(run.reward.difference?.value, 3)}</td>
                <td>${fixed(run.expected.value, 4)}</td>
                <td>${fixed(run.kl.value, 4)}</td>
                <td>${fixed(run.logProbBase.value, 3)}</td>
                <td>${percent(run.repeated.value)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </details>`;
}
