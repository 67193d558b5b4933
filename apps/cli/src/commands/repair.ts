import { parsePairColumns } from '@feedprint/feedback';
import { readAuditReport, repairMethods, repairPairs } from '@feedprint/recipes';
import type { RepairMethod } from '@feedprint/recipes';
import { commandFlag } from '@feedprint/report';
import { FeedprintError } from '@feedprint/core';
import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { listOf, oneOf, seedHelp, wholeNumber } from '../options.ts';
import { mapHelp } from '../pairs.ts';
import { formatRepair } from '../repair/format-repair.ts';

interface RepairFlags {
  readonly run: string;
  readonly property: readonly string[];
  readonly by: RepairMethod;
  readonly out: string;
  readonly pairs?: string;
  readonly map?: string;
  readonly seed: number;
  readonly json?: boolean;
}

/** Adds `repair`. */
export function addRepairCommand(program: Command, io: Io): void {
  program
    .command('repair')
    .description(
      'Write a corrected file of preference pairs, which no longer teaches some property, and say what it would change.',
    )
    .requiredOption('--run <dir>', 'folder of an audit of preference pairs')
    .requiredOption(
      '--property <name>',
      'property, as the report names it; several are separated by commas',
      listOf((name) => name),
    )
    .option(
      '--by <way>',
      'what is done to pairs: drop or relabel those whose label the property decided, or add counter-pairs of edited replies',
      oneOf(...repairMethods),
      'relabel',
    )
    .requiredOption(
      '--out <file>',
      'the corrected file, JSON lines, packed where it ends with .gz; the list of changes is put beside it',
    )
    .option('--pairs <file>', 'the file that was audited (default: as the audit named it)')
    .option('--map <columns>', `${mapHelp} (default: as the audit was told)`)
    .option('--seed <n>', seedHelp, wholeNumber(0, 0xffff_ffff), 0)
    .option('--json', 'print the result as JSON')
    .action(async (flags: RepairFlags) => {
      const { run, property: properties, by, out, seed } = flags;
      const report = await readAuditReport(run);
      const pairs = flags.pairs ?? commandFlag(report, 'pairs');
      if (pairs === undefined) throw unnamed(run);
      const map = flags.map ?? commandFlag(report, 'map');
      const repair = await repairPairs({
        ...{ run, pairs, properties, by, out, seed },
        ...(map !== undefined && { map: parsePairColumns(map) }),
      });
      const base = commandFlag(report, 'base');
      io.out(flags.json ? `${JSON.stringify(repair)}\n` : formatRepair(repair, { out, base }));
    });
}

const unnamed = (run: string): FeedprintError =>
  new FeedprintError({
    code: 'usage',
    message: `the audit in ${run} does not say which file of pairs it read`,
    remedy: 'name the file (--pairs)',
  });
