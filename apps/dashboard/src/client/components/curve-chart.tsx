import type { Curve } from '../../api/run-state.ts';
import { curveTitle } from '../curve-title.ts';
import { count, significant } from '../format.ts';
import { frameOf, pathOf } from '../plot.ts';
import { SERIES } from './series-legend.tsx';
import { Text } from './text.tsx';

interface CurveChartProps {
  readonly name: string;
  readonly curves: readonly Curve[];
  /** The stage to draw in front. */
  readonly latest: string;
  /** Stages that are told apart by colour and dashes, in this order. Default: all but the latest are a backdrop. */
  readonly series?: readonly string[];
}

const box = { left: 58, right: 350, top: 10, bottom: 128 };

/** One metric over steps: the latest stage in front, all others behind it to compare with. */
export function CurveChart({ name, curves, latest, series }: CurveChartProps) {
  const frame = frameOf(curves, box);
  const front = curves.find(({ stage }) => stage === latest) ?? curves.at(-1);
  const ticks = frame.low === frame.high ? [frame.low] : [frame.low, frame.high];
  return (
    <figure className="chart">
      <figcaption>
        <Text>{curveTitle(name)}</Text>
        {frame.log && <span className="soft"> log scale</span>}
        {front && !series && <b>{significant(front.last[1])}</b>}
      </figcaption>
      <svg viewBox="0 0 360 152" role="img" aria-label={`${curveTitle(name)} over steps`}>
        {ticks.map((value) => (
          <g key={value}>
            <line
              className="grid"
              x1={box.left}
              x2={box.right}
              y1={frame.y(value)}
              y2={frame.y(value)}
            />
            <text x={box.left - 8} y={frame.y(value)} dy="0.35em" textAnchor="end">
              {significant(value)}
            </text>
          </g>
        ))}
        <text x={box.left} y="147">
          0
        </text>
        <text x={box.right} y="147" textAnchor="end">
          {count(frame.end)} steps
        </text>
        {series &&
          curves.map((curve) => (
            <g key={curve.stage} className={`series s${series.indexOf(curve.stage) % SERIES}`}>
              <path className="line" d={pathOf(curve, frame)} />
            </g>
          ))}
        {(series ? [] : curves)
          .filter((curve) => curve !== front)
          .map((curve) => (
            <path key={curve.stage} className="behind" d={pathOf(curve, frame)} />
          ))}
        {front && !series && <path className="front" d={pathOf(front, frame)} />}
        {front && !series && (
          <circle className="front" cx={frame.x(front.last[0])} cy={frame.y(front.last[1])} r="3" />
        )}
      </svg>
    </figure>
  );
}
