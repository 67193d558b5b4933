import { FeedprintError, createRandom } from '@feedprint/core';
import type { SparseAutoencoder } from '@feedprint/core';
import { readSae } from '@feedprint/sae';
import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { modelHelp } from '../model-options.ts';
import { addThreadsOption, wholeNumber } from '../options.ts';
import { createProgressReporter } from '../progress.ts';
import { combine, modelStores, rowKindOf } from '../sae/activations.ts';
import { chooseTexts } from '../sae/choose-texts.ts';

import { formatEvaluation } from '../sae/format-evaluation.ts';
import type { Evaluation } from '../sae/format-evaluation.ts';
import { withInputs } from '../sae/inputs.ts';
import type { InputFlags } from '../sae/inputs.ts';
import { measureSae } from '../sae/measure-sae.ts';
import { checkSites } from '../sites.ts';
import { sayRead, textsHelp } from '../texts.ts';

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
    .description(
      'Say how well an SAE reconstructs, and what the model loses by its reconstruction.',
    )
    .requiredOption('--sae <path>', 'SAE: a folder or a weights file of any known format')
    .requiredOption('--model <name>', modelHelp)
    .requiredOption('--texts <file>', textsHelp)
    .option('--site <name>', 'where the activations are (default: as the SAE says)')
    .option(
      '--base <dir>',
      'the model that --model was tuned from, for crosscoders and --difference',
    )
    .option('--difference', 'the SAE is of the activations of --model minus those of --base')
    .option(
      '--tokens <n>',
      'activations to try it on, of whole texts chosen at random',
      wholeNumber(1),
      10_000,
    )
    .option('--max-texts <n>', 'read this many texts at most', wholeNumber(1))
    .option('--seed <n>', 'seed of the choice of texts', wholeNumber(0, 0xffff_ffff), 0)
    .option('--json', 'print the result as JSON');
  addThreadsOption(command).action(async (flags: EvalFlags) => {
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

function evaluate(flags: EvalFlags, sae: SparseAutoencoder, io: Io): Promise<Evaluation> {
  const rows = rowKindOf({ ...flags, isCrosscoder: sae.kind === 'crosscoder' });
  return withInputs(flags, async (inputs) => {
    checkSites(inputs.model, [sae.site]);
    const { specialIds } = inputs.model.tokenizer;
    const random = createRandom(flags.seed).fork('texts');
    const texts = chooseTexts(inputs.rows, flags.tokens, specialIds, random);
    const store = combine(modelStores(inputs, texts, [sae.site]), rows);
    const { kind, site, dIn, dSae } = sae;
    checkWidth(sae, store.width(site));
    sayRead(inputs.read, io);
    const progress = createProgressReporter(io);
    const { metrics, inModel } = await measureSae({
      sae,
      store,
      texts,
      ...(rows === 'model' && { model: inputs.model }),
      onEvent: progress.event,
    }).finally(progress.stop);
    return { kind, site, dIn, dSae, texts: texts.length, ...metrics, inModel };
  });
}

function checkWidth({ dIn, site }: SparseAutoencoder, width: number): void {
  if (dIn === width) return;
  throw new FeedprintError({
    code: 'shape-mismatch',
    message: `the SAE reads ${dIn} units, ${site} of the model has ${width}`,
    remedy: 'name the site and the model that it was trained on',
  });
}
