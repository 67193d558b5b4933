import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { createRandom } from '@feedprint/core';
import { defineEdit, defineProperty } from '@feedprint/feedback';
import { readPreferencePairs } from '@feedprint/feedback';
import { readParquet } from '@feedprint/pipeline';
import { judgeProperties } from '@feedprint/probe';
import type { Declared } from '@feedprint/probe';
import type { AuditReport } from '../../../src/audit/audit-report.ts';
import type { ReplySignal } from '../../../src/audit/told/reply-signal.ts';
import { createFakeParts } from '../support/fake-parts.ts';
import { runAudit } from '../../../src/audit/run-audit.ts';
import { changesFile, repairPairs } from '../../../src/repair/repair-pairs.ts';
import { repairSchema } from '../../../src/repair/schema.ts';
import { hashTree, temporaryFolder } from '../../temporary-folder.ts';
import { words } from '../support/fake-model.ts';

/*
 * The fake tuned model writes "great" more often than the base and "awful" less often; "film" is as frequent as before.
 * The labels reward "great" and "film".
 */
const counted = ['great', 'awful', 'film', 'plot'] as const;
const properties = counted.map((word) =>
  defineProperty({
    name: word,
    definition: `How often it says ${word}.`,
    measure: (reply) => reply.split(' ').filter((each) => each === word).length,
  }),
);

/** Writes "film" for every "great", and the other way round for "awful". */
const edits = [
  defineEdit({
    name: 'great-off',
    definition: 'Calls nothing great.',
    property: 'great',
    direction: -1,
    alsoMoves: 'all',
    apply: (reply) => reply.replaceAll(' great', ' film'),
  }),
];

let folder: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  const random = createRandom(3);
  const reply = (): string =>
    Array.from({ length: 6 }, () => ` ${words[random.integer(words.length)]}`).join('');
  const count = (text: string, word: string): number => text.split(` ${word}`).length - 1;
  const pairs = Array.from({ length: 500 }, (_, i) => {
    const [a, b] = [reply(), reply()];
    const better = (text: string): number => 1.5 * (count(text, 'great') + count(text, 'film'));
    const isFirst = random.next() < 1 / (1 + Math.exp(better(b) - better(a)));
    const [chosen, rejected] = isFirst ? [a, b] : [b, a];
    const prompt = `the ${words[i % 10]} ${words[Math.floor(i / 10) % 10]}`;
    return { split: i % 5 === 0 ? 'test' : 'train', prompt, chosen, rejected };
  });
  await writeFile(join(folder, 'pairs.json'), JSON.stringify(pairs));
});

async function audit(
  out: string,
  told?: ReadonlyMap<string, Declared>,
  replySignal?: ReplySignal,
  freshReplies = 200,
  pairs = 'pairs.json',
): Promise<AuditReport> {
  const { signal: _signal, labeler: _labeler, ...parts } = createFakeParts();
  const { report } = await runAudit({
    base: 'base',
    tuned: 'tuned',
    pairs: join(folder, pairs),
    out: join(folder, out),
    parts: {
      ...parts,
      preferences: { ...parts.preferences, read: readPreferencePairs },
      ...(replySignal && { replySignal }),
      properties: {
        name: 'words',
        settings: {},
        measured: () => properties,
        edits,
        judge: judgeProperties,
      },
    },
    settings: { freshReplies },
    version: '1.2.3',
    command: `feedprint audit --out ${join(folder, out)}`,
    now: () => new Date(Date.UTC(2026, 0, 1)),
    quick: true,
    ...(told && { told }),
  });
  return report;
}

const judged = ({ properties: all = [] }: AuditReport, name: string) =>
  all.find((one) => one.name === name);

