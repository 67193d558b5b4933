import type { ClientFile } from './http/client-files.ts';
import type { ModelDesk } from './models/model-desk.ts';
import type { RunControl } from './runs/run-control.ts';
import type { FolderIndex } from './runs/run-folders.ts';
import type { RunReader } from './runs/run-reader.ts';

/** What every answer of one dashboard rests on. */
export interface DashboardContext {
  /** Name of the folder that holds the runs. */
  readonly name: string;
  readonly port: number;
  /** Whoever shows it may start, stop and ask models. */
  readonly token: string;
  readonly pollMilliseconds: number;
  readonly folders: FolderIndex;
  readonly reader: RunReader;
  readonly control: RunControl;
  readonly models: ModelDesk;
  readonly files: ReadonlyMap<string, ClientFile>;
  /** Told of errors that clients see as "something went wrong". */
  readonly onError: (error: unknown) => void;
}
