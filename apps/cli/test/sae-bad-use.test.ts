import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Flags } from './support/flags.ts';
import { freshPath, pair } from './support/refusals.ts';
import { runCli } from './support/run-cli.ts';
import { trainArgs } from './support/sae-args.ts';
import { hashesIn } from './support/temporary-folder.ts';
import { tune, writeCheckpoint } from './support/tiny-pair.ts';

const write = (content: string, extension = 'txt'): string => {
  const path = `${freshPath()}.${extension}`;
  writeFileSync(path, content);
  return path;
};

/** What is wrong, the flags, the exit code and what the message must say: the problem and the remedy. */
const refusals: [string, () => Flags, 1 | 2, RegExp][] = [
  [
    'a kind that is not known',
    () => ({ kind: 'dense' }),
    2,
    /'dense' is invalid. It must be one of tied, relu, gated, topk/,
  ],
  [
    'a site that the model has not',
    () => ({ site: 'blocks.2.hook_mlp_out' }),
    2,
    /no site blocks\.2\.hook_mlp_out; use one of .*blocks\.N\.hook_mlp_out.*N from 0 to 1/,
  ],
  [
    'one bad site among good ones',
    () => ({ site: 'blocks.1.hook_mlp_out,mlp' }),
    2,
    /no site mlp; use one of/,
  ],
  [
    'fewer features than active ones',
    () => ({ width: 3 }),
    2,
    /k = 4 active features are more than the 3 .*; lower --k or raise --width/,
  ],
  [
    'that in one corner of a sweep',
    () => ({ width: '32,8', k: '4,16' }),
    2,
    /k = 16 .* than the 8/,
  ],
  [
    'a sparsity of another kind',
    () => ({ l1: 2 }),
    2,
    /--l1 does nothing for kind topk; make it sparse with --k/,
  ],
  ['a list that holds no number', () => ({ k: '4,x' }), 2, /must be a whole number/],
  ['an empty list', () => ({ width: ',' }), 2, /must be a whole number/],
  ['a learning rate of nothing', () => ({ lr: 0 }), 2, /must be a number above 0/],
  ['a setting without a value', () => ({ set: 'decay' }), 2, /It must be name=value/],
  [
    'a setting that the trainer has not',
    () => ({ set: 'speed=2' }),
    2,
    /there is no setting speed; use one of widths, .*decay/,
  ],
  [
    'a value that a setting cannot have',
    () => ({ set: 'decay=fast' }),
    2,
    /decay cannot be "fast": .*expected number.*; give another/,
  ],
  [
    'a setting that has a flag',
    () => ({ set: 'learningRate=0.1' }),
    2,
    /--set cannot give learningRate; use --lr/,
  ],
  ['no tokens', () => ({ tokens: 0 }), 2, /at least 1/],
  ['an unknown engine', () => ({ engine: 'torch' }), 2, /must be one of onnxruntime, tensorflow/],
  [
    'a device of the other engine',
    () => ({ engine: 'tensorflow', device: 'webgpu' }),
    2,
    /TensorFlow.js takes the fastest backend that it has; leave --device out/,
  ],
  [
    'a device that works nowhere but on Windows',
    () => ({ device: process.platform === 'win32' ? 'coreml' : 'dml' }),
    1,
    /the device (dml|coreml) does not work here .*; or use the device cpu/,
  ],
  [
    'a crosscoder of one model',
    () => ({ kind: 'crosscoder', k: 4 }),
    2,
    /a crosscoder needs two models; give the base model with --base/,
  ],
  ['a difference of one model', () => ({ difference: true }), 2, /--difference needs two models/],
  [
    'a base with nothing to do',
    () => ({ base: pair.base, model: pair.tuned }),
    2,
    /--base is for crosscoders and differences; add/,
  ],
  [
    'a crosscoder on a difference',
    () => ({ kind: 'crosscoder', k: 4, base: pair.base, difference: true }),
    2,
    /not their difference; leave --difference out/,
  ],
  [
    'a measure of errors that is not known',
    () => ({ error: 'loss' }),
    2,
    /It must be one of plain, output/,
  ],
  [
    'errors by the output for a tied SAE',
    () => ({ kind: 'tied', error: 'output' }),
    2,
    /--error output is not for kind tied; leave it out, or take another kind/,
  ],
  [
    'errors by the output for a crosscoder',
    () => ({ kind: 'crosscoder', k: 4, base: pair.base, model: pair.tuned, error: 'output' }),
    2,
    /--error output is not for kind crosscoder; leave it out/,
  ],
  [
    'errors by the output for a difference',
    () => ({ difference: true, base: pair.base, model: pair.tuned, error: 'output' }),
    2,
    /not for differences; leave --error or --difference out/,
  ],
  [
    'errors by the output of a classifier',
    () => ({
      error: 'output',
      model: writeCheckpoint(freshPath(), {
        config: { architectures: ['GPTNeoXForSequenceClassification'] },
        tensors: (all) => {
          all['score.weight'] = { shape: [2, 16], data: new Float32Array(32).fill(0.1) };
        },
      }),
    }),
    2,
    /needs the next-token predictions of a language model, and fresh-\d+ gives none; leave it out/,
  ],
  [
    'the same model twice',
    () => ({ kind: 'crosscoder', k: 4, base: pair.base }),
    1,
    /models of --base and --model are the same; give a model and the base/,
  ],
  [
    'models of other contexts',
    () => ({
      difference: true,
      base: pair.base,
      model: writeCheckpoint(freshPath(), {
        config: { max_position_embeddings: 16 },
        tensors: tune,
      }),
    }),
    1,
    /differ in contextLength \(32 and 16\); give/,
  ],
  [
    'a model folder that does not exist',
    () => ({ model: freshPath() }),
    1,
    /neither a folder nor the name of a model on the hub; pass a folder with config\.json/,
  ],
  [
    'NaN in the weights',
    () => ({
      model: writeCheckpoint(freshPath(), {
        tensors: (all) => all['gpt_neox.layers.1.mlp.dense_h_to_4h.weight']?.data.fill(NaN, 3, 4),
      }),
    }),
    1,
    /dense_h_to_4h\.weight holds NaN at index 3; use weights/,
  ],
  ['empty texts', () => ({ texts: write('') }), 1, /holds no text; pass a file/],
  [
    'one text',
    () => ({ texts: write('the film was good\n') }),
    1,
    /only one text.*; give at least two texts/,
  ],
  [
    'texts of one token',
    () => ({ texts: write('{"text":"a"}\n{"text":"b"}\n', 'jsonl') }),
    1,
    /no text of .* has two tokens or more; give longer texts/,
  ],
  [
    'texts that are not JSON',
    () => ({ texts: write('{"text":', 'jsonl') }),
    1,
    /line 1: not JSON; write/,
  ],
  [
    'an output folder below a file',
    () => ({ out: join(pair.texts, 'sae') }),
    1,
    /cannot write .*; /,
  ],
  ['a missing flag', () => ({ site: undefined }), 2, /--site/],
  ['an unknown flag', () => ({ colour: 'red' }), 2, /--colour/],
];