describe('an audit of pairs', () => {
  let report: AuditReport;
  beforeAll(async () => {
    report = await audit('run');
  });

  test('tells what is in the data from what was learned', () => {
    expect(judged(report, 'great')).toMatchObject({
      verdict: 'in-data-and-learned',
      flagged: true,
    });
    expect(judged(report, 'awful')).toMatchObject({
      verdict: 'learned-not-in-data',
      flagged: true,
    });
    expect(judged(report, 'film')).toMatchObject({
      verdict: 'in-data-not-learned',
      flagged: false,
    });
    expect(judged(report, 'plot')).toMatchObject({ verdict: 'not-learned', flagged: false });
    expect(judged(report, 'great')?.learned?.effect).toBeGreaterThan(0);
    expect(judged(report, 'awful')?.learned?.effect).toBeLessThan(0);
    expect(report.replyVerdict).toMatchObject({ verdict: 'learned', replies: 200, tokens: 6 });
    // There are 20 prompts that tuning did not see; each is continued before any is continued twice.
    expect(report.replyVerdict?.heldOut).toBeGreaterThan(30);
  });

  test('says so in one sentence, and names the command that shows the pairs', () => {
    expect(report.answer.sentence).toMatch(/labels reward, and also less awful, which/);
    expect(report.answer.sentence.split(' ').length).toBeLessThanOrEqual(25);
    expect(report.answer.next[0]?.command).toBe(
      `feedprint show --run ${join(folder, 'run')} --property great`,
    );
    const page = readFileSync(join(folder, 'run', 'report.html'), 'utf8');
    expect(page).toContain('id="properties"');
    expect(page).toContain('class="columns flag"');
  });

  test('keeps the pairs that taught it, with the log-ratios of both replies', () => {
    const pairs =
      report.replyVerdict?.teaching.filter(({ property }) => property === 'great') ?? [];
    expect(pairs.length).toBe(20);
    const influences = pairs.map(({ influence }) => influence);
    expect(influences).toEqual(influences.toSorted((a, b) => b - a));
    expect(influences.at(-1)).toBeGreaterThan(0);
    for (const { chosen, rejected, difference, chosenR, rejectedR } of pairs) {
      const says = (text: string): number => text.split(' great').length - 1;
      expect(difference).toBe(says(chosen) - says(rejected));
      expect(difference).toBeGreaterThan(0);
      expect([chosenR, rejectedR].every(Number.isFinite)).toBe(true);
    }
  });

  test('says what becomes of R when a reply is edited in it alone', () => {
    const { causes, deviation } = judged(report, 'great') ?? {};
    // The fake model prefers "great" by 1.5 nats, and "film" by none: the words' probabilities do not depend on the text.
    expect((causes?.effect ?? NaN) / (deviation ?? NaN)).toBeCloseTo(1.5, 5);
    expect(causes?.n).toBeGreaterThan(20);
    expect(judged(report, 'awful')?.causes).toBeNull();
  });

  test('leaves every reply and every property in tables', async () => {
    const table = (name: string) => readParquet(join(folder, 'run', 'tables', `${name}.parquet`));
    const fresh = await table('fresh_replies');
    expect(fresh.length).toBe(400);
    const mean = (model: string): number => {
      const own = fresh.filter((row) => row['model'] === model);
      return own.reduce((sum, row) => sum + (row['R'] as number), 0) / own.length;
    };
    expect(mean('tuned') - mean('base')).toBeCloseTo(
      report.replyVerdict?.difference.effect ?? NaN,
      6,
    );
    expect((await table('pair_properties')).length).toBe(1000);
    const teaching = await table('teaching_pairs');
    const flagged = report.properties?.filter((one) => one.flagged) ?? [];
    expect(teaching.length).toBe(500 * flagged.length);
    expect((await table('properties')).map((row) => row['name'])).toEqual(
      report.properties?.map(({ name }) => name),
    );
  });
});

describe('repaired pairs', () => {
  const options = (name: string) => ({
    run: join(folder, 'run'),
    pairs: join(folder, 'pairs.json'),
    properties: ['great'],
    out: join(folder, name),
  });

  test.each(['drop', 'relabel'] as const)(
    'no longer teach a property once some are changed (%s), and the others are as they were',
    async (by) => {
      const out = `${by}.jsonl`;
      const repair = await repairPairs({ ...options(out), by });
      const [great, film] = ['great', 'film'].map((name) =>
        repair.effects.find((one) => one.name === name),
      );
      expect(great?.role).toBe('repaired');
      expect(great?.before.low).toBeGreaterThan(0.5);
      expect(Math.abs(great?.after.effect ?? NaN)).toBeLessThan(0.1);
      expect(film?.after.low).toBeLessThan(film?.before.effect ?? NaN);
      expect(film?.after.high).toBeGreaterThan(film?.before.effect ?? NaN);

      const before = (await readPreferencePairs(join(folder, 'pairs.json'))).pairs;
      const after = (await readPreferencePairs(join(folder, out))).pairs;
      const changed = new Set(repair.changes.map(({ pair }) => pair));
      expect(changed.size).toBe(repair.counts.changed);
      const sides = (of: typeof before) => of.map(({ chosen, rejected }) => [chosen, rejected]);
      const asTold = sides(before).flatMap((pair, i) =>
        !changed.has(i) ? [pair] : by === 'drop' ? [] : [pair.toReversed()],
      );
      expect(sides(after)).toEqual(asTold);
      const count = (text: string): number => text.split(' great').length - 1;
      for (const { pair, difference, reason } of repair.changes) {
        const { chosen = '', rejected = '' } = before[pair] ?? {};
        expect(difference['great']).toBeCloseTo(count(chosen) - count(rejected), 9);
        expect(difference['great']).toBeGreaterThan(0);
        expect(reason).toMatch(
          /more of great; the chance that this decided the label was [01]\.\d\d$/,
        );
      }
      const kept = JSON.parse(readFileSync(changesFile(join(folder, out)), 'utf8'));
      expect(repairSchema.parse(kept)).toEqual(repair);
    },
  );

  test('are refused where they would say something wrong', async () => {
    const refused = (changes: Partial<Parameters<typeof repairPairs>[0]>) =>
      expect(repairPairs({ ...options('refused.jsonl'), by: 'drop', ...changes })).rejects;
    await refused({ out: join(folder, 'pairs.json') }).toThrow('is there already');
    await refused({ properties: ['plot'] }).toThrow('do not reward plot');
    await refused({ properties: ['nothing'] }).toThrow('has not measured "nothing"');
    await refused({ by: 'counter-pairs' }).toThrow('no edit changes great alone');
    const other = join(folder, 'other.json');
    await writeFile(other, JSON.stringify([{ prompt: 'a', chosen: 'b c', rejected: 'd e' }]));
    await refused({ pairs: other }).toThrow('is not the file that');
    await refused({ run: folder }).toThrow('cannot be read as JSON');
  });
});

