import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { FeedbackSignal, Labeler, RunEventInput } from '@feedprint/core';
import { audit, auditConfigSchema } from '../src/index.ts';
import type { AuditConfig } from '../src/index.ts';
import { auditArgs } from './support/flags.ts';
import { PATIENCE, runProgram } from './support/run-program.ts';
import { temporaryFolder } from './support/temporary-folder.ts';
import { writeTinyPair } from './support/tiny-pair.ts';
import type { TinyPair } from './support/tiny-pair.ts';
import { parseWhole } from './support/whole-report.ts';
import type { WholeReport } from './support/whole-report.ts';

const root = temporaryFolder();
let pair: TinyPair;
let small: Omit<AuditConfig, 'quick'>;

/** Less generation. */
const quick = { prompts: 8, newTokens: 4, randomAblations: 2 };

beforeAll(() => {
  pair = writeTinyPair(root);
  small = {
    ...pair,
    feedback: 'vader',
    out: join(root, 'small'),
    ...{
      layers: 1,
      saeTokens: 10_000,
      changeTokens: 0,
      locationTokens: 0,
      causeTokens: 0,
      threads: 1,
      maxTexts: 60,
    },
    ...quick,
  };
});

const readReport = (folder: string): WholeReport =>
  parseWhole(JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')));

describe('audit', () => {
  test(
    'gives and writes the report that the command of the same options writes',
    async () => {
      const config = join(root, 'quick.json');
      writeFileSync(config, JSON.stringify(quick));
      const flags = { 'max-texts': 60, 'sae-tokens': 10_000, config };
      const ended = await runProgram(auditArgs(pair, join(root, 'command'), flags));
      expect(ended).toMatchObject({ code: 0 });
      const events: RunEventInput[] = [];
      const { report, html } = await audit({
        ...{ ...pair, feedback: 'vader', out: join(root, 'code'), threads: 1 },
        ...{ layers: 1, saeTokens: 10_000, maxTexts: 60 },
        ...quick,
        onEvent: (event) => events.push(event),
      });
      const { createdAt: _at, seconds: _seconds, name: _name, answer, ...rest } = report;
      const { sentence, restsOn, notVisible } = answer;
      expect(readReport(join(root, 'command'))).toMatchObject({
        ...rest,
        answer: { sentence, restsOn, notVisible },
      });
      expect(readReport(join(root, 'code'))).toEqual(report);
      expect(Object.keys(report)).toEqual(
        Object.keys(readReport(join(root, 'command'))).filter((key) => key !== 'command'),
      );
      expect(html).toBe(join(root, 'code', 'report.html'));
      expect(readFileSync(html, 'utf8')).toMatch(/^<!doctype html>/i);
      expect(events.at(-1)).toMatchObject({ type: 'run-finished' });
    },
    PATIENCE,
  );

  test(
    'takes any signal on tokens, and parts by name in the place of the default ones',
    async () => {
      const signal: FeedbackSignal<'token'> = {
        name: 'mine',
        granularity: 'token',
        range: [-1, 1],
        score: async (tokens) =>
          tokens.map((token) => ({ ' good': 1, ' film': 0.5, ' plot': -1, ' bad': -1 })[token]),
      };
      const labeler: Labeler = {
        name: 'mine',
        settings: { version: 2 },
        explain: async ({ id }) => `explained ${id}`,
        classify: async () => ({ related: true, confidence: 1 }),
        score: async () => ({ balancedAccuracy: 0.75, n: 4 }),
      };
      const { report } = await audit({
        ...small,
        feedback: signal,
        question: 'Is it mine?',
        parts: {
          labeler,
          matcher: {
            name: 'in order',
            settings: {},
            match: async ({ dSae }) => ({
              mmcs: 0.5,
              matches: Array.from({ length: dSae }, (_, f) => ({
                feature: f,
                match: f,
                similarity: 0.5,
              })),
            }),
          },
        },
      });
      expect(report.feedback).toEqual({ name: 'mine', range: [-1, 1] });
      expect(report.words?.map(({ word, stated }) => [word, stated]).sort()).toEqual([
        ['bad', -1],
        ['film', 0.5],
        ['good', 1],
        ['plot', -1],
      ]);
      expect(report.features?.length).toBeGreaterThan(0);
      for (const { id, label } of report.features ?? []) expect(label).toBe(`explained ${id}`);
      expect(report.matching).toMatchObject([{ baseTuned: 0.5, smallLarge: 0.5 }]);
      expect(report.settings).toMatchObject({ labeler: 'mine', feedback: 'mine' });
      const run = JSON.parse(readFileSync(join(small.out, 'run.json'), 'utf8')) as unknown;
      expect(run).toMatchObject({
        question: 'Is it mine?',
        parts: {
          labeler: { name: 'mine', settings: { version: 2 } },
          matcher: { name: 'in order' },
        },
      });
    },
    PATIENCE,
  );

  test(
    'labels features by what any signal says of their tokens, without a network',
    async () => {
      const scores: Readonly<Record<string, number>> = {
        ...{ ' film': 1, ' story': 1, ' plot': -1, ' movie': -1 },
      };
      const { report } = await audit({
        ...small,
        feedback: {
          name: 'of films',
          granularity: 'token',
          range: [-1, 1],
          score: (tokens) => Promise.resolve(tokens.map((token) => scores[token])),
        },
        out: join(root, 'labels'),
      });
      const labels = (report.features ?? [])
        .map(({ label }) => label ?? '')
        .filter((label) => /" (film|story|plot|movie)"/.test(label));
      expect(labels.length).toBeGreaterThan(3);
      for (const label of labels) expect(label).toMatch(/ \d+% on feedback words/);
    },
    PATIENCE,
  );

  test(
    'looks into every layer of a model that has fewer than the default',
    async () => {
      const { layers: _one, ...options } = small;
      const { report } = await audit({ ...options, out: join(root, 'every-layer') });
      expect(report.matching).toHaveLength(2);
    },
    PATIENCE,
  );

  test('stops when it is told to', async () => {
    const stop = new AbortController();
    const stopped = audit({
      ...small,
      out: join(root, 'stopped'),
      signal: stop.signal,
      onEvent: () => stop.abort(),
    });
    await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('audit refuses', () => {
  const refusals: [string, Record<string, unknown>, RegExp][] = [
    ['an unknown option', { bse: 'x' }, /Unrecognized key: "bse"/],
    ['an unknown part', { parts: { matchr: {} } }, /Unrecognized key: "matchr"/],
    ['a part that is none', { parts: { matcher: 'max-cosine' } }, /a part → at parts.matcher/],
    ['a setting of another kind', { layers: '3' }, /expected number, received string → at layers/],
    ['no base', { base: undefined }, /an audit needs --base;/],
    ['a signal on whole texts', { feedback: { granularity: 'sequence' } }, /at feedback/],
    ['a labeler twice', { labeler: 'offline', parts: { labeler: {} } }, /would ignore labeler/],
    ['a device that is not known', { device: 'gpu' }, /at device/],
    ['no tuned model', { tuned: undefined }, /there is no tuned model/],
  ];
  test.each(refusals)('%s, before the folder is made', async (_what, changes, message) => {
    const out = join(root, 'refused');
    const refused = audit({ ...small, out, ...changes } as AuditConfig);
    await expect(refused).rejects.toThrow(message);
    await expect(refused).rejects.toMatchObject({
      code: expect.stringMatching(/^(config-invalid|usage)$/),
    });
    expect(existsSync(out)).toBe(false);
  });
});

test('every option is described, and listed in the README', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  for (const [option, { description }] of Object.entries(auditConfigSchema.shape)) {
    expect({ option, described: description !== undefined }).toEqual({ option, described: true });
    expect(readme).toContain(`\n| \`${option}\` | `);
  }
});
