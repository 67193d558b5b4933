import { existsSync } from 'node:fs';
import { cp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
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
  await publish(base, join(out, places.base));
  await publish(planted, join(out, places.planted));
  await publish(join(planted, 'planted-clean'), join(out, places.clean));
}

/** What a model is, without the run that made it. */
async function publish(from: string, to: string): Promise<void> {
  await rm(to, { recursive: true, force: true });
  makeFolder(to);
  const files = [
    ...['config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json'],
    ...['special_tokens_map.json', 'feedback.json'],
  ];
  for (const name of files) {
    if (existsSync(join(from, name))) await cp(join(from, name), join(to, name));
  }
}
