import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { loadModel } from '@feedprint/activations';
import type { LanguageModel, Matrix } from '@feedprint/core';
import { runCli } from './support/run-cli.ts';
import type { Captured } from './support/run-cli.ts';
import { commandLine } from './support/sae-args.ts';
import type { Flags } from './support/flags.ts';
import { temporaryFolder } from './support/temporary-folder.ts';
import { writeCheckpoint, writeTinyPair } from './support/tiny-pair.ts';
import type { TinyPair } from './support/tiny-pair.ts';

interface Inspected {
  readonly tokens: readonly string[];
  readonly ids: readonly number[];
  readonly sites: Readonly<Record<string, readonly (readonly number[])[]>>;
  readonly logits?: readonly (readonly number[])[];
}

/** What transformers computed for the embedded model, see tools/golden/forward.py. */
interface Golden {
  readonly vocabIds: readonly number[];
  readonly sequences: readonly {
    readonly ids: readonly number[];
    readonly logitPositions: readonly number[];
    readonly logits: readonly (readonly number[])[];
    readonly unitPositions: readonly number[];
    readonly mlpOut: readonly (readonly (readonly number[])[])[];
  }[];
}

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const root = temporaryFolder();
let pair: TinyPair;
let model: LanguageModel;

beforeAll(async () => {
  pair = writeTinyPair(root);
  model = await loadModel(pair.base, { threads: 1 });
});
afterAll(() => model.dispose());

const inspect = (flags: Flags): Promise<Captured> =>
  runCli(commandLine('inspect', { model: pair.base, threads: 1, ...flags }));
const json = async (flags: Flags): Promise<Inspected> => {
  const { code, out, err } = await inspect({ ...flags, json: true });
  expect([code, err]).toEqual([0, '']);
  expect(out).toMatch(/^[^\n]*\n$/);
  return JSON.parse(out) as Inspected;
};
const rows = (m: Matrix | undefined): number[][] =>
  Array.from({ length: m?.rows ?? 0 }, (_, r) =>
    Array.from(m?.data.subarray(r * m.columns, (r + 1) * m.columns) ?? []),
  );

describe('feedprint inspect of a model', () => {
  test('lists what it is, and its sites with equal blocks together', async () => {
    const { code, out } = await inspect({});
    expect(code).toBe(0);
    const count = [...model.parameters()].reduce((sum, { data }) => sum + data.length, 0);
    for (const line of [
      /^model +base\n/,
      /architecture +gpt_neox\n/,
      /layers +2\n/,
      /width +16\n/,
      /context +32\n/,
      new RegExp(`parameters +${count.toLocaleString('en-US')}\n`),
      /\nblocks\.0\.\.1\.hook_mlp_out +16\n/,
      /\nblocks\.0\.\.1\.mlp\.hook_post +32\n/,
    ]) {
      expect(out).toMatch(line);
    }
  });

  test('says what of its files it does not use', async () => {
    const folder = writeCheckpoint(join(temporaryFolder(), 'valued'), {
      tensors: (tensors) => {
        for (const name of ['a', 'b', 'c', 'd']) {
          tensors[`v_head.${name}`] = { shape: [1], data: Float32Array.of(1) };
        }
      },
    });
    const { out } = await inspect({ model: folder });
    expect(out).toMatch(/\nnot used: v_head\.a, v_head\.b, v_head\.c and 1 more\n$/);
    expect((await inspect({})).out).not.toContain('not used');
  });

  test('gives the same as JSON, every site by itself', async () => {
    const { out } = await inspect({ json: true });
    const { parameters, ...found } = JSON.parse(out) as Record<string, unknown>;
    expect(parameters).toBeGreaterThan(1000);
    expect(found).toEqual({
      name: 'base',
      fingerprint: model.fingerprint,
      ...model.info,
      sites: model.sites,
    });
  });
});

