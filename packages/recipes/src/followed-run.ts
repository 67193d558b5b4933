import type { RunEventInput } from '@feedprint/core';

/** How a run is stated, stopped and followed by whoever starts it. */
export interface FollowedRun {
  /** Version of Feedprint, for run.json and every stage's key. */
  readonly version: string;
  /** The command line that starts it, for whoever continues it. */
  readonly command?: string;
  readonly now?: () => Date;
  /** Stops soon, keeping what is complete; the call then throws `cancelled`. */
  readonly signal?: AbortSignal;
  /** Called with every event as it is written. */
  readonly onEvent?: (event: RunEventInput) => void;
}
