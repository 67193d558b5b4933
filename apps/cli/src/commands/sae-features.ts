import { basename } from 'node:path';
import { replaceFile, writeFlushed } from '@feedprint/core/files';
import { createOfflineLabeler } from '@feedprint/labeling';
import { chooseLexicon, describeFeatures } from '@feedprint/recipes';
import { renderFeatures } from '@feedprint/report';
import { readSae } from '@feedprint/sae';
import type { Command } from 'commander';
import { lexiconHelp } from '../feedback/lexicon-help.ts';
import type { Io } from '../io.ts';
import { addHubOptions, modelHelp } from '../model-options.ts';
import { addThreadsOption, listOf, saeHelp, seedHelp, wholeNumber } from '../options.ts';
import { formatFeatures } from '../sae/format-features.ts';
import { withInputs } from '../sae/inputs.ts';
import type { InputFlags } from '../sae/inputs.ts';
import { toJsonLines } from '../tables.ts';
import { counted, maxTextsHelp, sayRead, textsHelp } from '../texts.ts';

interface FeaturesFlags extends InputFlags {
  readonly sae: string;
  readonly feature?: readonly number[];
  readonly maxFeatures: number;
  readonly feedback: string;
  readonly html?: string;
  readonly seed: number;
  readonly json?: boolean;
}

export function addSaeFeaturesCommand(sae: Command, io: Io): void {
  const command = sae
    .command('features')
    .description(
      'Show features: where they fire, how strongly, what they promote, what they may mean.',
    )
    .requiredOption('--sae <path>', saeHelp)
    .requiredOption('--model <name>', modelHelp)
    .requiredOption('--texts <file>', textsHelp)
    .option(
      '--feature <n,...>',
      'features to show (default: drawn at random)',
      listOf(wholeNumber(0)),
    )
    .option('--max-features <n>', 'features to draw', wholeNumber(1), 10)
    .option('--max-texts <n>', maxTextsHelp, wholeNumber(1), 1000)
    .option('--feedback <name>', `words that labels say it of: ${lexiconHelp}`, 'vader')
    .option('--html <file>', 'also write a page of its own')
    .option('--seed <n>', seedHelp, wholeNumber(0, 0xffff_ffff), 0)
    .option('--json', 'print one JSON object per feature');
  addThreadsOption(addHubOptions(command)).action(async (flags: FeaturesFlags) => {
    const { feature, maxFeatures: limit, seed, threads } = flags;
    const { signal, question } = await chooseLexicon(flags.feedback);
    const loaded = await readSae(flags.sae, { threads });
    try {
      await withInputs(flags, async ({ model, texts: { rows, name }, read }) => {
        sayRead(read, io);
        const features = await describeFeatures({
          ...{ model, sae: loaded, limit, seed, question },
          rows: rows.map((one) => Int32Array.from(one)),
          labeler: createOfflineLabeler({ signal }),
          ...(feature && { features: feature }),
        });
        if (flags.html !== undefined) {
          const page = renderFeatures({
            title: `Features of ${basename(flags.sae)}`,
            about: `${loaded.site} of ${basename(flags.model)}, on ${counted(rows.length, 'text')} of ${name}.`,
            features,
          });
          await replaceFile(flags.html, (aside) => writeFlushed(aside, page));
          io.err(`page: ${flags.html}\n`);
        }
        io.out(flags.json ? toJsonLines(features) : formatFeatures(features));
      });
    } finally {
      await loaded.dispose();
    }
  });
}
