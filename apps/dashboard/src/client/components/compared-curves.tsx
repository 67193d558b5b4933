import type { Comparison } from '../../api/compare.ts';
import { learnedWords } from '../learned-words.ts';
import { CurveChart } from './curve-chart.tsx';
import { EffectChart } from './effect-chart.tsx';
import { SeriesLegend } from './series-legend.tsx';

/** Curves that several runs have, and what trajectories found learned, one over the other. */
export function ComparedCurves({ comparison }: { readonly comparison: Comparison }) {
  const { runs, learned } = comparison;
  const ids = runs.map(({ summary: { id } }) => id);
  const all = runs.flatMap(({ summary: { id }, curves }) =>
    curves.map((curve) => ({ ...curve, key: `${curve.stage} ${curve.name}`, stage: id })),
  );
  const keys = [...new Set(all.map(({ key }) => key))].filter(
    (key) => new Set(all.filter((one) => one.key === key).map(({ stage }) => stage)).size > 1,
  );
  if (keys.length === 0 && learned.length === 0) return null;
  return (
    <section aria-labelledby="over">
      <h2 id="over">Curves over each other</h2>
      <SeriesLegend names={ids} />
      {learned.length > 0 && (
        <p className="soft small">
          What was learned when, nats; a full dot where it was judged as learned.
        </p>
      )}
      <div className="charts">
        {learned.map(({ runs: looks, ...item }) => (
          <EffectChart
            key={`${item.kind} ${item.name}`}
            name={learnedWords(item, learned)}
            growths={ids.flatMap((run, i) => {
              const own = looks[i];
              return own ? [{ run, looks: own, series: i }] : [];
            })}
          />
        ))}
        {keys.map((key) => (
          <CurveChart
            key={key}
            name={key}
            latest={ids.at(-1) ?? ''}
            series={ids}
            curves={all.filter((one) => one.key === key)}
          />
        ))}
      </div>
    </section>
  );
}
