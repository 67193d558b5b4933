import type { StageState } from '../../api/run-state.ts';
import { groupStages } from '../group-stages.ts';
import { StageGroupRow } from './stage-group-row.tsx';
import { StageRow } from './stage-row.tsx';

interface StageListProps {
  readonly stages: readonly StageState[];
  /** Whether a process is writing the run. */
  readonly live: boolean;
  readonly now: number;
}

/** Every stage of the run, in order; neighbours of one kind are folded together. */
export function StageList({ stages, live, now }: StageListProps) {
  return (
    <section aria-labelledby="stages">
      <h2 id="stages">Stages</h2>
      {stages.length === 0 && <p className="soft">Preparing: no stage has started yet.</p>}
      <ol className="stages">
        {groupStages(stages).map((group) => {
          const [first] = group.stages;
          const alone = group.stages.length === 1 && first;
          return (
            <li key={group.name + (first?.name ?? '')}>
              {alone ? (
                <StageRow stage={first} live={live} now={now} />
              ) : (
                <StageGroupRow group={group} live={live} now={now} />
              )}
            </li>
          );
        })}
      </ol>
    </section>
  );
}
