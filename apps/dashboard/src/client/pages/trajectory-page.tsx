import type { Trajectory } from '../../api/trajectory.ts';
import { exportUrl, fetchTrajectory, hasComparison, hasPart } from '../api/client.ts';
import { snapshot } from '../api/snapshot.ts';
import { EffectChart } from '../components/effect-chart.tsx';
import { Resource } from '../components/resource.tsx';
import { TableLink } from '../components/table-link.tsx';
import { Text } from '../components/text.tsx';
import { count, significant } from '../format.ts';
import { follow, hrefOf, runPath } from '../hooks/use-route.ts';
import { useResource } from '../hooks/use-resource.ts';

/** Things that have a picture. */
const DRAWN = 12;

interface TrajectoryPageProps {
  /** The trajectory. */
  readonly id: string;
  /** The run whose page this is: the trajectory, or the training that it is of. */
  readonly own: string;
  readonly edition: string;
}

/** What was learned when in a training: the answer, how each thing grew, what each look said. */
export function TrajectoryPage({ id, own, edition }: TrajectoryPageProps) {
  const trajectory = useResource(`${id} ${edition}`, fetchTrajectory(id));
  return (
    <Resource of={trajectory} what="what was learned when">
      {(found) => (
        <>
          <p className="soft small given">
            <span title={found.base}>
              from <Text>{found.base.split(/[\\/]/).at(-1) ?? ''}</Text>
            </span>
            <span>
              {count(found.looks.length)} looks in {count(found.steps)} steps
            </span>
            <span>
              a false alarm in {Number((100 * found.alpha).toPrecision(2))} % of trainings at most
            </span>
          </p>
          <p className="lead">
            <Text>{found.sentence}</Text>
          </p>
          <Growths id={id} items={found.items} />
          <Looks looks={found.looks} />
          <p className="small links">
            {['trajectory', 'looks'].map((table) => (
              <TableLink key={table} id={id} table={table} />
            ))}
            {!snapshot && (
              <a href={exportUrl(own)} download>
                A copy of these views that needs no server
              </a>
            )}
          </p>
        </>
      )}
    </Resource>
  );
}

function Growths({ id, items }: { readonly id: string } & Pick<Trajectory, 'items'>) {
  if (items.length === 0) return <p className="soft">No look found anything learned.</p>;
  return (
    <section aria-labelledby="growths">
      <h2 id="growths">What was learned when</h2>
      <div className="scroll" tabIndex={0} role="region" aria-label="Things learned">
        <table className="wrapping">
          <thead>
            <tr>
              <th scope="col">Learned</th>
              <th scope="col">Beyond what was told</th>
              <th scope="col" className="number">
                First at step
              </th>
              <th scope="col" className="number">
                Half of it at
              </th>
              <th scope="col" className="number">
                At the end, nats
              </th>
            </tr>
          </thead>
          <tbody>
            {items.map(({ kind, name, inWords, beyond, first, half, looks }) => (
              <tr key={`${kind} ${name}`} className={beyond ? 'flag' : ''}>
                <th scope="row">
                  <Text>{inWords}</Text>
                </th>
                <td>{beyond ? 'yes' : ''}</td>
                <td className="number">{first === null ? '–' : count(first)}</td>
                <td className="number">{half === null ? '–' : count(half)}</td>
                <td className="number">{significant(looks.at(-1)?.effect ?? 0)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="soft small">
        Nats at each look with its interval; a full dot where it was judged as learned.
      </p>
      <div className="charts">
        {items.slice(0, DRAWN).map(({ kind, name, inWords, looks }) => (
          <EffectChart key={`${kind} ${name}`} name={inWords} growths={[{ run: id, looks }]} />
        ))}
      </div>
    </section>
  );
}

/** Each look is an audit of its own; any two can be compared. */
function Looks({ looks }: Pick<Trajectory, 'looks'>) {
  const ends = [looks[0]?.run, looks.at(-1)?.run].filter((run) => typeof run === 'string');
  return (
    <section aria-labelledby="looks">
      <h2 id="looks">What each look said</h2>
      <div className="scroll" tabIndex={0} role="region" aria-label="Looks">
        <table className="wrapping">
          <thead>
            <tr>
              <th scope="col" className="number">
                Step
              </th>
              <th scope="col">It says</th>
              <th scope="col" className="number">
                R apart, nats
              </th>
              <th scope="col" className="number">
                Words as told
              </th>
            </tr>
          </thead>
          <tbody>
            {looks.map(({ step, sentence, difference, wordsEffect, run }) => (
              <tr key={step}>
                <th scope="row" className="number">
                  {run === null || !hasPart(run) ? (
                    count(step)
                  ) : (
                    <a href={runPath(run, 'audit')} onClick={follow}>
                      {count(step)}
                    </a>
                  )}
                </th>
                <td>
                  <Text>{sentence}</Text>
                </td>
                <td className="number">{difference === null ? '–' : significant(difference)}</td>
                <td className="number">{wordsEffect === null ? '–' : significant(wordsEffect)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {new Set(ends).size > 1 && hasComparison(ends) && (
        <p className="small">
          <a
            href={hrefOf(`/compare?${new URLSearchParams(ends.map((run) => ['run', run]))}`)}
            onClick={follow}
          >
            Compare the first and the last checkpoint
          </a>
        </p>
      )}
    </section>
  );
}
