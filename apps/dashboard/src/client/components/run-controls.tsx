import { continueRun, fetchCanContinue, stopRun } from '../api/client.ts';
import { readToken } from '../api/token.ts';
import { snapshot } from '../api/snapshot.ts';
import { useAction } from '../hooks/use-action.ts';
import { useResource } from '../hooks/use-resource.ts';
import type { RunStatus } from '../../api/responses.ts';

interface RunControlsProps {
  readonly id: string;
  readonly writing: boolean;
  readonly status: RunStatus;
  readonly command: string | null;
}

/** Stops a run that is being written, and continues one that was stopped. */
export function RunControls({ id, writing, status, command }: RunControlsProps) {
  const ability = useResource('abilities', fetchCanContinue);
  const stop = useAction(() => stopRun(id));
  const proceed = useAction(() => continueRun(id));
  if (snapshot || status === 'finished') return null;
  const canContinue = ability.kind === 'ready' && ability.value && command !== null;
  if (!writing && !canContinue) return null;
  const locked = readToken() === null;
  const problem = stop.problem ?? proceed.problem;
  return (
    <div className="controls">
      {writing ? (
        <button type="button" onClick={() => stop.run()} aria-busy={stop.busy} disabled={locked}>
          {stop.value === undefined ? 'Stop' : 'Stopping…'}
        </button>
      ) : (
        <button
          type="button"
          onClick={() => proceed.run()}
          aria-busy={proceed.busy}
          disabled={locked}
        >
          {proceed.value === undefined ? 'Continue' : 'Starting…'}
        </button>
      )}
      {locked && (
        <span className="soft small">
          To stop and continue runs, open the address that was printed when the dashboard started.
        </span>
      )}
      {problem !== undefined && (
        <span className="problem" role="alert">
          {problem}
        </span>
      )}
    </div>
  );
}
