import { encodeTexts, storeDtypes } from '@feedprint/activations';
import type { StoreDtype } from '@feedprint/activations';
import { readTexts } from '@feedprint/feedback';
import type { Command } from 'commander';
import { captureTexts } from '../capture/capture-texts.ts';
import type { CaptureSummary } from '../capture/capture-texts.ts';
import { commandLine } from '../command-line.ts';
import { formerly } from '../flag-rules.ts';
import type { Io } from '../io.ts';
import { addModelOptions, modelHelp, openModel } from '../model-options.ts';
import type { ModelFlags } from '../model-options.ts';
import { listOf, oneOf, wholeNumber } from '../options.ts';
import { chooseSites, sitesHelp } from '../sites.ts';
import { bytes, percent } from '../tables.ts';
import { counted, maxLengthHelp, maxTextsHelp, textsHelp } from '../texts.ts';
import { version } from '../version.ts';

interface CaptureFlags extends ModelFlags {
  readonly model: string;
  readonly texts: string;
  readonly site: readonly string[];
  readonly out: string;
  readonly dtype: StoreDtype;
  readonly maxLength?: number;
  readonly maxTexts?: number;
  readonly json?: boolean;
}

/** Adds `capture`. */
export function addCaptureCommand(program: Command, io: Io): void {
  const command = program
    .command('capture')
    .description('Run a model over texts and save its activations to disk.')
    .requiredOption('--model <name>', modelHelp)
    .requiredOption('--texts <file>', textsHelp)
    .requiredOption('--site <list>', `sites to capture${sitesHelp}`, listOf(String))
    .requiredOption('--out <dir>', 'folder for the activations; an interrupted capture continues')
    .option(
      '--dtype <name>',
      `how numbers are saved: ${storeDtypes.join(', ')}`,
      oneOf(...storeDtypes),
      'float32',
    )
    .option('--max-length <n>', maxLengthHelp, wholeNumber(1))
    .option('--max-texts <n>', maxTextsHelp, wholeNumber(1))
    .option('--json', 'print the result as JSON');
  formerly(command, '--sites', '--site');
  formerly(command, '--limit', '--max-texts');
  addModelOptions(command).action(async (flags: CaptureFlags) => {
    const summary = await capture(flags, commandLine(command), io);
    io.out(flags.json ? `${JSON.stringify(summary)}\n` : describe(summary));
  });
}

/** Everything that can be wrong with flags, model and texts is found before the folder is touched. */
async function capture(flags: CaptureFlags, typed: string, io: Io): Promise<CaptureSummary> {
  const { threads, device, out, dtype, maxTexts, maxLength } = flags;
  const read = await readTexts(flags.texts, { limit: maxTexts });
  const model = await openModel(flags.model, flags);
  try {
    const { rows, truncated } = encodeTexts(model, read.texts, {
      ...(maxLength !== undefined && { maxTokens: maxLength }),
    });
    return await captureTexts(
      {
        model,
        rows,
        file: read.file,
        read: { file: read, what: counted(rows.length, 'text'), rows, truncated },
        sites: chooseSites(model, flags.site),
        out,
        dtype,
        command: typed,
        origin: {
          feedprint: version,
          threads: `${threads}`,
          device,
          maxLength: `${maxLength ?? 'all'}`,
          maxTexts: `${maxTexts ?? 'all'}`,
        },
      },
      io,
    );
  } finally {
    await model.dispose();
  }
}

function describe(summary: CaptureSummary): string {
  const { rows, sites, dtype, out, tokensPerSecond } = summary;
  return [
    `rows             ${rows}, at ${sites.length} ${sites.length === 1 ? 'site' : 'sites'}`,
    `on disk          ${bytes(summary.bytes)} of ${dtype}`,
    `padding          ${percent(summary.paddingShare)}, in order of arrival ${percent(summary.paddingShareArrival)}`,
    `rows per second  ${tokensPerSecond === null ? '-' : tokensPerSecond.toFixed(0)}`,
    '',
    `Activations: ${out}`,
    '',
  ].join('\n');
}
