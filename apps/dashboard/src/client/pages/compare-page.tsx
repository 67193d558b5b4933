import type { ReactNode } from 'react';
import type { Comparison } from '../../api/compare.ts';
import type { Curve } from '../../api/run-state.ts';
import { fetchComparison } from '../api/client.ts';
import { snapshot } from '../api/snapshot.ts';
import { restsOn } from '../components/figure-list.tsx';
import { ComparedCurves } from '../components/compared-curves.tsx';
import { Choice } from '../components/fields.tsx';
import { Resource } from '../components/resource.tsx';
import { Text } from '../components/text.tsx';
import { curveTitle } from '../curve-title.ts';
import { figureText, significant } from '../format.ts';
import { follow, go, hrefOf, runPath } from '../hooks/use-route.ts';
import { useResource } from '../hooks/use-resource.ts';
import { useRuns } from '../hooks/use-runs.ts';

/** Runs side by side: answers, figures, what differs, curves over each other. */
export function ComparePage({ ids }: { readonly ids: readonly string[] }) {
  const runs = useRuns();
  const known = runs.kind === 'ready' ? runs.value.runs.map(({ id }) => id) : [];
  const rest = known.filter((id) => !ids.includes(id));
  const show = (wanted: readonly string[]): void =>
    go(hrefOf(`/compare?${new URLSearchParams(wanted.map((id) => ['run', id]))}`));
  return (
    <section aria-labelledby="compare" className="compare">
      <h1 id="compare">Compare runs</h1>
      {!snapshot && (
        <div className="filters">
          {ids.map((id) => (
            <span key={id} className="chip">
              <Text>{id}</Text>
              <button
                type="button"
                className="quiet"
                aria-label={`Leave out ${id}`}
                onClick={() => show(ids.filter((one) => one !== id))}
              >
                ×
              </button>
            </span>
          ))}
          <Choice
            label="Add a run"
            value=""
            none="choose"
            choices={rest}
            onChange={(id) => id && show([...ids, id])}
          />
        </div>
      )}
      {ids.length < 2 ? (
        <p className="soft">Choose two runs or more, such as checkpoints of one tuning.</p>
      ) : (
        <Compared ids={ids} />
      )}
    </section>
  );
}

function Compared({ ids }: { readonly ids: readonly string[] }) {
  const comparison = useResource(ids.join('\n'), fetchComparison(ids));
  return (
    <Resource of={comparison} what="the comparison">
      {(found) => (
        <>
          <Figures comparison={found} />
          <Differences comparison={found} />
          <ComparedCurves comparison={found} />
        </>
      )}
    </Resource>
  );
}

const Heads = ({ comparison: { runs } }: { readonly comparison: Comparison }) =>
  runs.map(({ summary: { id } }) => (
    <th key={id} scope="col">
      <a href={runPath(id)} onClick={follow}>
        <Text>{id}</Text>
      </a>
    </th>
  ));

function Figures({ comparison }: { readonly comparison: Comparison }) {
  const { runs } = comparison;
  const all = runs.flatMap(({ figures }) => figures);
  const places = [...new Set(all.map(({ place }) => place))];
  return (
    <div className="scroll tall" tabIndex={0} role="region" aria-label="Figures side by side">
      <table className="wrapping">
        <thead>
          <tr>
            <th scope="col">Figure</th>
            <Heads comparison={comparison} />
          </tr>
        </thead>
        <tbody>
          <tr hidden={runs.every(({ headline }) => headline === null)}>
            <th scope="row">Answer</th>
            {runs.map(({ summary: { id }, headline }) => (
              <td key={id}>{headline === null ? '–' : <Text>{headline}</Text>}</td>
            ))}
          </tr>
          {places.map((place) => (
            <tr key={place}>
              <th scope="row">
                <Text>{all.find((one) => one.place === place)?.title ?? place}</Text>
              </th>
              {runs.map(({ summary: { id }, figures }) => {
                const figure = figures.find((one) => one.place === place);
                return (
                  <td key={id} title={figure && restsOn(figure)}>
                    {figure ? <b>{figureText(figure)}</b> : '–'}
                    {figure?.interval && (
                      <span className="soft small">
                        {' '}
                        [{significant(figure.interval.low)}, {significant(figure.interval.high)}]
                      </span>
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
          <LastValues runs={runs} />
        </tbody>
      </table>
    </div>
  );
}

/** Where the curves of runs without figures ended, such as those of a training. */
function LastValues({ runs }: Pick<Comparison, 'runs'>) {
  const own = runs.map(({ figures, curves }) => (figures.length > 0 ? [] : curves));
  const keyOf = ({ stage, name }: Curve): string => `${name}, ${stage}`;
  return [...new Set(own.flat().map(keyOf))].map((key) => (
    <tr key={key}>
      <th scope="row">
        <Text>{curveTitle(key)}</Text> <span className="soft small">at the end</span>
      </th>
      {runs.map(({ summary: { id } }, i) => {
        const last = own[i]?.find((curve) => keyOf(curve) === key)?.last[1];
        return <td key={id}>{last === undefined ? '–' : <b>{significant(last)}</b>}</td>;
      })}
    </tr>
  ));
}

function Differences({ comparison }: { readonly comparison: Comparison }) {
  const { differing, settings, runs } = comparison;
  const hasAudits = runs.some(({ summary }) => summary.kind === 'audit');
  return (
    <>
      {hasAudits && <h2>What changed</h2>}
      {hasAudits && differing.length === 0 && (
        <p className="soft">No word or property is flagged in one run and not in another.</p>
      )}
      {differing.length > 0 && (
        <Table
          comparison={comparison}
          label="Words and properties that differ"
          first="Flagged in some"
        >
          {differing.map(({ kind, name, values }) => (
            <tr key={`${kind} ${name}`}>
              <th scope="row">
                <Text>{name}</Text> <span className="soft small">{kind}</span>
              </th>
              {values.map(({ effect, flagged }, i) => (
                <td key={i} className={flagged ? 'flag' : ''}>
                  {effect === null ? '–' : significant(effect)}
                  {flagged && ' flagged'}
                </td>
              ))}
            </tr>
          ))}
        </Table>
      )}
      <h2>Settings that differ</h2>
      {settings.length === 0 ? (
        <p className="soft">None.</p>
      ) : (
        <Table comparison={comparison} label="Settings that differ" first="Setting">
          {settings.map(({ name, values }) => (
            <tr key={name}>
              <th scope="row">
                <Text>{name}</Text>
              </th>
              {values.map((value, i) => (
                <td key={i}>
                  <code>
                    <Text>{value}</Text>
                  </code>
                </td>
              ))}
            </tr>
          ))}
        </Table>
      )}
    </>
  );
}

interface TableProps {
  readonly comparison: Comparison;
  readonly label: string;
  readonly first: string;
  readonly children: ReactNode;
}

const Table = ({ comparison, label, first, children }: TableProps) => (
  <div className="scroll" tabIndex={0} role="region" aria-label={label}>
    <table className="wrapping">
      <thead>
        <tr>
          <th scope="col">{first}</th>
          <Heads comparison={comparison} />
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  </div>
);
