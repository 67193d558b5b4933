import type { Audit } from '../../api/audit.ts';
import { significant } from '../format.ts';
import { FigureList } from './figure-list.tsx';
import { Text } from './text.tsx';

interface CauseListProps {
  readonly id: string;
  readonly causes: NonNullable<Audit['causes']>;
}

/** What may carry what was learned: whether it is shown to, and every figure of it and of what it is held against. */
export function CauseList({ id, causes }: CauseListProps) {
  const { candidate, holds, criteria, groups } = causes;
  return (
    <section aria-labelledby="causes">
      <h2 id="causes">Causes</h2>
      {candidate !== null && (
        <p>
          <Text>{candidate}</Text>
          {holds === true ? ' meets all criteria of a cause.' : ' is not shown to be a cause.'}
        </p>
      )}
      {candidate === null && holds === null && criteria.length === 0 && groups.length === 0 && (
        <p className="soft">Nothing was found that a cause could be sought for.</p>
      )}
      {criteria.length > 0 && (
        <div className="scroll" tabIndex={0} role="region" aria-label="Criteria of a cause">
          <table>
            <thead>
              <tr>
                <th scope="col">Asked</th>
                <th scope="col" className="number">
                  Limit
                </th>
                <th scope="col" className="number">
                  Measured
                </th>
                <th scope="col">Met</th>
              </tr>
            </thead>
            <tbody>
              {criteria.map(({ asks, value, limit, passed }) => (
                <tr key={asks}>
                  <th scope="row" className="wrap">
                    {asks}
                  </th>
                  <td className="number">{significant(limit)}</td>
                  <td className="number">{value === null ? '–' : significant(value)}</td>
                  <td>{passed ? 'yes' : 'no'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {groups.map(({ title, figures }, i) => (
        <details className="fold" key={title} open={i < 2}>
          <summary>
            <Text>{title}</Text>
          </summary>
          <FigureList id={id} figures={figures} />
        </details>
      ))}
    </section>
  );
}