describe('feedprint sae train, given', () => {
  test.each(refusals)(
    '%s, says so in one line and writes nothing',
    async (_, flags, code, says) => {
      const given = { out: freshPath(), ...flags() };
      const refused = await runCli(trainArgs(pair, given.out, given));
      expect([refused.code, refused.out]).toEqual([code, '']);
      expect(refused.err).toMatch(says);
      expect(refused.err).toMatch(/^error: /);
      expect(refused.err).not.toMatch(/\n\s+at |This is a bug/);
      // Wrong use adds a hint on a second line.
      expect(refused.err.trimEnd().split('\n').length).toBeLessThanOrEqual(code === 2 ? 2 : 1);
      expect(existsSync(given.out)).toBe(false);
    },
  );

  test('a folder with something else in it, says so and leaves it alone', async () => {
    const out = freshPath();
    mkdirSync(out);
    writeFileSync(join(out, 'thesis.txt'), 'years of work');
    const { code, err } = await runCli(trainArgs(pair, out));
    expect(code).toBe(1);
    expect(err).toMatch(
      /^error: .*is not empty and holds no training run; choose a new or empty folder.*\n$/,
    );
    expect(Object.keys(hashesIn(out))).toEqual(['thesis.txt']);
    expect(readFileSync(join(out, 'thesis.txt'), 'utf8')).toBe('years of work');
  });

  test('a command of sae that is not known, says how to get help', async () => {
    const { code, err } = await runCli(['sae', 'tarin']);
    expect(code).toBe(2);
    expect(err).toMatch(/unknown command 'tarin'/);
    expect((await runCli(['sae', '--help'])).out).toMatch(
      /train[^]*eval[^]*import[^]*export[^]*compare/,
    );
  });
});
