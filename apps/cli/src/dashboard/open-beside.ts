import { dirname, resolve } from 'node:path';
import type { Dashboard } from '@feedprint/dashboard';
import type { Io } from '../io.ts';
import { openBrowser } from './open-browser.ts';

/** The dashboard of the folder that a run's folder is in, for as long as the run goes on; none where the run has no folder yet. */
export async function openBeside(out: string | undefined, io: Io): Promise<Dashboard | undefined> {
  if (out === undefined) return undefined;
  const { startDashboard } = await import('@feedprint/dashboard');
  const dashboard = await startDashboard({ folder: dirname(resolve(out)) });
  io.err(`${dashboard.ownUrl}\n`);
  if (io.isTerminal) openBrowser(dashboard.ownUrl);
  return dashboard;
}
