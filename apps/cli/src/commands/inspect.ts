import { FeedprintError } from '@feedprint/core';
import type { LanguageModel } from '@feedprint/core';
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { describeModel, formatModel } from '../inspect/describe-model.ts';
import { formatInspection, inspectText, writeInspection } from '../inspect/inspect-text.ts';
import type { Io } from '../io.ts';
import { addModelOptions, modelHelp, openModel, promptEncoder } from '../model-options.ts';
import type { ModelFlags } from '../model-options.ts';
import { listOf } from '../options.ts';
import { chooseSites } from '../sites.ts';

interface InspectFlags extends ModelFlags {
  readonly model: string;
  readonly chat?: boolean;
  readonly ids?: readonly number[];
  readonly text?: string;
  readonly sites?: readonly string[];
  readonly logits?: boolean;
  readonly json?: boolean;
}

export function addInspectCommand(program: Command, io: Io): void {
  const command = program
    .command('inspect')
    .description('Show a model: what it is, or what it computes for a text.')
    .requiredOption('--model <name>', modelHelp)
    .option('--text <text>', 'text to run it on')
    .option('--chat', "wrap the text as a user's message, by the model's chat template")
    .option('--ids <list>', 'token ids to run it on, with commas', parseIds)
    .option(
      '--sites <list>',
      'sites whose activations to show, with commas; * stands for anything',
      listOf(String),
    )
    .option('--logits', 'with the logits of every position')
    .option('--json', 'print the result as JSON, activations and logits in full');
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
  const { text, ids, sites = [], json } = flags;
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

function checkFlags({ text, ids, sites, logits }: InspectFlags): void {
  if (text !== undefined && ids !== undefined) {
    throw usage('--text and --ids are both given', 'leave one of them out');
  }
  const needing = sites ? '--sites' : logits ? '--logits' : undefined;
  if (needing && text === undefined && ids === undefined) {
    throw usage(`${needing} needs something to run the model on`, 'add --text or --ids');
  }
}

/** Token ids with commas, those that are there twice kept; for commander. */
function parseIds(list: string): number[] {
  const parts = list.split(',').map((part) => part.trim());
  if (parts.every((part) => /^\d{1,10}$/.test(part))) return parts.map(Number);
  throw new InvalidArgumentError('It must be whole numbers with commas between them: 1,2,3.');
}

const usage = (message: string, remedy: string): FeedprintError =>
  new FeedprintError({ code: 'usage', message, remedy });
