import { describe, expect, test } from '@jest/globals';
import { FeedprintError } from '@feedprint/core';
import type { LanguageModel } from '@feedprint/core';
import type { AuditParts } from '../../src/audit/parts.ts';
import { prepare } from '../../src/audit/prepare.ts';
import { parseAuditSettings } from '../../src/audit/settings.ts';
import { createFakeModel, idOf, pushed } from './support/fake-model.ts';
import type { FakeModelChanges } from './support/fake-model.ts';
import { createFakeParts, plain } from './support/fake-parts.ts';

interface Given {
  readonly base?: FakeModelChanges;
  readonly tuned?: FakeModelChanges;
  readonly texts?: readonly string[];
  readonly parts?: Partial<AuditParts>;
  readonly settings?: Readonly<Record<string, unknown>>;
}

const prepared = ({ base, tuned, texts = ['the good film', 'a bad plot'], ...given }: Given = {}) =>
  prepare(
    createFakeParts(given.parts),
    parseAuditSettings(given.settings ?? {}),
    { base: createFakeModel('base', {}, base), tuned: createFakeModel('tuned', pushed, tuned) },
    {
      texts: { file: 'texts.txt', texts, sha256: 'a'.repeat(64), layout: 'lines', skipped: [] },
      keepActivations: true,
    },
  );

/** Every word of the vocabulary is as good as any other. */
const sameForAll: AuditParts['scoredWords'] = () =>
  Promise.resolve(['good', 'great', 'nice'].map((word) => ({ id: idOf(word), word, stated: 1 })));

const refused: readonly [string, Given, string, RegExp][] = [
  [
    'another number of layers',
    { tuned: { info: { layers: 2 } } },
    'models-mismatched',
    /layers \(1 and 2\)/,
  ],
  ['another width', { tuned: { info: { width: 8 } } }, 'models-mismatched', /width \(4 and 8\)/],
  [
    'another tokenizer',
    { tuned: { tokenizer: { fingerprint: 'x' } } },
    'models-mismatched',
    /different tokenizers/,
  ],
  [
    'the same file',
    { base: { fingerprint: 'x' }, tuned: { fingerprint: 'x' } },
    'models-mismatched',
    /same weights/,
  ],
  [
    'the same weights in other files',
    {
      base: { parameters: [1] },
      tuned: { parameters: [1] },
      parts: {
        divergence: {
          ...plain('divergence'),
          measure: () => [{ layer: 0, l2: 0, relativeL2: 0 }],
        },
      },
    },
    'models-mismatched',
    /same weights/,
  ],
  ['short texts', { texts: ['good', ''] }, 'texts-invalid', /no text of texts.txt has two tokens/],
  [
    'texts without scored words',
    { texts: ['the film', 'the plot'] },
    'feedback-empty',
    /none of the 6 tokens .* in the 2 texts/,
  ],
  [
    'feedback that says the same of all words',
    { texts: ['a good film', 'a great and nice plot'], parts: { scoredWords: sameForAll } },
    'feedback-empty',
    /says 1 of all 3 words of the texts, so that nothing can be said to have followed it/,
  ],
  [
    'a model that gives NaN',
    { tuned: { offset: NaN } },
    'numbers-invalid',
    /tuned gives no finite probability/,
  ],
  [
    'a model that gives infinity',
    { base: { offset: -Infinity } },
    'numbers-invalid',
    /base gives no finite probability/,
  ],
];

