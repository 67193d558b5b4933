import type { StageState } from '../../api/run-state.ts';

const words: Readonly<Record<StageState['status'], string>> = {
  waiting: 'waiting',
  running: 'running',
  finished: 'finished',
  reused: 'kept',
  interrupted: 'interrupted',
};

/** A small picture of a stage's status. */
export function StageMark({ status }: { readonly status: StageState['status'] }) {
  return (
    <svg className={`mark ${status}`} viewBox="0 0 16 16" width="16" height="16" role="img">
      <title>{words[status]}</title>
      <circle cx="8" cy="8" r="6.2" />
      {(status === 'finished' || status === 'reused') && <path d="M5.2 8.2l2 2 3.6-4.2" />}
      {status === 'interrupted' && <path d="M5.8 5.8l4.4 4.4M10.2 5.8l-4.4 4.4" />}
      {status === 'running' && <path className="arc" d="M8 1.8a6.2 6.2 0 0 1 6.2 6.2" />}
    </svg>
  );
}
