import { createRandom, hash32 } from '@feedprint/core';
import type { ChatModel, FeatureEvidence } from '@feedprint/core';
import { roganGladen } from '@feedprint/probe';
import { describe, expect, test } from '@jest/globals';
import { calibrateLabeler, summarizeJudge } from '../../src/index.ts';
import { judgePlantedWords } from '../../src/judges/planted-detection.ts';

const random = createRandom(4);
const scored = ['great', 'awful', 'lovely', 'dreadful', 'superb'];
const plain = Array.from(
  { length: 45 },
  (_, i) => `word${String.fromCharCode(97 + (i % 26))}${i < 26 ? 'a' : 'b'}`,
);
const words = [...scored, ...plain].map((word) => ` ${word}`);
const windows = Array.from({ length: 400 }, () => {
  const tokens = Array.from({ length: 12 }, () => words[random.integer(words.length)] as string);
  return { tokens, activations: tokens.map(() => 0) };
});
const evidence: FeatureEvidence[] = [
  {
    id: 'f',
    top: windows.slice(0, 100),
    heldOutActive: windows.slice(100, 200),
    heldOutSilent: windows.slice(200),
    maxActivation: 1,
  },
];
const signal = {
  score: async (tokens: readonly string[]) =>
    tokens.map((token) => (scored.includes(token.trim()) ? 3 : undefined)),
};

/** Knows the truth, but says yes to this share of what deserves a no; `late`: only in the second half of a list. */
function judgeWith(falseYes: number, { name = 'judge', late = false } = {}): ChatModel {
  const wavers = (what: string): boolean => hash32(`${name} ${what}`) / 2 ** 32 < falseYes;
  return {
    name,
    complete: async (messages, schema) => {
      const user = messages[1]?.content ?? '';
      if (user.includes('Question:')) {
        const yes = scored.some((word) => user.includes(word)) || wavers(user);
        return schema.parse({ answer: yes ? 'yes' : 'no', confidence: 1 });
      }
      const word = /the word \\"(\w+)\\"/.exec(user)?.[1] ?? '';
      const lines = [...user.matchAll(/^(\d+)\. (".*")$/gm)];
      const active = lines.flatMap(([, number, text], i) => {
        const has = new RegExp(` ${word}\\b`).test(text ?? '');
        return has || ((!late || i >= 10) && wavers(`${word} ${text}`)) ? [Number(number)] : [];
      });
      return schema.parse({ active });
    },
  };
}

describe('a judge asked what is known', () => {
  test('is right if it is, on all three tasks', async () => {
    const found = await calibrateLabeler(
      { chat: judgeWith(0), signal, seed: 1 },
      evidence,
      'Is it about praise or blame?',
    );
    expect(found.map(({ task }) => task)).toEqual([
      'detection',
      'detection with evidence',
      'classification',
    ]);
    for (const { accuracy, bias, errorBias, unanswered } of found) {
      expect(accuracy.value).toBe(1);
      expect(bias?.value).toBe(0);
      expect(errorBias).toBeNull();
      expect(unanswered).toBe(0);
    }
  });

  test('with a planted bias of 15 points is measured to within 3, and its rates are corrected', async () => {
    // Half of the items deserve a no, of which 30 % get a yes.
    const judge = judgeWith(0.3);
    const [detection] = await calibrateLabeler({ chat: judge, seed: 2 }, evidence, '');
    expect(detection?.items).toBeGreaterThan(400);
    expect(Math.abs((detection?.bias?.value ?? NaN) - 0.15)).toBeLessThan(0.03);
    expect(detection?.bias?.interval?.low).toBeLessThan(0.15);
    expect(detection?.bias?.interval?.high).toBeGreaterThan(0.15);
    expect(detection?.errorBias).toBe(1);
    expect(detection?.positionBias?.interval?.low).toBeLessThan(0);
    expect(detection?.positionBias?.interval?.high).toBeGreaterThan(0);
    // Of 500 further ones, 30 % deserve a yes.
    const items = Array.from({ length: 500 }, (_, i) => i % 10 < 3);
    const said = items.map((truth, i) => truth || hash32(`item ${i}`) / 2 ** 32 < 0.3);
    const corrected = roganGladen({
      ...(detection as NonNullable<typeof detection>),
      observed: { events: said.filter(Boolean).length, trials: said.length },
    });
    expect(corrected.observed.value).toBeGreaterThan(0.45);
    expect(Math.abs((corrected.value ?? NaN) - 0.3)).toBeLessThan(0.06);
    expect(corrected.interval?.low).toBeLessThan(0.3);
    expect(corrected.interval?.high).toBeGreaterThan(0.3);
  });

  test('that is worse further down a list shows it', async () => {
    const [detection] = await calibrateLabeler(
      { chat: judgeWith(0.5, { late: true }), seed: 3 },
      evidence,
      '',
    );
    expect(detection?.positionBias?.interval?.high).toBeLessThan(0);
  });

  test('shows what evidence is worth to it, on the same items', async () => {
    const careful = judgeWith(0);
    const hasty = judgeWith(0.4);
    // Wavers only where no known texts stand beside the description.
    const judge: ChatModel = {
      name: 'judge',
      complete: (messages, schema) =>
        (messages[1]?.content.includes('known to be active') ? careful : hasty).complete(
          messages,
          schema,
        ),
    };
    const [direct, given] = await calibrateLabeler({ chat: judge, seed: 7 }, evidence, '');
    expect(direct?.evidenceGain).toBeNull();
    expect(given?.evidenceGain?.value).toBeCloseTo(1 - (direct?.accuracy.value ?? NaN), 12);
    expect(given?.evidenceGain?.interval?.low).toBeGreaterThan(0.1);
    const [, same] = await calibrateLabeler({ chat: judgeWith(0), seed: 7 }, evidence, '');
    expect(same?.evidenceGain).toEqual({ value: 0, interval: { low: 0, high: 0 } });
  });

  test('is compared with a second one', async () => {
    const calibration = {
      chat: judgeWith(0.2),
      second: judgeWith(0.2, { name: 'other' }),
      seed: 4,
    };
    const [detection] = await calibrateLabeler(calibration, evidence, '');
    const { agreed, kappa } = detection?.agreement ?? {};
    // They waver apart from one another: 1 - 2 * 0.2 * 0.8 of the half that deserves a no.
    expect(Math.abs((agreed ?? NaN) - 0.84)).toBeLessThan(0.05);
    expect(kappa).toBeLessThan(agreed ?? NaN);
  });

  test('that gives no usable answer counts nowhere', async () => {
    const silent: ChatModel = { name: 'silent', complete: async () => undefined };
    const items = await judgePlantedWords({ chat: silent, windows, seed: 5 });
    const found = summarizeJudge({ judge: 'silent', task: 'detection', items });
    expect(found.unanswered).toBe(items.length);
    expect(found.accuracy.value).toBeNull();
    expect(found.bias).toBeNull();
  });

  test('is shown evidence that is not among what it is asked about', async () => {
    let prompts = 0;
    const watching: ChatModel = {
      ...judgeWith(0),
      complete: async (messages, schema) => {
        prompts++;
        const [known, asked] = (messages[1]?.content ?? '').split('\n\nTexts:\n');
        for (const line of (known ?? '').split('\n').filter((text) => text.startsWith('" '))) {
          expect(asked).not.toContain(line);
        }
        return judgeWith(0).complete(messages, schema);
      },
    };
    await judgePlantedWords({ chat: watching, windows, withEvidence: true, seed: 6 });
    expect(prompts).toBeGreaterThan(20);
  });
});
