import { createRandom } from '@feedprint/core';
import { createFeedprintFormat, createSaeTrainer } from '@feedprint/sae';
import { createStageRunner } from '@feedprint/pipeline';
import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { modelHelp } from '../model-options.ts';
import { assignment, decimal, listOf, oneOf, wholeNumber } from '../options.ts';
import { chooseTexts, holdOut } from '../sae/choose-texts.ts';
import { createEngine } from '../sae/engines.ts';
import { addEngineOptions } from '../sae/engine-options.ts';
import { evaluateStage } from '../sae/evaluate-saes.ts';
import { withInputs } from '../sae/inputs.ts';
import type { Inputs } from '../sae/inputs.ts';
import { kinds } from '../sae/kinds.ts';
import { checkDifferentiable, errorMeasures, metricStage } from '../sae/measure-errors.ts';
import { publishSaes } from '../sae/publish-saes.ts';
import type { PublishedSae } from '../sae/publish-saes.ts';
import { withSaeRun } from '../sae/sae-run.ts';
import { printSaes } from '../sae/sae-table.ts';
import { planSaes, planTraining } from '../sae/train-flags.ts';
import { checkStarts, loadStart } from '../sae/train-further.ts';
import type { TrainFlags } from '../sae/train-flags.ts';
import { HELD_OUT_TOKENS, captureStage, trainStage } from '../sae/train-saes.ts';
import type { TrainingTask } from '../sae/train-saes.ts';
import { checkSites } from '../sites.ts';
import { textsHelp } from '../texts.ts';
import { tryModel } from '../try-model.ts';
import { version } from '../version.ts';

export function addSaeTrainCommand(sae: Command, io: Io): void {
  const command = sae
    .command('train')
    .description('Train sparse autoencoders on the activations of a model, or of a pair of models.')
    .requiredOption('--model <name>', modelHelp)
    .requiredOption(
      '--site <names>',
      'where the activations are, such as blocks.3.hook_mlp_out; several with commas',
      listOf(String),
    )
    .requiredOption('--texts <file>', textsHelp)
    .requiredOption('--out <dir>', 'folder of the SAE; an interrupted training continues')
    .option('--kind <name>', `architecture: ${kinds.join(', ')}`, oneOf(...kinds), 'topk')
    .option(
      '--width <n>',
      "features; several with commas (default: 8 times the site's units)",
      listOf(wholeNumber(1)),
    )
    .option(
      '--k <n>',
      'active features a token (topk, batchtopk, matryoshka, crosscoder); several with commas (default: 16)',
      listOf(wholeNumber(1)),
    )
    .option(
      '--l1 <x>',
      "weight of the features' sum (tied, relu, gated); several with commas (default: 2)",
      listOf(decimal({ zero: true })),
    )
    .option(
      '--l0 <x>',
      'weight of the number of active features (jumprelu); several with commas (default: 1)',
      listOf(decimal({ zero: true })),
    )
    .option(
      '--base <dir>',
      'the model that --model was tuned from, for --kind crosscoder or --difference',
    )
    .option('--difference', 'train on the activations of --model minus those of --base')
    .option(
      '--from <path>',
      'SAE to train further, of the same kind, site and width (default: a new one)',
    )
    .option(
      '--error <name>',
      "what reconstruction errors count by: their squares (plain), or how far they move the model's output (output)",
      oneOf(...errorMeasures),
      'plain',
    )
    .option('--tokens <n>', 'activations seen in training', wholeNumber(1), 200_000)
    .option('--max-texts <n>', 'read this many texts at most', wholeNumber(1))
    .option('--batch <n>', 'activations a step (default: 1024)', wholeNumber(1))
    .option('--lr <x>', 'highest learning rate (default: 0.002)', decimal())
    .option(
      '--set <name=value>',
      'another setting of the trainer, such as decay=0.7; may be repeated',
      assignment,
    )
    .option('--seed <n>', 'seed of every random choice', wholeNumber(0, 0xffff_ffff), 0)
    .option('--stream', 'compute activations when they are needed, keep none on disk')
    .option(
      '--checkpoint-tokens <n>',
      'activations between two checkpoints (default: a twentieth, 100000 at least)',
      wholeNumber(1),
    )
    .option('--json', 'print the result as JSON');
  addEngineOptions(command).action(async (flags: TrainFlags) => {
    printSaes(await trainSaes(flags, io), { ...flags, io });
  });
}

/** Everything that can be wrong with flags, models and texts is found before the folder is touched. */
async function trainSaes(flags: TrainFlags, io: Io): Promise<PublishedSae[]> {
  const plan = planTraining(flags);
  const { engine, runsOn } = await createEngine(flags);
  const trainer = createSaeTrainer({ ...plan.settings, engine, threads: flags.threads });
  return withInputs(flags, async (inputs) => {
    checkSites(inputs.model, flags.site);
    checkDifferentiable(flags.error, inputs.model);
    const start = await loadStart(flags);
    const units = (site: string): number => unitsOf(inputs, site);
    const saes = planSaes(flags, plan, { unitsOf: units, features: start?.sae.dSae });
    checkStarts(start, { kind: flags.kind, rows: plan.rows, saes, unitsOf: units });
    const split = holdOut(inputs.rows, inputs.file);
    const { specialIds } = inputs.model.tokenizer;
    const random = createRandom(flags.seed);
    const texts = chooseTexts(split.train, flags.tokens, specialIds, random.fork('train texts'));
    const heldOut = chooseTexts(
      split.heldOut,
      HELD_OUT_TOKENS,
      specialIds,
      random.fork('held-out texts'),
    );
    for (const model of [inputs.base, inputs.model]) {
      if (model) await tryModel(model, texts[0] as Int32Array, flags.site);
    }
    const { seed, threads, error, stream = false } = flags;
    const description = {
      format: 'feedprint-sae-run/1',
      feedprint: version,
      inputs: inputs.identity,
      settings: {
        rows: plan.rows,
        seed,
        stream,
        ...(error !== 'plain' && { error }),
        ...(start && { from: start.fingerprint }),
        engine: trainer.name,
        device: runsOn,
        threads,
        trainer: trainer.settings,
        saes,
      },
    };
    const before = [...(stream ? [] : ['capture']), ...(error === 'output' ? ['metric'] : [])];
    const stages = [...before, 'train', 'evaluate'];
    const { read } = inputs;
    return withSaeRun({ out: flags.out, description, stages, read, io }, async (store) => {
      const task: TrainingTask = {
        inputs,
        rows: plan.rows,
        saes,
        error,
        start,
        trainer,
        format: createFeedprintFormat({ threads }),
        seed,
        texts,
        heldOut,
        stream,
        checkpointTokens: flags.checkpointTokens ?? Math.max(100_000, Math.ceil(flags.tokens / 20)),
        identity: {
          feedprint: version,
          inputs: inputs.identity,
          seed,
          threads,
          device: runsOn,
          stream,
          tokens: flags.tokens,
        },
        store,
        runner: createStageRunner({ store, signal: io.signal }),
        signal: io.signal,
      };
      const capture = stream ? undefined : await captureStage(task);
      const metric = error === 'output' ? await metricStage(task) : undefined;
      const trained = await trainStage(task, { capture, metric });
      const evaluated = await evaluateStage(task, trained);
      return publishSaes(task, { trained, evaluated }, flags.out);
    });
  });
}

const unitsOf = ({ model }: Inputs, site: string): number =>
  model.sites.find((info) => info.site === site)?.width ?? 0;
