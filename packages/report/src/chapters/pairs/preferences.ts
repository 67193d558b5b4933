import { plainWord } from '@feedprint/core';
import { responsive } from '../../charts/frame.ts';
import { scatter } from '../../charts/scatter.ts';
import { bracketed, count, fixed, percent, probabilityOf, signed } from '../../format.ts';
import { html } from '../../html.ts';
import type { Markup } from '../../html.ts';
import { plural } from '../../text.ts';
import { accuracyPicture } from '../../pair-accuracy.ts';
import { contradictingPairs } from './contradicting-pairs.ts';
import { marginPictures } from './margins.ts';
import { toldPicture } from './told.ts';
import { pairWordsTable } from './pair-words.ts';
import { empty, section } from '../../section.ts';
import type { PreferencesReport, Report } from './schema.ts';

/** What preference pairs say, what was learned from them, and which pairs it contradicts. */
export function preferencesSection({ preferences }: Report): Markup {
  const { words } = preferences;
  return section(
    {
      id: 'preferences',
      title: 'What did it learn from the preferences?',
      brief: `${count(preferences.flagged)} of ${plural(preferences.pairs, 'pair')} contradict their labels`,
    },
    introduction(preferences),
    html`<div class="split">
      <figure>
        <h3>Each word: what the pairs say, and what was learned</h3>
        ${words.length === 0 ? empty('Too few pairs to estimate word weights.') : wordPicture(preferences)}
      </figure>
      <figure>
        <h3>How strongly the tuned model prefers the chosen reply</h3>
        ${marginPictures(preferences)}
      </figure>
    </div>`,
    toldPicture(preferences),
    accuracyPicture(preferences.accuracies),
    contradictingPairs(preferences),
    truth(preferences),
    words.length > 0 && pairWordsTable(preferences),
  );
}

function introduction(preferences: PreferencesReport): Markup {
  const { pairs, prompts, file, words, flagged, explained, left, truncated } = preferences;
  const found = words.filter((word) => word.flagged).length;
  return html`<p>
    ${plural(pairs, 'pair')} from <bdi>${file}</bdi> (${plural(prompts, 'prompt')})${
      left > 0 && html`, ${count(left)} left out`
    }${truncated > 0 && html`, ${count(truncated)} cut to fit the context`}.
    The implicit margin of a pair is the summed log-ratio of its chosen reply minus that of its
    rejected one: above 0, the tuned model prefers what the label prefers.
    ${
      explained !== null &&
      html`Words alone explain ${percent(explained, 0)} of the margins’ variance on pairs with other
      prompts. ${count(found)} of ${plural(words.length, 'word')} and ${plural(flagged, 'pair')}
      contradict what the pairs say beyond chance (false discovery rate 5 %).`
    }
  </p>`;
}

function wordPicture({ words }: PreferencesReport): Markup {
  const slope = words.find(({ inData }) => inData.value !== 0);
  const ratio = slope ? slope.expected / slope.inData.value : 0;
  const ends = [...words.map(({ inData }) => inData.value)].sort((a, b) => a - b);
  const [low = 0, high = 0] = [ends[0], ends.at(-1)];
  return html`${responsive(
      (width) =>
        scatter({
          points: words.map((word) => ({
            x: word.inData.value,
            y: word.learned.value,
            ...(word.flagged && word.learned.interval),
            flagged: word.flagged,
            name: plainWord(word.word),
            title: `${word.word}\nin the data ${signed(word.inData.value)} ${bracketed(word.inData.interval)}\nlearned ${signed(word.learned.value)} ${bracketed(word.learned.interval)}\n${probabilityOf('q', word.q)}, n = ${count(word.n)} pairs`,
          })),
          line: [
            [low, ratio * low],
            [high, ratio * high],
          ],
          xTitle: 'In the data: log-odds of being chosen',
          yTitle: 'Learned: implicit margin, nats',
          width,
          height: Math.min(520, width * 0.8),
          names: width > 500 ? 24 : 10,
          label: `Scatter plot of learned weights against weights in the data for ${plural(words.length, 'word')}. The table below gives the numbers.`,
        }),
      { wide: 650 },
    )}
    <figcaption>
      Each dot is a word; its weights are per additional occurrence in a reply. Dashed line: what
      the data predict (robust fit). Coloured and named: learned differently from what the data say,
      beyond both standard errors.
    </figcaption>`;
}

function truth({ knownTruth }: PreferencesReport): Markup {
  if (!knownTruth) {
    return html`<p class="small">
      It is not known here which labels tuning really used, so there is no saying how many of these
      findings are right. A pair that contradicts its label may have been mis-learned, may have been
      labelled against its own words, or may be chance.
    </p>`;
  }
  return html`<h3>Known truth (for evaluation only)</h3>
    <p class="small">
      The file says for which pairs tuning used the opposite label. No finding above has used this.
      AUROC: the probability that such a pair is ranked above one of the others.
    </p>
    <div class="scroll free" tabindex="0" role="region" aria-label="Findings against known labels">
      <table>
        <thead>
          <tr>
            <th class="l" scope="col">Pairs</th>
            <th scope="col">n</th>
            <th scope="col">opposite label</th>
            <th scope="col">AUROC</th>
            <th scope="col">AUROC, margin alone</th>
            <th scope="col">AUROC, words alone</th>
            <th scope="col">flagged</th>
            <th scope="col">precision</th>
            <th scope="col">recall</th>
            <th scope="col">accuracy on trained labels</th>
          </tr>
        </thead>
        <tbody>
          ${knownTruth.map(
            (row) =>
              html`<tr>
                <th scope="row"><bdi>${row.split}</bdi></th>
                <td>${count(row.n)}</td>
                <td>${count(row.turned)}</td>
                <td>${fixed(row.auroc, 3)}</td>
                <td>${fixed(row.aurocOfMargin, 3)}</td>
                <td>${fixed(row.aurocOfWords, 3)}</td>
                <td>${count(row.flagged)}</td>
                <td>${percent(row.precision)}</td>
                <td>${percent(row.recall)}</td>
                <td>${percent(row.accuracyOnTrained)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}
