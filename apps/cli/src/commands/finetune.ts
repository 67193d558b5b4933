import { feedbackGrammar, finetuneMethods, rewardMethods } from '@feedprint/recipes';
import type { Command } from 'commander';
import { commandLine } from '../command-line.ts';
import { lexiconHelp } from '../feedback/lexicon-help.ts';
import { isRewardMethod } from '../finetune/flags.ts';
import type { FinetuneFlags } from '../finetune/flags.ts';
import { describeFinetuned, finetuneOnFiles } from '../finetune/on-files.ts';
import { describeRewarded, finetuneOnRewards } from '../finetune/on-rewards.ts';
import { describePinpointed, pinpointOnFiles } from '../finetune/pinpoint.ts';
import { usedOnly } from '../flag-rules.ts';
import type { Io } from '../io.ts';
import { addDeviceOption, addHubOptions, modelHelp } from '../model-options.ts';
import {
  addThreadsOption,
  assignment,
  decimal,
  listOf,
  oneOf,
  seedHelp,
  wholeNumber,
} from '../options.ts';
import { chatTemplateHelp, mapHelp, namedPairsHelp } from '../pairs.ts';
import {
  freshRepliesHelp,
  maxLengthHelp,
  maxPairsHelp,
  maxTextsHelp,
  textsHelp,
  toldHelp,
} from '../texts.ts';

