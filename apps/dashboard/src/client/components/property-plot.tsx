import { scaleLinear } from 'd3-scale';
import type { PropertyRow } from '../../api/audit.ts';
import { significant, spaced } from '../format.ts';
import { follow, runPath } from '../hooks/use-route.ts';
import { extent } from '../plot.ts';
import { Text } from './text.tsx';

const columns = ['told', 'inData', 'learned'] as const;
const names = { told: 'told', inData: 'in the data', learned: 'learned' } as const;
/** Properties drawn when all of them are not asked for. */
const FEW = 12;

interface PropertyPlotProps {
  readonly id: string;
  readonly rows: readonly PropertyRow[];
  readonly all?: boolean;
}

/**
 * A row a property with three dots: told, in the data, learned, each over its own furthest effect, and behind them how far placebos
 * reach of what was learned.
 */
export function PropertyPlot({ id, rows, all = false }: PropertyPlotProps) {
  const shown = inOrder(rows).slice(0, all ? rows.length : FEW);
  const reach = Object.fromEntries(
    columns.map((column) => [column, furthest(rows, column)]),
  ) as Readonly<Record<(typeof columns)[number], number>>;
  return (
    <figure className="properties">
      <figcaption className="legend small">
        {columns
          .filter((column) => rows.some((row) => row[column] !== null))
          .map((column) => (
            <span key={column}>
              <i className={`key ${column}`} aria-hidden="true" /> {names[column]}
            </span>
          ))}
        <span>
          <i className="key band" aria-hidden="true" /> placebos
        </span>
      </figcaption>
      <p className="property-axis soft small" aria-hidden="true">
        <span>← less</span>
        <span>more →</span>
      </p>
      <ul className="property-rows">
        {shown.map((row) => (
          <li key={row.name} className={row.flagged ? 'flag' : ''}>
            <a href={runPath(id, 'replies', row.name)} onClick={follow}>
              <Text>{spaced(row.name)}</Text>
            </a>
            <Dots row={row} reach={reach} />
            <span className="tip" aria-hidden="true">
              {wordsOf(row)}
            </span>
          </li>
        ))}
      </ul>
      <p className="soft small">
        Each column over its own furthest effect, with 90 % intervals. Numbers: hover or focus a
        row.
      </p>
      {shown.length < rows.length && (
        <p className="small">
          <a href={runPath(id, 'replies')} onClick={follow}>
            All {rows.length} properties
          </a>
        </p>
      )}
    </figure>
  );
}

function Dots({
  row,
  reach,
}: {
  readonly row: PropertyRow;
  readonly reach: Readonly<Record<(typeof columns)[number], number>>;
}) {
  const x = scaleLinear([-1, 1], [8, 272]);
  const at = (column: (typeof columns)[number], value: number): number =>
    x(Math.max(-1, Math.min(1, value / reach[column])));
  return (
    <svg viewBox="0 0 280 22" role="img" aria-label={wordsOf(row)}>
      {row.placebo !== null && (
        <rect
          className="band"
          x={at('learned', -Math.abs(row.placebo))}
          width={at('learned', Math.abs(row.placebo)) - at('learned', -Math.abs(row.placebo))}
          y="2"
          height="18"
        />
      )}
      <line className="axis" x1={x(0)} x2={x(0)} y1="0" y2="22" />
      {columns.map((column, i) => {
        const value = row[column];
        if (!value) return null;
        const y = 5 + 6 * i;
        return (
          <g key={column} className={column}>
            <line x1={at(column, value.low)} x2={at(column, value.high)} y1={y} y2={y} />
            <circle cx={at(column, value.effect)} cy={y} r="3" />
          </g>
        );
      })}
    </svg>
  );
}

/** What the answer speaks of first: what was flagged, what was told; then what has a name, as the report has them. */
export const inOrder = (rows: readonly PropertyRow[]): PropertyRow[] =>
  rows.toSorted((a, b) => rank(a) - rank(b));

const rank = ({ flagged, told, name }: PropertyRow): number =>
  flagged ? 0 : told !== null ? 1 : name.startsWith('difference-feature-') ? 3 : 2;

const furthest = (rows: readonly PropertyRow[], column: (typeof columns)[number]): number => {
  const ends = extent(rows.flatMap((row) => (row[column] ? [row[column].effect] : [])));
  return Math.max(...ends.map(Math.abs)) || 1;
};

/** A row in words, with intervals. */
export function wordsOf(row: PropertyRow): string {
  const parts = columns.flatMap((column) => {
    const value = row[column];
    if (!value) return [];
    const { effect, low, high } = value;
    return [`${names[column]} ${significant(effect)} [${significant(low)}, ${significant(high)}]`];
  });
  return `${row.name}: ${parts.join('; ') || 'nothing is known'}`;
}