describe('feedprint inspect of a text', () => {
  test('gives activations and logits to the last bit as JSON', async () => {
    const sites = ['blocks.1.hook_mlp_out', 'blocks.0.mlp.hook_post'];
    const found = await json({ ids: '300,5,5,301', site: sites.join(','), logits: true });
    const ids = [300, 5, 5, 301];
    const { activations, logits } = await model.run([ids], { capture: sites, logits: 'all' });
    expect(found.ids).toEqual(ids);
    expect(found.tokens).toEqual(ids.map((id) => model.tokenizer.tokenText(id)));
    expect(Object.keys(found.sites)).toEqual(sites);
    for (const site of sites) {
      expect(found.sites[site]?.map((row) => row.map(Math.fround))).toEqual(
        rows(activations.get(site)),
      );
    }
    expect(found.logits?.map((row) => row.map(Math.fround))).toEqual(rows(logits));
  });

  test('agrees with transformers on the embedded model', async () => {
    const golden = JSON.parse(
      readFileSync(at('../../../packages/activations/test/golden/forward-demo-base.json'), 'utf8'),
    ) as Golden;
    for (const sequence of golden.sequences) {
      const found = await json({
        model: at('../../../packages/demo-models/base'),
        ids: sequence.ids.join(','),
        site: 'blocks.*.hook_mlp_out',
        logits: true,
      });
      let worst = 0;
      const compare = (actual: number | undefined, expected: number): void => {
        worst = Math.max(worst, Math.abs((actual ?? Infinity) - expected));
      };
      sequence.logitPositions.forEach((position, i) =>
        golden.vocabIds.forEach((id, j) =>
          compare(found.logits?.[position]?.[id], sequence.logits[i]?.[j] as number),
        ),
      );
      sequence.mlpOut.forEach((positions, layer) =>
        positions.forEach((units, i) =>
          units.forEach((unit, j) =>
            compare(
              found.sites[`blocks.${layer}.hook_mlp_out`]?.[sequence.unitPositions[i] as number]?.[
                j
              ],
              unit,
            ),
          ),
        ),
      );
      expect(worst).toBeLessThanOrEqual(1e-4);
    }
  });

  test('runs nothing that is not asked for', async () => {
    const found = await json({ text: 'the film' });
    expect(found).toEqual({
      tokens: ['the', ' film'].flatMap((word) =>
        model.tokenizer.encode(word).map((id) => model.tokenizer.tokenText(id)),
      ),
      ids: model.tokenizer.encode('the film'),
      sites: {},
    });
  });

  test('shows tokens, norms, first units and the most probable next tokens', async () => {
    const { code, out } = await inspect({ text: ' the film', site: 'blocks.1.hook_mlp_out' });
    expect(code).toBe(0);
    const ids = model.tokenizer.encode(' the film');
    const { activations, logits } = await model.run([ids], {
      capture: ['blocks.1.hook_mlp_out'],
      logits: 'last',
    });
    const last = rows(logits)[0] as number[];
    const best = last.indexOf(Math.max(...last));
    const p = 1 / last.reduce((sum, v) => sum + Math.exp(v - (last[best] as number)), 0);
    const norm = Math.hypot(...(rows(activations.get('blocks.1.hook_mlp_out'))[1] as number[]));
    expect(out).toMatch(/position +id +token\n +0 +\d+ +" the"\n +1 +\d+ +" film"\n/);
    expect(out).toContain('blocks.1.hook_mlp_out, 16 units\n');
    expect(out).toMatch(new RegExp(`\n +1 +${norm.toFixed(4)} `));
    expect(out).toMatch(new RegExp(`next token\n *${best} .* ${(100 * p).toFixed(1)} %`));
    expect(out.split('next token\n')[1]?.trimEnd().split('\n').length).toBe(10);
  });

  test('begins texts as the tokenizer does, and conversations as the template does', async () => {
    const END = '<|endoftext|>';
    const single = [
      { SpecialToken: { id: END, type_id: 0 } },
      { Sequence: { id: 'A', type_id: 0 } },
    ];
    const folder = writeCheckpoint(join(temporaryFolder(), 'wrapped'), {
      tokenizer: (file) => ({
        ...file,
        post_processor: {
          ...{ type: 'TemplateProcessing', single, pair: single },
          special_tokens: { [END]: { id: END, ids: [0], tokens: [END] } },
        },
      }),
    });
    writeFileSync(join(folder, 'chat_template.jinja'), `${END}{{ messages[0].content }}`);
    const own = model.tokenizer.encode(' the film');
    for (const chat of [true, false]) {
      const { ids } = await json({ model: folder, text: ' the film', ...(chat && { chat }) });
      expect(ids).toEqual([0, ...own]);
    }
  });

  test('of a model without a tokenizer runs ids and names no tokens', async () => {
    const folder = join(temporaryFolder(), 'bare');
    cpSync(pair.base, folder, { recursive: true });
    rmSync(join(folder, 'tokenizer.json'));
    const [found, whole] = [
      await json({ model: folder, ids: '1,2', logits: true }),
      await json({ ids: '1,2', logits: true }),
    ];
    expect(found).toEqual({ ...whole, tokens: null });
    const { out } = await inspect({ model: folder, ids: '1,2' });
    expect(out).toMatch(/position +id +token\n +0 +1 +-\n +1 +2 +-\n/);
    const { code, err } = await inspect({ model: folder, text: 'a' });
    expect([code, err]).toEqual([1, expect.stringMatching(/no tokenizer\.json in .*bare/)]);
  });

  test.each<[string, Flags, 1 | 2, RegExp]>([
    ['text and ids', { text: 'a', ids: '1' }, 2, /--text and --ids are both given/],
    ['sites of nothing', { site: 'blocks.0.hook_mlp_out' }, 2, /add --text or --ids/],
    ['logits of nothing', { logits: true }, 2, /add --text or --ids/],
    ['an empty text', { text: '' }, 2, /the text has no token/],
    ['ids that are none', { ids: '1,x' }, 2, /whole numbers separated by commas/],
    ['an id beyond the vocabulary', { ids: '1,999999' }, 1, /999999 is outside the vocabulary/],
    ['too long a text', { ids: '1,'.repeat(32) + '1' }, 1, /33 tokens is longer than the context/],
    ['an unknown site', { text: 'a', site: 'blocks.9.hook_mlp_out' }, 2, /no site blocks\.9/],
    ['a pattern of no site', { text: 'a', site: 'layer.*' }, 2, /no site of base matches layer/],
    ['a folder that is no model', { model: root }, 1, /config\.json/],
  ])('refuses %s in one line', async (_, flags, code, says) => {
    const refused = await inspect(flags);
    expect([refused.code, refused.out]).toEqual([code, '']);
    expect(refused.err).toMatch(says);
    expect(refused.err).toMatch(/^error: /);
    expect(refused.err).not.toContain('This is a bug');
  });
});
