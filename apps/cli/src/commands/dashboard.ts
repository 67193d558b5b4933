import type { Command } from 'commander';
import { continueRun } from '../dashboard/continue-run.ts';
import { openBrowser } from '../dashboard/open-browser.ts';
import type { Io } from '../io.ts';
import { wholeNumber } from '../options.ts';

interface DashboardFlags {
  readonly port: number;
  readonly open: boolean;
}

export function addDashboardCommand(program: Command, io: Io): void {
  program
    .command('dashboard')
    .description(
      'Watch the runs in a folder in the browser, and question them (on this machine only).',
    )
    .argument('[dir]', 'folder that holds runs, at any depth', 'runs')
    .option('--port <n>', 'port to listen on; 0 picks a free one', wholeNumber(0, 65_535), 4717)
    .option('--no-open', 'only print the address; do not open a browser')
    .action(async (folder: string, { port, open }: DashboardFlags) => {
      const { startDashboard } = await import('@feedprint/dashboard');
      const { ownUrl, close } = await startDashboard({ folder, port, continueRun });
      io.out(`${ownUrl}\n`);
      io.err('Press Ctrl+C to stop.\n');
      if (open && io.isTerminal) openBrowser(ownUrl);
      await new Promise<void>((resolve) => {
        if (io.signal.aborted) resolve();
        io.signal.addEventListener('abort', () => resolve(), { once: true });
      });
      await close();
    });
}