/** Adds `finetune`. */
export function addFinetuneCommand(program: Command, io: Io): void {
  const command = program
    .command('finetune')
    .description(
      'Fine-tune a model on preference pairs or texts; the result is a Hugging Face folder.',
    )
    .requiredOption('--model <name>', modelHelp)
    .requiredOption(
      '--method <name>',
      `what to learn by: ${finetuneMethods.join(', ')}; of rewards for what it writes itself: ${rewardMethods.join(', ')}`,
      oneOf(...finetuneMethods, ...rewardMethods),
    )
    .option('--pairs <file>', `${namedPairsHelp}; sft learns the chosen replies`)
    .option(
      '--ratings <file>',
      'single replies that were labelled as wanted or not (prompt, completion, label); for kto and sft',
    )
    .option('--texts <file>', `${textsHelp}; for sft`)
    .option('--prompts <file>', `${textsHelp}; to reply to, for ${rewardMethods.join(' and ')}`)
    .option(
      '--signal <name>',
      `what is rewarded: vader-text for whole replies, else of single tokens ${lexiconHelp}`,
      'vader',
    )
    .option(
      '--prompt-tokens <n>',
      'tokens of a prompt at most (default: as many as leave room for a reply)',
      wholeNumber(1),
    )
    .option('--max-new-tokens <n>', 'tokens of a reply at most (default: 32)', wholeNumber(1))
    .requiredOption('--out <dir>', 'folder for the model; an interrupted fine-tuning continues')
    .option(
      '--lora <n>',
      'train low-rank updates of this rank, saved as a PEFT adapter',
      wholeNumber(1),
    )
    .option(
      '--lora-alpha <x>',
      'scale of the updates times their rank (default: twice the rank)',
      decimal(),
    )
    .option(
      '--modules <list>',
      'parts of names of the parameters to train, or with --lora of the layers to update (default: all)',
      listOf((name) => name),
    )
    .option('--epochs <n>', 'times that all is seen (default: 1)', decimal())
    .option('--steps <n>', 'steps, instead of --epochs', wholeNumber(1))
    .option('--batch <n>', 'pairs or texts per step (default: 16)', wholeNumber(1))
    .option('--lr <x>', 'peak learning rate, falling to 0 (default: 0.00001)', decimal())
    .option(
      '--beta <x>',
      'how strongly the model is held to where it began (default: 0.1)',
      decimal(),
    )
    .option(
      '--held-out <x>',
      'share to evaluate on alone, unless the pairs name their splits',
      decimal({ zero: true, most: 0.9 }),
      0.1,
    )
    .option('--max-pairs <n>', maxPairsHelp, wholeNumber(1))
    .option('--max-texts <n>', maxTextsHelp, wholeNumber(1))
    .option('--max-length <n>', maxLengthHelp, wholeNumber(2))
    .option('--map <columns>', mapHelp)
    .option('--chat-template <name>', chatTemplateHelp)
    .option(
      '--dtype <name>',
      'how weights are saved: float32, or base for as the base has them',
      oneOf('float32', 'base'),
      'float32',
    )
    .option(
      '--set <name=value>',
      'another setting, such as weightDecay=0.01 or warmUp=0; may be repeated',
      assignment,
    )
    .option('--seed <n>', seedHelp, wholeNumber(0, 0xffff_ffff), 0)
    .option('--save-every <n>', 'also save the model every so many steps', wholeNumber(1))
    .option(
      '--checkpoint-steps <n>',
      'steps between checkpoints to continue from (default: a tenth of all)',
      wholeNumber(1),
    )
    .option(
      '--pinpoint <n>',
      'tune only so many modules, those that carry the behaviour of --contrast most; as many random ones and the whole model are tuned beside them',
      wholeNumber(1),
    )
    .option(
      '--contrast <file>',
      `prompts with an answer that shows a behaviour (chosen) and one that does not (rejected): ${namedPairsHelp}`,
    )
    .option(
      '--audit-every <n>',
      'also audit the model every so many steps, and raise an alarm when something is learned beyond what was told',
      wholeNumber(1),
    )
    .option(
      '--audit-texts <file>',
      `${textsHelp}; for audits of words while training (default: --prompts)`,
    )
    .option(
      '--audit-feedback <name>',
      `what was told of words: ${feedbackGrammar} (default: the words that --signal rewards)`,
    )
    .option('--told <file>', toldHelp)
    .option(
      '--fresh-replies <n>',
      `${freshRepliesHelp}, in each audit while training`,
      wholeNumber(0),
    )
    .option('--json', 'print the result as JSON');
  usedOnly(command, ['--audit-texts', '--audit-feedback', '--told', '--fresh-replies'], {
    when: ({ auditEvery }) => auditEvery !== undefined,
    otherwise: 'without --audit-every',
    remedy: 'add --audit-every',
  });
  usedOnly(command, ['--contrast'], {
    when: ({ pinpoint }) => pinpoint !== undefined,
    otherwise: 'without --pinpoint',
    remedy: 'add --pinpoint',
  });
  usedOnly(command, ['--lora', '--modules', '--audit-every'], {
    when: ({ pinpoint }) => pinpoint === undefined,
    otherwise: 'with --pinpoint, which says itself what is tuned',
    remedy: 'leave --pinpoint out',
  });
  usedOnly(
    command,
    ['--pinpoint', '--checkpoint-steps', '--map', '--chat-template', '--max-length'],
    {
      when: ({ method }) => !isRewardMethod(String(method)),
      otherwise: 'where a model learns from its own replies',
      remedy: 'choose a --method that learns from pairs or texts',
    },
  );
  usedOnly(command, ['--beta'], {
    when: ({ method }) => method !== 'sft' && method !== 'rejection-sft',
    otherwise: 'for sft, which has no reference',
    remedy: 'choose another --method',
  });
  usedOnly(command, ['--max-pairs'], {
    when: ({ pairs }) => pairs !== undefined,
    otherwise: 'without --pairs',
    remedy: 'add --pairs',
  });
  usedOnly(command, ['--max-texts'], {
    when: ({ texts, prompts }) => texts !== undefined || prompts !== undefined,
    otherwise: 'without --texts and --prompts',
    remedy: 'add one of them',
  });
  usedOnly(command, ['--lora-alpha'], {
    when: ({ lora }) => lora !== undefined,
    otherwise: 'without --lora',
    remedy: 'add --lora',
  });
  usedOnly(command, ['--signal', '--prompt-tokens', '--max-new-tokens'], {
    when: ({ method }) => isRewardMethod(String(method)),
    otherwise: 'where no reply is rewarded',
    remedy: `add --method ${rewardMethods[0]}`,
  });
  usedOnly(command, ['--epochs'], {
    when: ({ steps, method }) => steps === undefined || method === 'ppo',
    otherwise: 'with --steps',
    remedy: 'leave --steps out',
  });
  addDeviceOption(addThreadsOption(addHubOptions(command)), 'training runs on').action(
    async (flags: FinetuneFlags) => {
      const { method } = flags;
      const typed = commandLine(command);
      if (isRewardMethod(method)) {
        const rewarded = await finetuneOnRewards(method, flags, { typed, io });
        io.out(flags.json ? `${JSON.stringify(rewarded)}\n` : describeRewarded(rewarded));
        return;
      }
      if (flags.pinpoint !== undefined) {
        const pinpointed = await pinpointOnFiles(method, flags, io);
        io.out(flags.json ? `${JSON.stringify(pinpointed)}\n` : describePinpointed(pinpointed));
        return;
      }
      const result = await finetuneOnFiles(method, flags, { typed, io });
      io.out(flags.json ? `${JSON.stringify(result)}\n` : describeFinetuned(result));
    },
  );
}
