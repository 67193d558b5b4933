import { commandOf, parentFolder, runFolder } from '../../commands.ts';
import type { Report } from './schema.ts';

/** The command that prints the pairs behind a property. */
export const showCommand = (report: Report, property: string): string =>
  commandOf('show', { run: runFolder(report), property });

/** The command that writes pairs which no longer teach a property, beside the run. */
export const repairCommand = (report: Report, property: string): string =>
  commandOf('repair', {
    ...{ run: runFolder(report), property },
    out: `${parentFolder(report)}/pairs-without-${property}.jsonl`,
  });
