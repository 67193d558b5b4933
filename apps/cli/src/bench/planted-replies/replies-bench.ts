import type { RunEventInput } from '@feedprint/core';

/** What a bench of planted replies runs with. */
export interface RepliesBench {
  /** Folder of the runs. */
  readonly out: string;
  readonly threads: number;
  readonly settings: { readonly seed: number; readonly freshReplies?: number };
  /** Whether pairs are repaired too, and models tuned on them. */
  readonly repair: boolean;
  readonly signal: AbortSignal;
  readonly onEvent: (event: RunEventInput) => void;
  /** Says what is being done. */
  readonly say: (what: string) => void;
}
