import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { wholeNumber } from '../options.ts';
import { formatPairs } from '../show/format-pairs.ts';
import { readPairsOf } from '@feedprint/recipes';

interface ShowFlags {
  readonly run: string;
  readonly property: string;
  readonly top: number;
  readonly json?: boolean;
}

export function addShowCommand(program: Command, io: Io): void {
  program
    .command('show')
    .description('Print the pairs behind what an audit says of a property of replies.')
    .requiredOption('--run <dir>', 'folder of an audit of preference pairs')
    .requiredOption('--property <name>', 'property, as the report names it')
    .option('--top <n>', 'pairs to print', wholeNumber(1), 20)
    .option('--json', 'print the result as JSON')
    .action(async ({ run, property, top, json }: ShowFlags) => {
      const shown = await readPairsOf(run, property, top);
      io.out(json ? `${JSON.stringify(shown)}\n` : formatPairs(shown));
    });
}
