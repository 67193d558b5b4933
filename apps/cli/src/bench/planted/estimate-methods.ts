import type { Estimates, Preset } from '@feedprint/recipes';
import { rankChange } from './score-methods.ts';
import type { MethodVerdict } from './score-methods.ts';

/** Stages whose time is an estimator's own. */
const restsOn: Readonly<Record<string, RegExp>> = {
  'raw activations': /^(capture|features|untrained)$/,
  'stated-label probe': /^(capture|sae-.*|features|untrained)$/,
  'paper probe': /^(capture|sae-.*|contrast)$/,
};

/** What the estimators that need dictionaries or activations say, and every measure of change. */
export function estimateMethods(
  { words, figures, changes, seconds }: Estimates,
  preset: Preset,
): MethodVerdict[] {
  const took = (stages: RegExp): number =>
    [...seconds].reduce((sum, [stage, one]) => sum + (stages.test(stage) ? one : 0), 0);
  const estimators = figures.flatMap(({ estimator, control, words: said }): MethodVerdict[] => {
    const stages = restsOn[estimator];
    // The main estimator is judged without dictionaries, once for all presets.
    if (control !== null || estimator === figures[0]?.estimator) return [];
    return [
      {
        ...{ method: estimator, preset, labels: 'stated', seconds: took(stages ?? /./) },
        words: said.flatMap(({ token, score, flagged }) =>
          score === null ? [] : [{ token, score, flagged }],
        ),
      },
    ];
  });
  const stated = new Map(words.map((word) => [word.token, word.stated]));
  const names = [...new Set(changes.map(({ method }) => method))];
  const measures = names.flatMap((method) => {
    const said = changes.filter((change) => change.method === method && stated.has(change.token));
    return rankChange(
      {
        ...{ method: method === 'log-ratio' ? 'log-ratio on a sample' : method, preset },
        seconds: took(/^changes$/),
        tokens: said.map(({ token }) => token),
        values: said.map(({ value }) => value),
        signed: said[0]?.signed ?? true,
      },
      stated,
    );
  });
  return [...estimators, ...measures];
}
