import type { Curve, StageState } from '../../api/run-state.ts';
import { curveTitle } from '../curve-title.ts';
import { significant } from '../format.ts';
import { CurveChart } from './curve-chart.tsx';
import { Sparkline } from './sparkline.tsx';
import { Text } from './text.tsx';

interface CurvesProps {
  readonly curves: readonly Curve[];
  readonly stages: readonly StageState[];
}

/** Every metric: one chart with the latest stage in front of the others, and a small line per stage. */
export function Curves({ curves, stages }: CurvesProps) {
  if (curves.length === 0) {
    const before = stages.some(({ status }) => status === 'waiting' || status === 'running');
    return (
      <section aria-labelledby="curves">
        <h2 id="curves">Training</h2>
        <p className="soft">{before ? 'No curves yet.' : 'This run recorded no curves.'}</p>
      </section>
    );
  }
  const names = [...new Set(curves.filter(moves).map(({ name }) => name))];
  const rows = [...new Set(curves.map(({ stage }) => stage))].reverse();
  const latest = rows[0] as string;
  return (
    <section aria-labelledby="curves">
      <h2 id="curves">Training</h2>
      <p className="soft small">
        In front: <Text>{latest}</Text>
      </p>
      <Charts names={names.filter(isMain)} latest={latest} curves={curves} />
      {names.some((name) => !isMain(name)) && (
        <details className="fold">
          <summary>More curves</summary>
          <Charts names={names.filter((name) => !isMain(name))} latest={latest} curves={curves} />
        </details>
      )}
      <div
        hidden={rows.length < 2}
        className="scroll"
        tabIndex={0}
        role="region"
        aria-label="Curves of each stage"
      >
        <table>
          <thead>
            <tr>
              <th>Stage</th>
              {names.map((name) => (
                <th key={name} colSpan={2}>
                  <Text>{curveTitle(name)}</Text>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((stage) => (
              <tr key={stage} className={stage === latest ? 'latest' : ''}>
                <th>
                  <Text>{stage}</Text>
                </th>
                {names.map((name) => {
                  const curve = curves.find((one) => one.stage === stage && one.name === name);
                  return <SparkCells key={name} curve={curve} />;
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

interface ChartsProps {
  readonly names: readonly string[];
  readonly latest: string;
  readonly curves: readonly Curve[];
}

const Charts = ({ names, latest, curves }: ChartsProps) => (
  <div className="charts">
    {names.map((name) => (
      <CurveChart
        key={name}
        name={name}
        latest={latest}
        curves={curves.filter((curve) => curve.name === name)}
      />
    ))}
  </div>
);

/** What is looked at first, of training data and of what is held out; speeds, norms, rates and counts come after. */
const isMain = (name: string): boolean =>
  /^(eval_)?(loss|mse|l0|kl|reward|accuracy|.*variance.*|rewards\/(margins|accuracies))$/i.test(
    name,
  ) || !/second|waiting|norm|rate|logps|rewards\/|^dead\b/i.test(name);

/** Curves that stay where they are say nothing; one point may be the first of many. */
const moves = ({ points, last }: Curve): boolean =>
  points.length < 3 || points.some(([, value]) => value !== last[1]);

function SparkCells({ curve }: { readonly curve: Curve | undefined }) {
  if (!curve) return <td colSpan={2} />;
  return (
    <>
      <td>
        <Sparkline curve={curve} />
      </td>
      <td className="number">{significant(curve.last[1])}</td>
    </>
  );
}
