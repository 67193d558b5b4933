import { join } from 'node:path';
import type { Prediction } from '@feedprint/recipes';
import { commandOf, foretellInWords, percent, signed } from '@feedprint/report';

/** Properties that are printed; the others are in the report. */
const SHOWN = 10;

interface Places {
  /** The base, as the command named it. */
  readonly base: string;
  readonly out: string;
  readonly pairs: string;
}

/** What tuning would teach, in a sentence and by property, and what to do next. */
export function formatPrediction(prediction: Prediction, { base, out, pairs }: Places): string {
  const shown = prediction.properties.slice(0, SHOWN);
  const width = Math.max(...shown.map(({ name }) => name.length));
  return [
    '',
    foretellInWords(prediction),
    '',
    'per standard deviation of a property: logits on the labels, standard deviations of what tuning would do',
    `  ${''.padEnd(width)}  in the data  learned  share of the change`,
    ...shown.map(
      ({ name, inData, learned, share, verdict }) =>
        `  ${name.padEnd(width)}  ${signed(inData.effect).padStart(11)}  ${signed(learned.effect).padStart(7)}  ${percent(share.value, 0).padStart(6)}   ${inWords[verdict]}`,
    ),
    '',
    `Report: ${join(out, 'report.html')}`,
    `Once tuned: ${commandOf('audit', { base, tuned: 'TUNED', pairs, prediction: out, out: `${out}-audit`, quick: true })}`,
    '',
  ].join('\n');
}

const inWords = {
  told: 'asked for',
  rewarded: 'rewarded',
  besides: 'not rewarded',
  'not-learned': '',
} as const;
