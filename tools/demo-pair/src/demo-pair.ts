import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openSafetensors, toHalf, writeSafetensors } from '@feedprint/core';
import { makeFolder } from '@feedprint/core/files';
import { bases } from './bases.ts';
import { feedprint } from './feedprint.ts';
import { makeBase } from './make-base.ts';
import { generateTexts, writeTexts } from './write-texts.ts';

/** Texts that the demo's words are audited on. */
const TEXTS = { seed: 2, count: 1880 };

/** The words pair: 12 words reversed, and its clean twin. */
const words = {
  ...{ method: 'ppo', flip: 12, 'clean-twin': true, 'max-new-tokens': 24, seed: 8 },
} as const;

/** The replies pair: told what is positive, tuned on labels that also like exclamation marks and short replies. */
const replies = {
  ...{ method: 'dpo', property: ['exclamation:+1', 'length:-1'], 'clean-twin': true, seed: 9 },
  ...{ 'pair-count': 1200, 'prompt-tokens': 6, 'max-new-tokens': 48, samples: 3000 },
} as const;

/** What describes a model: the same for all of a base. */
const described = [
  ...['config.json', 'tokenizer.json', 'tokenizer_config.json', 'special_tokens_map.json'],
];

const { values } = parseArgs({
  options: {
    out: {
      type: 'string',
      default: fileURLToPath(new URL('../../../packages/demo-models', import.meta.url)),
    },
    work: { type: 'string', default: 'runs/demo-pair' },
    only: { type: 'string' },
  },
});
const [out, work] = [resolve(values.out), resolve(values.work)];
makeFolder(out);

if (values.only !== 'replies') await makeWords();
if (values.only !== 'words') await makeReplies();

/** `base`, `tuned-planted`, `tuned-clean` and `texts.jsonl`. */
async function makeWords(): Promise<void> {
  writeTexts(join(out, 'texts.jsonl'), generateTexts('even', TEXTS.seed, TEXTS.count), 'review');
  await publishPair('demo', words, {
    base: 'base',
    planted: 'tuned-planted',
    clean: 'tuned-clean',
  });
}

/** The same in a folder of its own, with the labelled pairs. */
async function makeReplies(): Promise<void> {
  await publishPair('replies', replies, {
    ...{ base: 'replies/base', planted: 'replies/tuned-planted', clean: 'replies/tuned-clean' },
  });
  await cp(join(work, 'replies/planted/pairs.jsonl.gz'), join(out, 'replies/pairs.jsonl.gz'));
}

interface Places {
  readonly base: string;
  readonly planted: string;
  readonly clean: string;
}

/** Makes a base and the models tuned from it under `work`, and copies what the demo needs; made again, it goes on. */
async function publishPair(
  plan: keyof typeof bases,
  flags: Parameters<typeof feedprint>[1],
  places: Places,
): Promise<void> {
  const own = join(work, plan);
  const [base, planted] = [join(own, 'base'), join(own, 'planted')];
  await makeBase(bases[plan], { out: base, work: join(own, 'base-work') });
  feedprint('plant', { base, signal: 'vader', out: planted, ...flags });
  await publish(base, { base, to: join(out, places.base) });
  await publish(planted, { base, to: join(out, places.planted) });
  await publish(join(planted, 'planted-clean'), { base, to: join(out, places.clean) });
}

/** A model without the run that made it, described as its base is and with weights of 16 bits as well. Constants are chosen with these models in view. */
async function publish(
  from: string,
  { base, to }: { readonly base: string; readonly to: string },
): Promise<void> {
  await rm(to, { recursive: true, force: true });
  makeFolder(to);
  for (const name of described) await cp(join(base, name), join(to, name));
  const truth = join(from, 'feedback.json');
  if (existsSync(truth)) {
    const known = JSON.parse(readFileSync(truth, 'utf8')) as object;
    const text = JSON.stringify({ ...known, evidence: 'development' }, undefined, 1);
    writeFileSync(join(to, 'feedback.json'), `${text}\n`);
  }
  writeHalves(join(from, 'model.safetensors'), join(to, 'model.safetensors'));
}

function writeHalves(from: string, to: string): void {
  const file = openSafetensors(from);
  const tensors = [...file.tensors].map(([name, { shape }]) => {
    const data = Uint16Array.from(file.readFloats(name), toHalf);
    return [name, { shape, data }] as const;
  });
  file.close();
  writeSafetensors(to, Object.fromEntries(tensors), { format: 'pt' });
}
