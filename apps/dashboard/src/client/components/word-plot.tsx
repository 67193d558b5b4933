import { scaleLinear } from 'd3-scale';
import type { WordRow } from '../../api/audit.ts';
import { significant, visible } from '../format.ts';
import { apart, extent, inColumns, ticksOf } from '../plot.ts';

const box = { left: 44, right: 472, top: 12, bottom: 292 };
/** Names written beside their points. */
const NAMED = 14;
/** Names stand on the side of their points where the middle is, so that those of either half keep apart. */
const MIDDLE = (box.left + box.right) / 2;
/** Height of a name. */
const LINE = 14;
/** Points whose names stand in one column, and how far from them. */
const NEAR = 60;
const AWAY = 9;

/** What was stated of words against what was learned: words that are flagged stand out and have their names. */
export function WordPlot({ words }: { readonly words: readonly WordRow[] }) {
  const x = scaleLinear(extent(words.map(({ stated }) => stated)), [box.left, box.right])
    .clamp(true)
    .nice();
  const y = scaleLinear(extent(words.map(({ estimate }) => estimate)), [box.bottom, box.top])
    .clamp(true)
    .nice();
  const flagged = words.filter((word) => word.flagged);
  const named = flagged.slice(0, NAMED).map(({ word, stated, estimate }) => {
    const [px, py] = [x(stated), y(estimate)];
    return { word, isLeft: px > MIDDLE, x: px, y: py, py };
  });
  const placed = apart(inColumns(named, { near: NEAR, away: AWAY }), {
    height: LINE,
    lowest: box.bottom - 4,
  });
  return (
    <figure className="plot">
      <svg
        viewBox="0 0 480 330"
        role="img"
        aria-label={`${words.length} words: what was stated of each against what was learned; ${flagged.length} learned the other way round`}
      >
        {ticksOf(y).map(({ value, text }) => (
          <g key={value}>
            <line className="grid" x1={box.left} x2={box.right} y1={y(value)} y2={y(value)} />
            <text x={box.left - 6} y={y(value)} dy="0.35em" textAnchor="end">
              {text}
            </text>
          </g>
        ))}
        {ticksOf(x).map(({ value, text }) => (
          <text key={value} x={x(value)} y={box.bottom + 16} textAnchor="middle">
            {text}
          </text>
        ))}
        <line className="axis" x1={x(0)} x2={x(0)} y1={box.top} y2={box.bottom} />
        <line className="axis" x1={box.left} x2={box.right} y1={y(0)} y2={y(0)} />
        {words
          .filter((word) => !word.flagged)
          .map(({ token, word, stated, estimate }) => (
            <circle key={token} className="dot" cx={x(stated)} cy={y(estimate)} r="2.4">
              <title>{`${word}: stated ${significant(stated)}, learned ${significant(estimate)}`}</title>
            </circle>
          ))}
        {flagged.map(({ token, word, stated, estimate, low, high, n }) => (
          <g key={token}>
            <circle className="dot flag" cx={x(stated)} cy={y(estimate)} r="3.6">
              <title>{`${word}: stated ${significant(stated)}, learned ${significant(estimate)}${
                low === null || high === null ? '' : ` [${significant(low)}, ${significant(high)}]`
              }, n = ${n}`}</title>
            </circle>
          </g>
        ))}
        {placed.map((name) => (
          <g key={name.word}>
            <line className="leader" x1={name.x} y1={name.py} x2={name.at} y2={name.y} />
            <text
              className="name"
              x={name.at}
              y={name.y}
              dx={name.isLeft ? -2 : 2}
              dy="0.35em"
              textAnchor={name.isLeft ? 'end' : 'start'}
            >
              {visible(name.word)}
            </text>
          </g>
        ))}
        <text x={box.right} y="325" textAnchor="end">
          stated feedback →
        </text>
        <text className="turned" x={-box.top} y="10" textAnchor="end">
          learned, nats →
        </text>
      </svg>
      <figcaption className="soft small">
        {flagged.length > 0
          ? 'Named: words learned the other way round.'
          : 'No word was learned the other way round.'}
      </figcaption>
    </figure>
  );
}
