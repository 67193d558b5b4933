import type { RunStatus } from '../../api/responses.ts';
import type { RunState } from '../../api/run-state.ts';
import { CommandText } from './command-text.tsx';
import { Message } from './message.tsx';
import { Text } from './text.tsx';

interface RunTroubleProps {
  readonly status: RunStatus;
  readonly failure: RunState['failure'];
  readonly command: string | null;
}

/** Why a run does not go on, and what to do. */
export function RunTrouble({ status, failure, command }: RunTroubleProps) {
  if (status === 'stopped') {
    return (
      <Message title="No process is writing this run">
        <p>It stopped before it finished. Run the same command again: finished stages are kept.</p>
        {command !== null && (
          <p>
            <CommandText command={command} />
          </p>
        )}
      </Message>
    );
  }
  if (!failure) return null;
  return (
    <Message title="The run failed" tone="alert">
      <p>
        <Text>{failure.message}</Text>
      </p>
      <p className="soft">
        <code>
          <Text>{failure.code}</Text>
        </code>{' '}
        · finished stages are kept for the next start
      </p>
    </Message>
  );
}