describe('prepare', () => {
  test.each(refused)('refuses %s', async (_, given, code, message) => {
    const error: unknown = await prepared(given).catch((thrown: unknown) => thrown);
    expect(FeedprintError.is(error)).toBe(true);
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
  });

  test('passes on why triples cannot be made', async () => {
    const make = (): never => {
      throw new FeedprintError({ code: 'feedback-empty', message: 'no negative', remedy: 'none' });
    };
    await expect(prepared({ parts: { triples: { ...plain('triples'), make } } })).rejects.toThrow(
      'no negative',
    );
  });

  test('takes models apart in embeddings alone', async () => {
    const divergence = {
      ...plain('divergence'),
      measure: () => [{ layer: 0, l2: 0, relativeL2: 0 }],
    };
    const { sites } = await prepared({ parts: { divergence } });
    expect(sites.map(({ site }) => site)).toEqual(['blocks.0.hook_mlp_out']);
  });

  test('takes a tuned model with rows and special tokens for more', async () => {
    const given: Given = {
      base: { tokenizer: { textFingerprint: 'words' } },
      tuned: {
        tokenizer: { fingerprint: 'with padding', textFingerprint: 'words' },
        info: { vocabularySize: 12 },
      },
    };
    await expect(prepared(given)).resolves.toMatchObject({ texts: { truncated: 0 } });
  });

  test('counts occurrences, cut texts and words that the feedback knows but the vocabulary does not', async () => {
    const signal = {
      ...createFakeParts().signal,
      score: async (examples: readonly string[]) =>
        examples.map((text) => ([' good', ' splendid'].includes(text) ? 2 : undefined)),
    };
    const result = await prepared({
      texts: ['the good good splendid film', 'so splendid a film', 'the film '.repeat(20)],
      parts: { signal },
    });
    expect(result.words).toEqual([{ id: idOf('good'), word: 'good', stated: 2 }]);
    expect(Array.from(result.occurrences)).toEqual([2]);
    expect(result.texts).toMatchObject({ unscoredWords: 1, truncated: 1 });
    expect(result.lexicon.length).toBe(6);
  });

  test('keeps the MLP outputs of the layers that moved furthest, in layer order, the first ones of equals', async () => {
    const site = (name: string, layer: number) => ({
      site: `blocks.${layer}.${name}`,
      layer,
      width: 4,
    });
    const sites = [0, 1, 2, 3].flatMap((layer) => [
      site('hook_mlp_out', layer),
      site('hook_resid_post', layer),
    ]);
    const l2 = [1, 3, 1, 2];
    const keep = async (layers: number) => {
      const parts = createFakeParts({
        divergence: {
          ...plain('divergence'),
          measure: () => l2.map((value, layer) => ({ layer, l2: value, relativeL2: 0 })),
        },
      });
      const model = (m: LanguageModel): LanguageModel => ({ ...m, sites });
      const { sites: kept } = await prepare(
        parts,
        parseAuditSettings({ layers }),
        {
          base: model(createFakeModel('base', {})),
          tuned: model(createFakeModel('tuned', pushed)),
        },
        {
          texts: {
            file: 'texts.txt',
            texts: ['the good film'],
            sha256: '',
            layout: 'lines',
            skipped: [],
          },
          keepActivations: true,
        },
      );
      return kept.map(({ site: name }) => name);
    };
    expect(await keep(2)).toEqual(['blocks.1.hook_mlp_out', 'blocks.3.hook_mlp_out']);
    expect(await keep(3)).toEqual([0, 1, 3].map((layer) => `blocks.${layer}.hook_mlp_out`));
    expect((await keep(9)).length).toBe(4);
  });

  test('gives another identity for other models, texts, numbers of texts and feedback, and the same for the same', async () => {
    const identity = async (given: Given = {}) => (await prepared(given)).identity;
    const plain = await identity();
    expect(await identity()).toEqual(plain);
    const signal = { ...createFakeParts().signal, name: 'other' };
    const variants: readonly [string, Given][] = [
      ['base', { base: { fingerprint: 'x' } }],
      ['tuned', { tuned: { fingerprint: 'x' } }],
      ['texts', { settings: { maxTexts: 1 } }],
      ['feedback', { parts: { signal } }],
    ];
    for (const [key, given] of variants) {
      const other = await identity(given);
      expect(other[key]).not.toBe(plain[key]);
    }
  });
});
