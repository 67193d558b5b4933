import { scaleLinear } from 'd3-scale';
import { area, line } from 'd3-shape';
import type { LearnedItem } from '../../api/trajectory.ts';
import { count, significant } from '../format.ts';
import { extent } from '../plot.ts';
import { SERIES } from './series-legend.tsx';
import { Text } from './text.tsx';

type Look = LearnedItem['looks'][number];

/** How one thing grew in a training. */
export interface Growth {
  readonly run: string;
  readonly looks: readonly Look[];
  /** By which it is told apart. Default: its place. */
  readonly series?: number;
}

interface EffectChartProps {
  readonly name: string;
  /** One a run; the first in front. */
  readonly growths: readonly Growth[];
}

/** Height of a line of text. */
const LINE = 14;
const box = { left: 52, right: 350, top: 12, bottom: 128 };

/** Effects over steps from none at step 0, each with its interval; a full dot where it was judged as learned. */
export function EffectChart({ name, growths }: EffectChartProps) {
  const all = growths.flatMap(({ looks }) => looks);
  const end = all.reduce((most, { step }) => Math.max(most, step), 1);
  const [low, high] = extent(all.flatMap((one) => [one.effect, one.low, one.high]));
  const x = scaleLinear([0, end], [box.left, box.right]);
  const y = scaleLinear([low, high === low ? low + 1 : high], [box.bottom, box.top]).clamp(true);
  /** 0 and the ends, where they are far enough apart to be read. */
  const ticks = [0, ...[low, high].filter((value) => Math.abs(y(value) - y(0)) > LINE)];
  const band = area<Look>(
    ({ step }) => x(step),
    (one) => y(one.low),
    (one) => y(one.high),
  ).digits(1);
  const curve = line<Look>(
    ({ step }) => x(step),
    ({ effect }) => y(effect),
  ).digits(1);
  return (
    <figure className="chart effects">
      <figcaption>
        <Text>{name}</Text>
      </figcaption>
      <svg viewBox="0 0 360 152" role="img" aria-label={`${name}: ${growths.map(said).join('; ')}`}>
        {ticks.map((value) => (
          <g key={value}>
            <line className="grid" x1={box.left} x2={box.right} y1={y(value)} y2={y(value)} />
            <text x={box.left - 6} y={y(value)} dy="0.35em" textAnchor="end">
              {significant(value)}
            </text>
          </g>
        ))}
        <text x={box.left} y="147">
          0
        </text>
        <text x={box.right} y="147" textAnchor="end">
          step {count(end)}
        </text>
        {growths
          .map((growth, i) => ({ series: i, ...growth }))
          .toReversed()
          .map(({ run, looks, series }) => {
            const from = [nothing, ...looks];
            return (
              <g key={run} className={`series s${series % SERIES}`}>
                {growths.length === 1 && growths[0]?.series === undefined && (
                  <path className="band" d={band(from) ?? ''} />
                )}
                <path className="line" d={curve(from) ?? ''} />
                {looks.map(({ step, effect, learned }) => (
                  <circle
                    key={step}
                    className={learned ? 'learned' : 'open'}
                    cx={x(step)}
                    cy={y(effect)}
                    r="3.2"
                  />
                ))}
              </g>
            );
          })}
      </svg>
    </figure>
  );
}

const nothing: Look = { step: 0, effect: 0, low: 0, high: 0, learned: false };

function said({ run, looks }: Growth): string {
  const last = looks.at(-1);
  if (!last) return `${run} nothing`;
  const { effect, low, high, step } = last;
  return `${run} ${significant(effect)} nats [${significant(low)}, ${significant(high)}] at step ${count(step)}`;
}