test('replies that recur across all prompts leave only those of one prompt dependent, which the answer says', async () => {
  const { pairs } = await readPreferencePairs(join(folder, 'pairs.json'));
  const chained = pairs.slice(0, 120).map(({ prompt, chosen }, i, all) => ({
    ...{ prompt, chosen },
    rejected: all[(i + 1) % all.length]?.chosen,
  }));
  await writeFile(join(folder, 'chained.json'), JSON.stringify(chained));
  const { replyVerdict, answer } = await audit('chained', undefined, undefined, 60, 'chained.json');
  expect(replyVerdict?.byPromptAlone).toBe(true);
  expect(answer.restsOn.join(' ')).toContain('take only those of one prompt as dependent');
});

describe('ties', () => {
  const count = (text: string): number => text.split(' great').length - 1;
  /** WIMHF's layout; every third pair is one that people could not decide. */
  const rows = async () => {
    const { pairs } = await readPreferencePairs(join(folder, 'pairs.json'));
    return pairs.slice(0, 240).map(({ prompt, chosen, rejected }, i) => ({
      ...{ prompt, response_A: chosen, response_B: rejected },
      label: i % 3 === 0 ? 0.5 : 1,
    }));
  };
  const run = (name: string, given: readonly object[]): Promise<AuditReport> =>
    writeFile(join(folder, `${name}.json`), JSON.stringify(given)).then(() =>
      audit(name, undefined, undefined, 200, `${name}.json`),
    );

  test('count as half a win for either reply in what the labels reward', async () => {
    const given = await rows();
    const report = await run('tied', given);
    const great = judged(report, 'great');
    // The maximum of the weighted likelihood, by bisection of its slope; a tie is one pair of half the weight each way.
    const slope = (w: number): number =>
      given.reduce(
        (sum, { response_A, response_B, label }) => {
          const x = (count(response_A) - count(response_B)) / (great?.deviation ?? NaN);
          const miss = label - 1 / (1 + Math.exp(-w * x));
          return sum + miss * x;
        },
        -1e-3 * given.length * w,
      );
    let [low, high] = [-20, 20];
    for (let i = 0; i < 60; i++) {
      const middle = (low + high) / 2;
      if (slope(middle) > 0) low = middle;
      else high = middle;
    }
    expect(great?.alone.inData).toBeCloseTo(low, 6);
    expect(report.replyVerdict).toMatchObject({ pairs: 160, ties: 80 });
    expect(report.replyVerdict).not.toHaveProperty('byPromptAlone');
    expect(report.answer.restsOn.join(' ')).toContain(
      '160 labelled pairs and 80 ties (half for either reply)',
    );
    const table = await readParquet(join(folder, 'tied', 'tables', 'pair_properties.parquet'));
    expect(table.filter((row) => row['tie']).length).toBe(2 * 80);
    const taught = new Set(report.replyVerdict?.teaching.map(({ pair }) => pair));
    expect([...taught].filter((pair) => pair % 3 === 0)).toEqual([]);
    const without = await run(
      'untied',
      given.filter(({ label }) => label === 1),
    );
    expect(without.replyVerdict).not.toHaveProperty('ties');
    expect(judged(without, 'great')?.alone.inData).toBeGreaterThan(1.2 * low);
  });

  test('are left out of a repaired file, as tuning leaves them out', async () => {
    const repair = await repairPairs({
      ...{ run: join(folder, 'tied'), pairs: join(folder, 'tied.json'), properties: ['great'] },
      ...{ by: 'drop', out: join(folder, 'tied-repaired.jsonl') },
    });
    expect(repair.counts).toMatchObject({ read: 240, ties: 80 });
    expect(repair.counts.written).toBe(160 - repair.counts.changed);
    expect(repair.changes.filter(({ pair }) => pair % 3 === 0)).toEqual([]);
  });

  test('alone are refused, as are pairs of one prompt or a few', async () => {
    const given = await rows();
    const refused = (changes: object, rest: readonly object[] = given) =>
      expect(
        run(
          'refused',
          rest.map((row) => ({ ...row, ...changes })),
        ),
      ).rejects;
    await refused({ label: 0.5 }).toMatchObject({
      code: 'texts-invalid',
      message: expect.stringMatching(/all 240 pairs in .* are ties/),
    });
    await refused({ prompt: 'the film' }).toMatchObject({
      code: 'texts-invalid',
      message: expect.stringMatching(/cannot be said: the 240 pairs of .* answer 1 prompt;/),
    });
  });
});

