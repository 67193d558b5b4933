import type { Trajectory } from '../../api/trajectory.ts';
import { exportUrl, fetchTrajectory, hasComparison, hasPart } from '../api/client.ts';
import { snapshot } from '../api/snapshot.ts';
import { EffectChart } from '../components/effect-chart.tsx';
import { Resource } from '../components/resource.tsx';
import { TableLink } from '../components/table-link.tsx';
import { Text } from '../components/text.tsx';
import { count, significant } from '../format.ts';
import { learnedWords } from '../learned-words.ts';
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
            {items.map((item) => (
              <tr key={`${item.kind} ${item.name}`} className={item.beyond ? 'flag' : ''}>
                <th scope="row">
                  <Text>{learnedWords(item, items)}</Text>
                </th>
                <td>{item.beyond ? 'yes' : 'no'}</td>
                <td className="number">{item.first === null ? '–' : count(item.first)}</td>
                <td className="number">{item.half === null ? '–' : count(item.half)}</td>
                <td className="number">{significant(item.looks.at(-1)?.effect ?? 0)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="soft small">
        Nats at each look with its interval; a full dot where it was judged as learned.
      </p>
      <div className="charts">
        {items.slice(0, DRAWN).map((item) => (
          <EffectChart
            key={`${item.kind} ${item.name}`}
            name={learnedWords(item, items)}
            growths={[{ run: id, looks: item.looks }]}
          />
        ))}
      </div>
    </section>
  );
}

/** Each look is an audit of its own; any two can be compared. */
function Looks({ looks }: Pick<Trajectory, 'looks'>) {
  const hasWords = looks.some(({ wordsEffect }) => wordsEffect !== null);
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
              {hasWords && (
                <th scope="col" className="number">
                  Words as told
                </th>
              )}
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
                {hasWords && (
                  <td className="number">
                    {wordsEffect === null ? '–' : significant(wordsEffect)}
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="soft small">
        R apart: how much further R, log p(tuned) − log p(base) of a reply, is up in the tuned
        model’s replies than in the base’s.
        {hasWords && ' Words as told: correlation of what was learned and what was told of words.'}
      </p>
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
