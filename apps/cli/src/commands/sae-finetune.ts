import { createRandom } from '@feedprint/core';
import { createStageRunner } from '@feedprint/pipeline';
import { checkFinetuning, createFeedprintFormat, readSae, saeFingerprint } from '@feedprint/sae';
import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { modelHelp } from '../model-options.ts';
import { addThreadsOption, assignment, decimal, wholeNumber } from '../options.ts';
import { chooseTexts, holdOut } from '../sae/choose-texts.ts';
import { evaluateStage } from '../sae/evaluate-saes.ts';
import { finetuneSettings } from '../sae/finetune-flags.ts';
import type { FinetuneFlags } from '../sae/finetune-flags.ts';
import { finetuneStage } from '../sae/finetune-stage.ts';
import type { FinetuneTask } from '../sae/finetune-stage.ts';
import { withInputs } from '../sae/inputs.ts';
import { publishSaes } from '../sae/publish-saes.ts';
import type { PublishedSae } from '../sae/publish-saes.ts';
import { withSaeRun } from '../sae/sae-run.ts';
import { printSaes } from '../sae/sae-table.ts';
import { HELD_OUT_TOKENS } from '../sae/train-saes.ts';
import { checkSites } from '../sites.ts';
import { textsHelp } from '../texts.ts';
import { tryModel } from '../try-model.ts';
import { version } from '../version.ts';

export function addSaeFinetuneCommand(sae: Command, io: Io): void {
  const command = sae
    .command('finetune')
    .description(
      "Train an SAE a little further on what its reconstructions do to the model's predictions.",
    )
    .requiredOption('--sae <path>', 'SAE: a folder or a weights file of any known format')
    .requiredOption('--model <name>', modelHelp)
    .requiredOption('--texts <file>', textsHelp)
    .requiredOption('--out <dir>', 'folder of the new SAE; an interrupted fine-tuning continues')
    .option('--tokens <n>', 'activations seen (default: 400000)', wholeNumber(1))
    .option('--max-texts <n>', 'read this many texts at most', wholeNumber(1))
    .option('--batch <n>', 'activations a step (default: 1024)', wholeNumber(1))
    .option('--lr <x>', 'learning rate, falling to 0 (default: 0.001)', decimal())
    .option(
      '--set <name=value>',
      'another setting, such as divergenceWeight=4 or targetL0=32; may be repeated',
      assignment,
    )
    .option('--seed <n>', 'seed of every random choice', wholeNumber(0, 0xffff_ffff), 0)
    .option(
      '--checkpoint-tokens <n>',
      'activations between two checkpoints (default: a twentieth)',
      wholeNumber(1),
    )
    .option('--json', 'print the result as JSON');
  addThreadsOption(command).action(async (flags: FinetuneFlags) => {
    printSaes(await finetune(flags, io), { ...flags, io });
  });
}

/** Everything that can be wrong with flags, SAE, model and texts is found before the folder is touched. */
async function finetune(flags: FinetuneFlags, io: Io): Promise<PublishedSae[]> {
  const settings = finetuneSettings(flags);
  const { threads, seed } = flags;
  const sae = await readSae(flags.sae, { threads });
  return withInputs(flags, async (inputs) => {
    checkSites(inputs.model, [sae.site]);
    checkFinetuning(sae, inputs.model, settings);
    const split = holdOut(inputs.rows, inputs.file);
    const heldOut = chooseTexts(
      split.heldOut,
      HELD_OUT_TOKENS,
      inputs.model.tokenizer.specialIds,
      createRandom(seed).fork('held-out texts'),
    );
    await tryModel(inputs.model, split.train[0] as Int32Array, [sae.site]);
    const start = { sae, fingerprint: saeFingerprint(sae) };
    const planned = { name: 'sae', site: sae.site, dSae: sae.dSae, settings: {} };
    const description = {
      format: 'feedprint-sae-run/1',
      feedprint: version,
      inputs: inputs.identity,
      settings: { finetune: { from: start.fingerprint, settings, seed, threads } },
    };
    const stages = ['finetune', 'evaluate'];
    const { read } = inputs;
    return withSaeRun({ out: flags.out, description, stages, read, io }, async (store) => {
      const task: FinetuneTask = {
        ...{ inputs, sae, start, settings, seed, threads, heldOut },
        rows: 'model',
        saes: [planned],
        error: 'plain',
        trainer: { settings },
        format: createFeedprintFormat({ threads }),
        texts: split.train,
        checkpointTokens: flags.checkpointTokens ?? Math.ceil(settings.tokens / 20),
        identity: { feedprint: version, inputs: inputs.identity, seed, threads },
        store,
        runner: createStageRunner({ store, signal: io.signal }),
        signal: io.signal,
      };
      const trained = await finetuneStage(task);
      const evaluated = await evaluateStage(task, trained);
      return publishSaes(task, { trained, evaluated }, flags.out);
    });
  });
}
