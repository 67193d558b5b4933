import type { SparseAutoencoder } from '@feedprint/core';
import { evaluateSaeOnTexts } from '@feedprint/recipes';
import type { SaeOnTexts } from '@feedprint/recipes';
import { readSae } from '@feedprint/sae';
import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { addHubOptions, modelHelp } from '../model-options.ts';
import { addThreadsOption, saeHelp, wholeNumber } from '../options.ts';
import { createProgressReporter } from '../progress.ts';
import { formatEvaluation } from '../sae/format-evaluation.ts';
import { withInputs } from '../sae/inputs.ts';
import type { InputFlags } from '../sae/inputs.ts';
import { checkModelFlags } from '../sae/model-flags.ts';
import { maxTextsHelp, sayingRead, textsHelp } from '../texts.ts';

interface EvalFlags extends InputFlags {
  readonly sae: string;
  readonly site?: string;
  readonly difference?: boolean;
  readonly tokens: number;
  readonly seed: number;
  readonly json?: boolean;
}

export function addSaeEvalCommand(sae: Command, io: Io): void {
  const command = sae
    .command('eval')
    .description('Measure how well an SAE reconstructs activations, and what that costs the model.')
    .requiredOption('--sae <path>', saeHelp)
    .requiredOption('--model <name>', modelHelp)
    .requiredOption('--texts <file>', textsHelp)
    .option('--site <name>', 'where the activations are (default: as the SAE says)')
    .option(
      '--base <name>',
      'the model that --model was tuned from, for crosscoders and --difference',
    )
    .option(
      '--difference',
      'the SAE was trained on the activations of --model minus those of --base',
    )
    .option(
      '--tokens <n>',
      'activations to evaluate on, from whole texts chosen at random',
      wholeNumber(1),
      10_000,
    )
    .option('--max-texts <n>', maxTextsHelp, wholeNumber(1))
    .option('--seed <n>', 'seed for the choice of texts', wholeNumber(0, 0xffff_ffff), 0)
    .option('--json', 'print the result as JSON');
  addThreadsOption(addHubOptions(command)).action(async (flags: EvalFlags) => {
    const { site, threads } = flags;
    const loaded = await readSae(flags.sae, { ...(site !== undefined && { site }), threads });
    try {
      const evaluation = await evaluate(flags, loaded, io);
      const { density, ...shown } = evaluation;
      io.out(
        flags.json
          ? `${JSON.stringify({ ...shown, density: Array.from(density) })}\n`
          : formatEvaluation(evaluation),
      );
    } finally {
      await loaded.dispose();
    }
  });
}

function evaluate(flags: EvalFlags, sae: SparseAutoencoder, io: Io): Promise<SaeOnTexts> {
  checkModelFlags({ ...flags, isCrosscoder: sae.kind === 'crosscoder' });
  const { tokens, seed } = flags;
  return withInputs(flags, async ({ model, base, texts: { rows }, read }) => {
    const progress = createProgressReporter(io);
    return evaluateSaeOnTexts({
      ...{ sae, model, base, texts: rows, tokens, seed },
      onEvent: sayingRead(read, io, progress.event),
    }).finally(progress.stop);
  });
}
