import { FeedprintError } from '@feedprint/core';
import { sparsityOf, trainableKinds } from '@feedprint/recipes';
import type { TrainableKind } from '@feedprint/recipes';
import type { Command } from 'commander';
import { benchSae } from '../bench/bench-sae.ts';
import type { SaeBenchResult } from '../bench/bench-sae.ts';
import { formerly, usedOnly } from '../flag-rules.ts';
import type { Io } from '../io.ts';
import { oneOf, wholeNumber } from '../options.ts';
import { createEngine } from '../sae/engines.ts';
import type { EngineFlags } from '../sae/engines.ts';
import { addEngineOptions } from '../sae/engine-options.ts';
import { usualSparsity } from '../sae/usual-sparsity.ts';
import { bytes, percent } from '../tables.ts';
import { counted } from '../texts.ts';

interface BenchSaeFlags extends EngineFlags {
  readonly dIn: number;
  readonly width: number;
  readonly batch: number;
  readonly steps: number;
  readonly kind: TrainableKind;
  readonly k: number;
  readonly disk?: boolean;
  readonly json?: boolean;
}

/** Adds `bench sae`. */
export function addBenchSaeCommand(bench: Command, io: Io): void {
  const command = bench
    .command('sae')
    .description('Time the training steps of an SAE on random activations.')
    .option('--d-in <n>', 'units of the activations', wholeNumber(1), 512)
    .option('--width <n>', 'features', wholeNumber(1), 4096)
    .option('--batch <n>', 'activations per step', wholeNumber(1), 4096)
    .option(
      '--kind <name>',
      `architecture: ${trainableKinds.join(', ')}`,
      oneOf(...trainableKinds),
      'relu',
    )
    .option('--k <n>', 'active features per token, for the kinds that fix it', wholeNumber(1), 32)
    .option('--steps <n>', 'steps to time, after three untimed ones', wholeNumber(1), 20)
    .option('--disk', 'read the activations from a temporary folder')
    .option('--json', 'print the result as JSON');
  formerly(command, '--d-sae', '--width');
  formerly(command, '--rows', '--batch');
  usedOnly(command, ['--k'], {
    when: ({ kind }) => sparsityOf[kind as TrainableKind] === 'k',
    otherwise: 'for a kind that does not fix the number of active features',
    remedy: 'choose a kind such as topk',
  });
  addEngineOptions(command).action(async (flags: BenchSaeFlags) => {
    checkFlags(flags);
    const sparsity = sparsityOf[flags.kind];
    const { engine } = await createEngine(flags);
    const result = await benchSae(
      {
        ...flags,
        dSae: flags.width,
        rows: flags.batch,
        engine,
        settings: {
          kind: flags.kind,
          [sparsity]: sparsity === 'k' ? flags.k : usualSparsity[sparsity],
        },
        disk: flags.disk ?? false,
      },
      () => performance.now(),
    );
    io.out(flags.json ? `${JSON.stringify(result)}\n` : describe(result));
  });
}

function checkFlags({ kind, k, width, dIn }: BenchSaeFlags): void {
  const usage = (message: string, remedy: string): FeedprintError =>
    new FeedprintError({ code: 'usage', message, remedy });
  if (sparsityOf[kind] === 'k' && k > width) {
    throw usage(
      `k = ${k} active features are more than the ${width} that there are`,
      'lower --k or raise --width',
    );
  }
  if (kind === 'crosscoder' && dIn % 2 !== 0) {
    throw usage(
      `${counted(dIn, 'unit')} cannot be split between two models`,
      'give an even --d-in',
    );
  }
}

function describe(result: SaeBenchResult): string {
  const { engine, kind, dIn, dSae, rows, steps, threads } = result;
  return [
    `${kind}, ${counted(dIn, 'unit')}, ${counted(dSae, 'feature')}, ${counted(rows, 'row')} per step, on ${engine} with ${counted(threads, 'thread')}`,
    `median of ${counted(steps, 'step')}  ${(1000 * result.secondsPerStep).toFixed(1)} ms`,
    `rows per second     ${result.rowsPerSecond.toFixed(0)}`,
    `waiting between     ${percent(result.waiting)}`,
    `peak memory         ${bytes(result.peakMemoryBytes)}`,
    '',
  ].join('\n');
}
