import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { wholeNumber } from '../options.ts';

export function addDashboardCommand(program: Command, io: Io): void {
  program
    .command('dashboard')
    .description('Watch the runs in a folder in the browser (on this machine only).')
    .argument('<dir>', 'folder that holds runs')
    .option('--port <n>', 'port to listen on; 0 picks a free one', wholeNumber(0, 65_535), 4747)
    .action(async (folder: string, { port }: { port: number }) => {
      const { startDashboard } = await import('@feedprint/dashboard');
      const { url, close } = await startDashboard({ folder, port });
      io.out(`${url}\n`);
      io.err('Press Ctrl+C to stop.\n');
      await new Promise<void>((resolve) => {
        if (io.signal.aborted) resolve();
        io.signal.addEventListener('abort', () => resolve(), { once: true });
      });
      await close();
    });
}
