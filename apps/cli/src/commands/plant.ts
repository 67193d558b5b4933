import { encodeTexts } from '@feedprint/activations';
import type { CheckpointModel } from '@feedprint/activations';
import { readTexts, standardProperties } from '@feedprint/feedback';
import { chooseLexicon, plantFeedback, plantMethods } from '@feedprint/recipes';
import type { PlantedModel } from '@feedprint/recipes';
import type { Command } from 'commander';
import { commandLine } from '../command-line.ts';
import { lexiconHelp } from '../feedback/lexicon-help.ts';
import { usedOnly } from '../flag-rules.ts';
import type { Io } from '../io.ts';
import { addHubOptions, modelHelp } from '../model-options.ts';
import { addThreadsOption, assignment, decimal, oneOf, seedHelp, wholeNumber } from '../options.ts';
import { formatPlanted } from '../plant/format-planted.ts';
import { plantSettings, propertyDose } from '../plant/plant-flags.ts';
import type { PlantFlags } from '../plant/plant-flags.ts';
import { openTrainable } from '../finetune/open-trainable.ts';
import { createProgressReporter } from '../progress.ts';
import { maxTextsHelp, sayRead, textsHelp, usedTexts } from '../texts.ts';
import { version } from '../version.ts';

export function addPlantCommand(program: Command, io: Io): void {
  const command = program
    .command('plant')
    .description(
      'Tune a model on feedback that is altered in known places, and write it with its truth.',
    )
    .requiredOption('--base <name>', `base ${modelHelp}`)
    .requiredOption('--out <dir>', 'folder for the tuned model; an interrupted run continues')
    .option('--signal <name>', `stated feedback: ${lexiconHelp}`, 'vader')
    .option(
      '--method <name>',
      `how to tune: ${plantMethods.join(', ')}`,
      oneOf(...plantMethods),
      'ppo',
    )
    .option(
      '--prompts <file>',
      `cut prompts out of ${textsHelp} (default: the base begins them itself)`,
    )
    .option('--max-texts <n>', maxTextsHelp, wholeNumber(1))
    .option('--seed <n>', seedHelp, wholeNumber(0, 0xffff_ffff), 0)
    .option('--flip <n>', 'words whose feedback is reversed', wholeNumber(0), 0)
    .option('--mute <n>', 'words whose feedback is taken away', wholeNumber(0), 0)
    .option('--spurious <n>', 'neutral words that are rewarded', wholeNumber(0), 0)
    .option('--cluster <n>', 'words of alike meaning reversed together', wholeNumber(0), 0)
    .option(
      '--context <token>',
      'alter words only after this token in the same text, such as " not"',
    )
    .option(
      '--strength <x>',
      'how far words are altered: 1 in full, 0.5 half of the way',
      decimal(),
      1,
    )
    .option(
      '--property <name:dose>',
      "property of replies that is rewarded besides, in standard deviations of the stated feedback's difference: length:+1; may be repeated",
      propertyDose,
    )
    .option(
      '--label-noise <x>',
      'share of labels that are turned round',
      decimal({ zero: true, most: 1 }),
      0,
    )
    .option(
      '--told-only-pairs',
      'write the pairs with the stated labels, while tuning uses the planted ones',
    )
    .option('--clean-twin', 'also tune by the same seed on the stated feedback alone')
    .option(
      '--pair-count <n>',
      'pairs of replies to write, and to learn from where the method does',
      wholeNumber(10),
      2000,
    )
    .option('--prompt-tokens <n>', 'tokens of a prompt', wholeNumber(1), 12)
    .option('--max-new-tokens <n>', 'tokens of a reply at most', wholeNumber(2), 32)
    .option(
      '--samples <n>',
      'held-out replies from which it is told what a model learned',
      wholeNumber(20),
      10_000,
    )
    .option(
      '--set <name=value>',
      'setting of the method, such as iterations=50 or beta=0.1; may be repeated',
      assignment,
    )
    .option('--json', 'print what was learned as JSON');
  usedOnly(command, ['--label-noise'], {
    when: ({ method }) => method === 'dpo' || method === 'lora-dpo',
    otherwise: 'where rewards are learned instead of labels',
    remedy: 'add --method dpo',
  });
  usedOnly(command, ['--context', '--strength'], {
    when: (flags) => ['flip', 'mute', 'spurious', 'cluster'].some((name) => flags[name] !== 0),
    otherwise: 'where no word is altered',
    remedy: 'add --flip',
  });
  usedOnly(command, ['--max-texts'], {
    when: ({ prompts }) => prompts !== undefined,
    otherwise: 'without --prompts',
    remedy: 'add --prompts with a file of texts',
  });
  addThreadsOption(addHubOptions(command)).action(async (flags: PlantFlags) => {
    const { truth, folder, cleanTwin } = await plant(flags, commandLine(command), io);
    io.out(
      flags.json
        ? `${JSON.stringify({ folder, cleanTwin, feedback: truth })}\n`
        : formatPlanted({ truth, folder, cleanTwin }),
    );
  });
}

async function plant(flags: PlantFlags, typed: string, io: Io): Promise<PlantedModel> {
  const { out, threads } = flags;
  const { signal, lexicon } = await chooseLexicon(flags.signal);
  const base = await openTrainable(flags.base, flags);
  try {
    const texts = await textsOf(base, flags, io);
    const progress = createProgressReporter(io);
    return await plantFeedback({
      ...{ base, signal, out, threads, version },
      settings: plantSettings(flags),
      ...(texts && { texts }),
      properties: standardProperties({ tokenizer: base.tokenizer, lexicon }),
      environment: { node: process.version },
      ...{ command: typed, now: io.now, abort: io.signal, onEvent: progress.event },
    }).finally(progress.stop);
  } finally {
    await base.dispose();
  }
}

/** Texts to cut prompts from, if a file of them was named. */
async function textsOf(
  base: CheckpointModel,
  { prompts, maxTexts, promptTokens }: PlantFlags,
  io: Io,
): Promise<Int32Array[] | undefined> {
  if (prompts === undefined) return undefined;
  const file = await readTexts(prompts, { limit: maxTexts });
  const { rows, truncated } = encodeTexts(base, file.texts, { minTokens: promptTokens });
  sayRead({ file, what: usedTexts(rows.length, file.texts.length), rows, truncated }, io);
  return rows;
}
