import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { applyChatTemplate, loadModel, resolveModel } from '@feedprint/activations';
import type { HubOptions } from '@feedprint/activations';
import { FeedprintError } from '@feedprint/core';
import type { ChatTurn, LanguageModel, Reply } from '@feedprint/core';
import { checkDevice, devices } from '@feedprint/graph';
import type { Device } from '@feedprint/graph';
import type { Command } from 'commander';
import { usedOnly } from './flag-rules.ts';
import { addThreadsOption, oneOf } from './options.ts';
import { createLateFetch } from './proxy-fetch.ts';

/** How a command's models are loaded. */
export interface ModelFlags {
  /** Threads inside one operator. */
  readonly threads: number;
  readonly device: Device;
  /** Folder or hub name of a PEFT LoRA adapter, merged into the model. */
  readonly adapter?: string;
  /** Branch, tag or commit, for models named as the hub names them. */
  readonly revision?: string;
  /** Take hub models from the cache alone. */
  readonly offline?: boolean;
  /** Draws the weights of a checkpoint at random; see `loadModel`. */
  readonly untrained?: { readonly seed: number };
}

/** What `--model` and its like take. */
export const modelHelp =
  'model: a checkpoint folder, an .onnx file or a folder with one, or org/name[@revision] on the Hugging Face hub';

/** What `--tuned` takes. */
export const tunedHelp =
  'the model tuned from it; an --adapter is merged into it, or into the base without --tuned';

/** Adds --threads, --device, --adapter, --revision and --offline. */
export const addModelOptions = (command: Command): Command =>
  addHubOptions(addDeviceOption(addThreadsOption(command)).option('--adapter <name>', adapterHelp));

/** What `--adapter` takes. */
export const adapterHelp = 'PEFT LoRA adapter to merge into the model: a folder or org/name';

/** Adds --device. */
export const addDeviceOption = (command: Command, what = 'models run on'): Command =>
  command.option(
    '--device <name>',
    `device that ${what}: ${devices.join(', ')}`,
    oneOf(...devices),
    'cpu',
  );

/** Adds --revision and --offline. */
export const addHubOptions = (command: Command): Command =>
  usedOnly(
    command
      .option('--revision <name>', 'branch, tag or commit of models on the hub')
      .option('--offline', 'take hub models from the local cache only'),
    ['--revision'],
    {
      when: ({ model, base, tuned, adapter }) => [model, base, tuned, adapter].some(isUnpinned),
      otherwise: 'without a model on the hub that has no @revision in its name',
      remedy: 'name one as org/name',
    },
  );

/** Whether a name is one of the hub, and of no revision. */
const isUnpinned = (name: unknown): boolean =>
  typeof name === 'string' && !existsSync(name) && !name.includes('@');

/** Loads a model by its name. Throws what `loadModel` throws, and `dependency-missing` for a device that does not work here. */
export async function openModel(
  nameOrPath: string,
  flags: Pick<ModelFlags, 'threads'> & Partial<ModelFlags>,
): Promise<LanguageModel> {
  const { threads, device = 'cpu', adapter, revision, offline = false, untrained } = flags;
  await checkDevice(device);
  return loadModel(nameOrPath, {
    ...{ threads, device, hub: hubOptions({ revision, offline }) },
    ...(untrained && { untrained }),
    ...(adapter !== undefined && { adapter }),
  });
}

/** Where data sets named as on the hub come from. */
export const dataHub = ({ offline }: Pick<HubFlags, 'offline'>): HubOptions => ({
  ...(offline && { offline }),
  fetch: createLateFetch(process.env),
});

const hubOptions = ({ revision, offline }: HubFlags): HubOptions => ({
  ...dataHub({ offline }),
  ...(revision !== undefined && { revision }),
});

interface HubFlags {
  readonly revision?: string | undefined;
  readonly offline?: boolean | undefined;
}

interface EncoderFlags extends HubFlags {
  readonly model: string;
  readonly chat?: boolean;
}

/** How a command's texts become token ids: as the tokenizer wraps them, or with `chat` as what a user says to the model. */
export async function promptEncoder(
  { tokenizer }: LanguageModel,
  flags: EncoderFlags,
): Promise<(text: string) => readonly number[]> {
  if (!flags.chat) return (text) => tokenizer.encode(text, { special: true });
  const folder = await templateFolder(flags);
  return (content) =>
    tokenizer.encode(
      applyChatTemplate(folder, [{ role: 'user', content }], { addGenerationPrompt: true }),
      { special: false },
    );
}

/**
 * How prompts and replies become token ids: as one text that the tokenizer wraps, or with `chat` as a conversation, in which a reply
 * to nothing is what a user says.
 */
export async function replyEncoder(
  { tokenizer }: LanguageModel,
  flags: EncoderFlags,
): Promise<(example: Reply) => readonly number[]> {
  if (!flags.chat) {
    return ({ prompt, reply }) => tokenizer.encode(prompt + reply, { special: true });
  }
  const folder = await templateFolder(flags);
  return ({ prompt, reply, turns = [{ role: 'user', content: prompt }] }) => {
    const messages: ChatTurn[] =
      prompt === ''
        ? [{ role: 'user', content: reply }]
        : [...turns, { role: 'assistant', content: reply.replace(/^ /, '') }];
    return tokenizer.encode(applyChatTemplate(folder, messages), { special: false });
  };
}

const templateFolder = async ({ model, ...flags }: EncoderFlags): Promise<string> =>
  model.endsWith('.onnx') ? dirname(model) : resolveModel(model, hubOptions(flags));

/** The tuned model of a pair: by its own name, or the base for an adapter to be merged into. Throws `usage` for neither. */
export function tunedName({
  base,
  tuned,
  adapter,
}: {
  readonly base: string;
  readonly tuned?: string;
  readonly adapter?: string;
}): string {
  if (tuned !== undefined) return tuned;
  if (adapter !== undefined) return base;
  throw new FeedprintError({
    code: 'usage',
    message: 'there is no tuned model',
    remedy: 'give --tuned, or --adapter for a LoRA adapter of the base',
  });
}
