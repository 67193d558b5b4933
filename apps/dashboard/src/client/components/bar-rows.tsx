import { Text } from './text.tsx';

interface BarRow {
  readonly name: string;
  /** 0 to 1 of the longest bar. */
  readonly share: number;
  readonly value: string;
  /** Where what it is compared with lies, 0 to 1. */
  readonly control?: number;
  readonly strong?: boolean;
}

/** Named bars, each with its number; a tick where its control lies. */
export function BarRows({
  label,
  rows,
}: {
  readonly label: string;
  readonly rows: readonly BarRow[];
}) {
  return (
    <ul className="bar-rows" aria-label={label}>
      {rows.map(({ name, share, value, control, strong = false }) => (
        <li key={name}>
          <span className="bar-name">
            <Text>{name}</Text>
          </span>
          <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
            <rect className="track" width="100" height="10" />
            <rect
              className={strong ? 'fill strong' : 'fill'}
              width={100 * Math.min(1, Math.max(0, share))}
              height="10"
            />
            {control !== undefined && (
              <rect className="control" x={100 * Math.min(1, control)} width="1" height="10" />
            )}
          </svg>
          <span className="number">{value}</span>
        </li>
      ))}
    </ul>
  );
}
