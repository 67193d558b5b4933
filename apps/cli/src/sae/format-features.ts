import type { ShownFeature } from '@feedprint/report';
import { percent } from '../tables.ts';

/** Windows shown of a feature. */
const windows = 5;
const blocks = ' ▁▂▃▄▅▆▇█';

/** A paragraph per feature: label and score, histogram, promoted and suppressed tokens, windows with their strongest tokens marked. */
export const formatFeatures = (features: readonly ShownFeature[]): string =>
  `${features.map((feature) => lines(feature).join('\n')).join('\n\n')}\n`;

function lines({
  id,
  label,
  labelScore,
  density,
  histogram,
  tokens,
  examples,
}: ShownFeature): string[] {
  const score = labelScore === null ? '' : ` (score ${labelScore.toFixed(2)})`;
  const named = (list: readonly { readonly token: string }[]): string =>
    list.map(({ token }) => JSON.stringify(token)).join(' ');
  return [
    `${id}  ${label ?? 'not labelled'}${score}`,
    `  active on ${percent(density)} of the tokens, up to ${histogram.most.toPrecision(3)}  |${bars(histogram.counts)}|`,
    ...(tokens && tokens.promoted.length > 0 ? [`  promotes ${named(tokens.promoted)}`] : []),
    ...(tokens && tokens.suppressed.length > 0 ? [`  suppresses ${named(tokens.suppressed)}`] : []),
    ...examples.slice(0, windows).map((example) => `  ${marked(example)}`),
  ];
}

/** Heights are logarithms of one more than the counts. */
function bars(counts: readonly number[]): string {
  const sizes = counts.map((n) => Math.log1p(n));
  const top = Math.max(1, ...sizes);
  return sizes.map((size) => blocks[Math.round(((blocks.length - 1) * size) / top)]).join('');
}

/** The text on one line that cannot move the cursor, tokens of half the strongest activation and more in brackets. */
function marked({ tokens, activations }: ShownFeature['examples'][number]): string {
  const least = Math.max(...activations) / 2;
  return tokens
    .map((text, i) => {
      const shown = text.replaceAll(/[\s\p{C}]/gu, ' ');
      const value = activations[i] ?? 0;
      return value > 0 && value >= least ? shown.replace(/\S.*$/u, '[$&]') : shown;
    })
    .join('')
    .trim();
}
