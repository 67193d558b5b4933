import type { RunStatus } from '../../api/responses.ts';

const words: Readonly<Record<RunStatus, string>> = {
  running: 'Running',
  finished: 'Finished',
  failed: 'Failed',
  stopped: 'Stopped',
};

/** A run's status as a word with a mark, so that colour is not needed. */
export function StatusBadge({ status }: { readonly status: RunStatus }) {
  return (
    <span className={`badge ${status}`}>
      <i aria-hidden="true" />
      {words[status]}
    </span>
  );
}
