import { commandOf, runFolder } from '../../commands.ts';
import type { Report } from './schema.ts';

/** The command that prints the pairs behind a property. */
export const showCommand = (report: Report, property: string): string =>
  commandOf('show', { run: runFolder(report), property });