test('what was asked for is not held against the model', async () => {
  const report = await audit('told', new Map([['great', 1]] as const));
  expect(judged(report, 'great')).toMatchObject({ verdict: 'told', flagged: false, score: 0 });
  expect(report.answer.sentence).toMatch(
    /^The model learned what you asked for, and also less awful;/,
  );
});

test('what a reward of replies pays for counts as asked for', async () => {
  const praise: ReplySignal = {
    name: 'praise',
    settings: {},
    score: async (replies) => replies.map(({ reply }) => reply.split(' great').length - 1),
  };
  const report = await audit('rewarded', undefined, praise);
  expect(judged(report, 'great')).toMatchObject({
    verdict: 'told',
    asked: 1,
    declared: null,
    told: { n: 500, q: expect.any(Number) },
  });
  // The reward is the property itself: all of what varies between replies to one prompt.
  const { told, deviation } = judged(report, 'great') ?? {};
  expect(told?.low).toBeCloseTo(told?.high ?? NaN, 6);
  expect((told?.effect ?? NaN) / (deviation ?? NaN)).toBeGreaterThan(1);
  expect(judged(report, 'film')?.told?.effect).toBeCloseTo(0, 6);
  expect(report.replyVerdict?.reward).toBe('praise');
  expect(report.answer.sentence).toMatch(/^The model learned what you rewarded, and also less/);
  const page = readFileSync(join(folder, 'rewarded', 'report.html'), 'utf8');
  expect(page).toContain('>Rewarded</th>');
});

test('too few replies give no answer, and the command that gets one', async () => {
  const report = await audit('few', undefined, undefined, 30);
  expect(report.replyVerdict?.verdict).toBe('no-answer');
  expect(report.answer.sentence).toMatch(/^30 fresh replies .* too few .* 200 would do\.$/);
  expect(report.answer.next[0]?.command).toContain('--fresh-replies 200');
});

test('an audit that is killed ends, once continued, with the same bytes', async () => {
  await audit('whole');
  const killed = new AbortController();
  const { signal: _signal, labeler: _labeler, ...parts } = createFakeParts();
  const options = {
    base: 'base',
    tuned: 'tuned',
    pairs: join(folder, 'pairs.json'),
    out: join(folder, 'killed'),
    parts: {
      ...parts,
      preferences: { ...parts.preferences, read: readPreferencePairs },
      properties: {
        name: 'words',
        settings: {},
        measured: () => properties,
        edits,
        judge: judgeProperties,
      },
    },
    settings: { freshReplies: 200 },
    version: '1.2.3',
    quick: true,
  };
  await expect(
    runAudit({
      ...options,
      signal: killed.signal,
      onEvent: (event) => {
        if (event.type === 'stage-started' && event.stage === 'log-ratios') killed.abort();
      },
    }),
  ).rejects.toMatchObject({ code: 'cancelled' });
  await runAudit(options);
  const stages = async (out: string) =>
    Object.entries(await hashTree(join(folder, out))).filter(([name]) => name.startsWith('stages'));
  expect(await stages('killed')).toEqual(await stages('whole'));
});
