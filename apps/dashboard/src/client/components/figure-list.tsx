import type { Audit, Figure } from '../../api/audit.ts';
import { count, figureText, significant } from '../format.ts';
import { follow, runPath } from '../hooks/use-route.ts';
import { CopyButton } from './copy-button.tsx';
import { TableLink } from './table-link.tsx';
import { Text } from './text.tsx';

interface FigureListProps {
  readonly id: string;
  readonly figures: readonly Figure[];
  readonly placebos?: Audit['placebos'];
}

/** The figures behind the answer. A hover or focus shows n and interval, a click the SQL and the file. */
export function FigureList({ id, figures, placebos = [] }: FigureListProps) {
  return (
    <>
      <ul className="figure-list">
        {figures.map((figure) => (
          <li key={figure.place}>
            <details>
              <summary>
                <b className="number">{figureText(figure)}</b>
                <span className="figure-title">
                  <Text>{figure.title}</Text>
                </span>
                <span className="tip">{restsOn(figure)}</span>
              </summary>
              <div className="figure-source">
                <p className="small">{restsOn(figure)}</p>
                <pre>
                  <code>{figure.sql}</code>
                </pre>
                <p className="small links">
                  <CopyButton text={figure.sql} />
                  <TableLink id={id} table={figure.table} />
                  {figure.data && (
                    <a href={dataPath(id, figure.data)} onClick={follow}>
                      <Text>{figure.data.what}</Text>
                    </a>
                  )}
                  <code>{figure.place}</code>
                </p>
              </div>
            </details>
          </li>
        ))}
      </ul>
      {placebos.length > 0 && (
        <p className="soft small">
          Placebos:{' '}
          {placebos
            .map(({ name, description }) => `${name} (${description.replace(/\.$/, '')})`)
            .join('; ')}
          .
        </p>
      )}
    </>
  );
}

const dataPath = (id: string, { view, name }: NonNullable<Figure['data']>): string =>
  runPath(id, view, ...(name === null ? [] : [name]));

/** n and interval, or that there are none. */
export function restsOn({ interval, n, of }: Figure): string {
  const parts = [
    ...(interval
      ? [
          `${interval.level} % interval ${significant(interval.low)} to ${significant(interval.high)}`,
        ]
      : []),
    ...(n !== null ? [`n = ${count(n)} ${of}`] : []),
  ];
  return parts.length > 0 ? parts.join(' · ') : 'counted; no interval';
}
