import { Text } from './text.tsx';

/** Lines that can be told apart. */
export const SERIES = 6;

/** Which line is which run's: by colour and by dashes. */
export function SeriesLegend({ names }: { readonly names: readonly string[] }) {
  return (
    <p className="legend small series-legend">
      {names.map((name, i) => (
        <span key={name}>
          <svg viewBox="0 0 26 8" width="26" height="8" aria-hidden="true">
            <g className={`series s${i % SERIES}`}>
              <path className="line" d="M0 4H26" />
            </g>
          </svg>{' '}
          <Text>{name}</Text>
        </span>
      ))}
    </p>
  );
}
