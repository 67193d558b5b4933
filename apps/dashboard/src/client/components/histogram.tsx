import { count, significant } from '../format.ts';

interface HistogramProps {
  readonly most: number;
  readonly counts: readonly number[];
  /** Number of tokens looked at; null where it is not known. */
  readonly rows: number | null;
}

/** How strongly a feature is active where it is. */
export function Histogram({ most, counts, rows }: HistogramProps) {
  const highest = Math.max(1, ...counts);
  const width = 320 / Math.max(1, counts.length);
  const active = counts.reduce((sum, one) => sum + one, 0);
  const said = `active at ${count(active)}${rows === null ? '' : ` of ${count(rows)}`} tokens, at most ${significant(most)}`;
  return (
    <figure className="plot">
      <svg viewBox="0 0 320 96" role="img" aria-label={`Histogram of activations: ${said}`}>
        {counts.map((one, i) => (
          <rect
            key={i}
            className="fill"
            x={i * width}
            width={width - 1}
            y={76 - (72 * one) / highest}
            height={(72 * one) / highest}
          >
            <title>{`${significant((most * i) / counts.length)} to ${significant((most * (i + 1)) / counts.length)}: ${count(one)} tokens`}</title>
          </rect>
        ))}
        <text x="0" y="92">
          0
        </text>
        <text x="320" y="92" textAnchor="end">
          {significant(most)}
        </text>
      </svg>
      <figcaption className="soft small">Activation where it is active: {said}.</figcaption>
    </figure>
  );
}
