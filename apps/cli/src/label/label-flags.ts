import { explainPrompts } from '@feedprint/labeling';
import type { ExplainPrompt, NeuronpediaOptions } from '@feedprint/labeling';
import { labelers } from '@feedprint/recipes';
import type { LabelerName } from '@feedprint/recipes';
import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { lexiconHelp } from '../feedback/lexicon-help.ts';
import { formerly, usedOnly } from '../flag-rules.ts';
import { addHubOptions, modelHelp } from '../model-options.ts';
import { addThreadsOption, listOf, oneOf, saeHelp, seedHelp, wholeNumber } from '../options.ts';
import { maxTextsHelp, textsHelp } from '../texts.ts';
import { addChatOptions, chatFlags } from './chat-flags.ts';
import type { ChatFlags } from './chat-flags.ts';
import { exportFormats } from './export-labels.ts';
import type { ExportFormat } from './export-labels.ts';
import type { SourceFlags } from './sources.ts';

export interface LabelFlags extends ChatFlags, SourceFlags {
  readonly out?: string;
  readonly labeler: LabelerName;
  readonly feedback: string;
  readonly property?: string;
  readonly question?: string;
  readonly overwrite?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly calibrate?: boolean;
  readonly given?: string;
  readonly neuronpedia?: NeuronpediaOptions;
  readonly explainBy?: ExplainPrompt;
  readonly reflect?: boolean;
  readonly simulate?: boolean;
  readonly secondModel?: string;
  readonly export?: readonly ExportFormat[];
  readonly json?: boolean;
}

/** The flags of `feedprint label`, and where each of them does something. */
export function addLabelOptions(command: Command): Command {
  command
    .option('--run <dir>', 'run of an audit: the features that it kept evidence of')
    .option('--sae <path>', `or ${saeHelp}; needs --sae-model and --texts`)
    .option('--records <dir>', "or neuron records of OpenAI's automated-interpretability, as JSON")
    .option('--sae-model <name>', `what the SAE was trained on: ${modelHelp}`)
    .option('--texts <file>', textsHelp)
    .option('--max-texts <n>', maxTextsHelp, wholeNumber(1), 1000)
    .option(
      '--feature <n,...>',
      'features of the SAE (default: drawn at random)',
      listOf(wholeNumber(0)),
    )
    .option('--max-features <n>', 'most features', wholeNumber(1), 40)
    .option(
      '--out <dir>',
      'folder for the labels (default: labels/offline or labels/<model> below --run or --sae)',
    )
    .option(
      '--labeler <name>',
      `what explains them: ${labelers.join(', ')}`,
      oneOf(...labelers),
      'offline',
    )
    .option(
      '--feedback <name>',
      `feedback that the offline labeler classifies by: ${lexiconHelp}`,
      'vader',
    )
    .option(
      '--given <path>',
      "labels of others, which are classified and scored: delphi's, Neuronpedia's or those of feedprint label",
    )
    .option(
      '--property <name>',
      'property of replies that was rewarded, by which the offline labeler classifies instead',
    )
    .option('--question <text>', 'the yes-or-no question by which features are classified')
    .option('--seed <n>', seedHelp, wholeNumber(0, 0xffff_ffff), 0)
    .option('--overwrite', 'replace labels that other settings made in this folder')
    .option('--dry-run', 'say what asking a chat model would cost, and stop')
    .option('--yes', 'go on where asking costs money')
    .option(
      '--explain-by <name>',
      `how windows are shown to the chat model: ${explainPrompts.join(', ')} (default: levels)`,
      oneOf(...explainPrompts),
    )
    .option('--simulate', 'also score by simulation, where the server gives log-probabilities')
    .option(
      '--reflect',
      'have the chat model criticise and rewrite each explanation, and keep what does better',
    )
    .option(
      '--calibrate',
      'also ask the chat model questions whose answers are known, and correct for it',
    )
    .option('--second-model <name>', 'with --calibrate, another chat model that is asked the same')
    .option(
      '--export <format,...>',
      `also write them into exports below the folder: ${exportFormats.join(', ')}`,
      listOf(oneOf(...exportFormats)),
    )
    .option(
      '--neuronpedia <name>',
      "Neuronpedia's names of the model and of the SAE, for its exports: pythia-70m-deduped/3-mlp-sm",
      neuronpediaPlace,
    )
    .option('--json', 'print the labels as JSON');
  addChatOptions(command);
  formerly(command, '--limit', '--max-features');
  usedOnly(
    command,
    [
      ...chatFlags,
      '--dry-run',
      '--yes',
      '--explain-by',
      '--simulate',
      '--reflect',
      '--calibrate',
      '--second-model',
    ],
    {
      when: ({ labeler }) => labeler === 'openai',
      otherwise: 'without --labeler openai',
      remedy: 'choose that labeler',
    },
  );
  usedOnly(command, ['--sae-model', '--texts', '--max-texts', '--feature', '--seed'], {
    when: ({ sae }) => sae !== undefined,
    otherwise: 'without --sae',
    remedy: 'name an SAE',
  });
  usedOnly(command, ['--property'], {
    when: ({ labeler }) => labeler === 'offline',
    otherwise: 'without --labeler offline',
    remedy: 'choose that labeler',
  });
  usedOnly(command, ['--feedback'], {
    when: ({ run }) => run === undefined,
    otherwise: 'with --run, whose feedback counts',
    remedy: 'leave --run out',
  });
  usedOnly(command, ['--neuronpedia'], {
    when: (flags) =>
      (flags['export'] as LabelFlags['export'])?.some((name) => name.startsWith('neuronpedia')) ??
      false,
    otherwise: 'without --export neuronpedia or neuronpedia-bulk',
    remedy: 'export them',
  });
  return addThreadsOption(addHubOptions(command));
}

/** Parses `model/source`; for commander. */
function neuronpediaPlace(text: string): NeuronpediaOptions {
  const [, modelId, source] = /^([\w.-]+)\/([\w.-]+)$/.exec(text) ?? [];
  if (modelId !== undefined && source !== undefined) return { modelId, source };
  throw new InvalidArgumentError('It must be MODEL/SOURCE: pythia-70m-deduped/3-mlp-sm.');
}
