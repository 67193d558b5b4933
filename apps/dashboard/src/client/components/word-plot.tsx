import { scaleLinear } from 'd3-scale';
import type { WordRow } from '../../api/audit.ts';
import { significant } from '../format.ts';
import { apart, extent, ticksOf } from '../plot.ts';

const box = { left: 44, right: 472, top: 12, bottom: 292 };
/** Names written beside their points. */
const NAMED = 14;
/** Where names turn to the other side of their points, and the height of a name. */
const TURN = 380;
const LINE = 11;

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
    const isLeft = x(stated) > TURN;
    return { word, isLeft, x: x(stated) + (isLeft ? -7 : 7), y: y(estimate) };
  });
  return (
    <figure className="plot">
      <svg
        viewBox="0 0 480 330"
        role="img"
        aria-label={`${words.length} words: what was stated of each against what was learned; ${flagged.length} learned the other way round`}
      >
        {ticksOf(y).map((tick) => (
          <g key={tick}>
            <line className="grid" x1={box.left} x2={box.right} y1={y(tick)} y2={y(tick)} />
            <text x={box.left - 6} y={y(tick)} dy="0.35em" textAnchor="end">
              {significant(tick)}
            </text>
          </g>
        ))}
        {ticksOf(x).map((tick) => (
          <text key={tick} x={x(tick)} y={box.bottom + 16} textAnchor="middle">
            {significant(tick)}
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
        {apart(named, { height: LINE, lowest: box.bottom - 4 }).map((name) => (
          <text
            key={name.word}
            className="name"
            x={name.x}
            y={name.y}
            dy="0.35em"
            textAnchor={name.isLeft ? 'end' : 'start'}
          >
            {name.word}
          </text>
        ))}
        <text x={box.left} y="325">
          stated feedback
        </text>
        <text className="turned" x={-box.top} y="10" textAnchor="end">
          learned, nats
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
