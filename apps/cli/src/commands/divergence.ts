import {
  activationDivergence,
  componentDivergence,
  encodeTexts,
  parameterDivergence,
} from '@feedprint/activations';
import type { ActivationDivergence } from '@feedprint/activations';
import { FeedprintError } from '@feedprint/core';
import type { LanguageModel, Site } from '@feedprint/core';
import { readTexts } from '@feedprint/feedback';
import type { Command } from 'commander';
import { formatDivergence } from '../divergence/format-divergence.ts';
import type { DivergenceReport } from '../divergence/format-divergence.ts';
import { formerly, usedOnly } from '../flag-rules.ts';
import type { Io } from '../io.ts';
import { addModelOptions, modelHelp, openModel, tunedHelp, tunedName } from '../model-options.ts';
import type { ModelFlags } from '../model-options.ts';
import { listOf, wholeNumber } from '../options.ts';
import { createProgressReporter } from '../progress.ts';
import { chooseSites, sitesHelp } from '../sites.ts';
import { maxTextsHelp, sayRead, textsHelp, usedTexts } from '../texts.ts';

interface DivergenceFlags extends ModelFlags {
  readonly base: string;
  readonly tuned?: string;
  readonly texts?: string;
  readonly site?: readonly string[];
  readonly maxTexts: number;
  readonly json?: boolean;
}

export function addDivergenceCommand(program: Command, io: Io): void {
  const command = program
    .command('divergence')
    .description('Show how far tuning moved each block of a model, its parts and its activations.')
    .requiredOption('--base <name>', `base ${modelHelp}`)
    .option('--tuned <name>', tunedHelp)
    .option('--texts <file>', `compare activations too; ${textsHelp}`)
    .option(
      '--site <list>',
      `sites to compare${sitesHelp} (default: blocks.*.hook_resid_post)`,
      listOf(String),
    )
    .option('--max-texts <n>', maxTextsHelp, wholeNumber(1), 256)
    .option('--json', 'print the result as JSON');
  formerly(command, '--sites', '--site');
  formerly(command, '--limit', '--max-texts');
  usedOnly(command, ['--site', '--max-texts'], {
    when: ({ texts }) => texts !== undefined,
    otherwise: 'without texts to run the models on',
    remedy: 'add --texts',
  });
  addModelOptions(command).action(async (flags: DivergenceFlags) => {
    const { adapter: _, ...ofBase } = flags;
    const base = await openModel(flags.base, ofBase);
    try {
      const tuned = await openModel(tunedName(flags), flags);
      try {
        const report = await compare(base, tuned, flags, io);
        io.out(flags.json ? `${JSON.stringify(report)}\n` : formatDivergence(report));
      } finally {
        await tuned.dispose();
      }
    } finally {
      await base.dispose();
    }
  });
}

async function compare(
  base: LanguageModel,
  tuned: LanguageModel,
  flags: DivergenceFlags,
  io: Io,
): Promise<DivergenceReport> {
  const sites = flags.texts === undefined ? [] : sitesToCompare(base, flags.site);
  const parameters = {
    base: base.name,
    tuned: tuned.name,
    layers: parameterDivergence(base, tuned),
    components: componentDivergence(base, tuned),
  };
  if (flags.texts === undefined) return parameters;
  const read = await readTexts(flags.texts, { limit: flags.maxTexts });
  const { rows, truncated } = encodeTexts(base, read.texts, {
    maxTokens: tuned.info.contextLength,
    minTokens: 2,
  });
  if (rows.length === 0) {
    throw new FeedprintError({
      code: 'texts-invalid',
      message: `no text of ${read.file} has two tokens or more`,
      remedy: 'give longer texts',
    });
  }
  sayRead({ file: read, what: usedTexts(rows.length, read.texts.length), rows, truncated }, io);
  return { ...parameters, activations: await compareOn(base, tuned, { rows, sites }, io) };
}

async function compareOn(
  base: LanguageModel,
  tuned: LanguageModel,
  { rows, sites }: { readonly rows: readonly Int32Array[]; readonly sites: readonly Site[] },
  io: Io,
): Promise<readonly ActivationDivergence[]> {
  const stage = 'activations';
  const progress = createProgressReporter(io);
  progress.event({ type: 'run-started', name: 'divergence', stages: [stage] });
  progress.event({ type: 'stage-started', stage });
  try {
    const found = await activationDivergence(base, tuned, rows, {
      sites,
      signal: io.signal,
      onProgress: (done, total) =>
        progress.event({ type: 'stage-progress', stage, done, total, unit: 'tokens' }),
    });
    progress.event({ type: 'stage-finished', stage, reused: false });
    return found;
  } finally {
    progress.stop();
  }
}

/** The sites asked for, or the ends of all blocks; of a model that has not those, all sites of blocks. */
function sitesToCompare(base: LanguageModel, asked: readonly string[] | undefined): Site[] {
  if (asked) return chooseSites(base, asked);
  const ends = base.sites.filter(({ site }) => /^blocks\.\d+\.hook_resid_post$/.test(site));
  const chosen = ends.length > 0 ? ends : base.sites.filter(({ layer }) => layer !== undefined);
  return chosen.map(({ site }) => site);
}
