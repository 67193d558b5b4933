import { FeedprintError } from '@feedprint/core';
import type { LanguageModel } from '@feedprint/core';
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { describeModel, formatModel } from '../inspect/describe-model.ts';
import { formatInspection, inspectText, writeInspection } from '../inspect/inspect-text.ts';
import { formerly, usedOnly } from '../flag-rules.ts';
import type { Io } from '../io.ts';
import { addModelOptions, modelHelp, openModel, promptEncoder } from '../model-options.ts';
import type { ModelFlags } from '../model-options.ts';
import { listOf } from '../options.ts';
import { chooseSites, sitesHelp } from '../sites.ts';

interface InspectFlags extends ModelFlags {
  readonly model: string;
  readonly chat?: boolean;
  readonly ids?: readonly number[];
  readonly text?: string;
  readonly site?: readonly string[];
  readonly logits?: boolean;
  readonly json?: boolean;
}

export function addInspectCommand(program: Command, io: Io): void {
  const command = program
    .command('inspect')
    .description('Show what a model is, or what it computes for a text.')
    .requiredOption('--model <name>', modelHelp)
    .option('--text <text>', 'text to run it on')
    .option('--chat', "wrap the text as a user's message, by the model's chat template")
    .option('--ids <list>', 'token ids to run it on, separated by commas', parseIds)
    .option('--site <list>', `sites whose activations to show${sitesHelp}`, listOf(String))
    .option('--logits', 'show the logits at every position too')
    .option('--json', 'print the result as JSON, with activations and logits in full');
  formerly(command, '--sites', '--site');
  usedOnly(command, ['--site', '--logits'], {
    when: ({ text, ids }) => text !== undefined || ids !== undefined,
    otherwise: 'without something to run the model on',
    remedy: 'add --text or --ids',
  });
  usedOnly(command, ['--chat'], {
    when: ({ text }) => text !== undefined,
    otherwise: 'without a text to wrap',
    remedy: 'add --text',
  });
  addModelOptions(command).action(async (flags: InspectFlags) => {
    checkFlags(flags);
    const model = await openModel(flags.model, flags);
    try {
      await inspect(model, flags, io);
    } finally {
      await model.dispose();
    }
  });
}

async function inspect(model: LanguageModel, flags: InspectFlags, io: Io): Promise<void> {
  const { text, ids, site: sites = [], json } = flags;
  if (text === undefined && ids === undefined) {
    const description = describeModel(model);
    io.out(json ? `${JSON.stringify(description)}\n` : formatModel(description));
    return;
  }
  const tokens = ids ?? (await promptEncoder(model, flags))(text ?? '');
  if (tokens.length === 0) throw usage('the text has no token', 'give a text that is not empty');
  // For people there are always the most probable next tokens.
  const logits = flags.logits ? 'all' : json ? 'none' : 'last';
  const found = await inspectText(model, tokens, chooseSites(model, sites), logits);
  if (json) writeInspection(found, io.out);
  else io.out(formatInspection(found, model));
}

function checkFlags({ text, ids }: InspectFlags): void {
  if (text !== undefined && ids !== undefined) {
    throw usage('--text and --ids are both given', 'leave one of them out');
  }
}

/** Token ids with commas, those that are there twice kept; for commander. */
function parseIds(list: string): number[] {
  const parts = list.split(',').map((part) => part.trim());
  if (parts.every((part) => /^\d{1,10}$/.test(part))) return parts.map(Number);
  throw new InvalidArgumentError('It must be whole numbers separated by commas: 1,2,3.');
}

const usage = (message: string, remedy: string): FeedprintError =>
  new FeedprintError({ code: 'usage', message, remedy });
