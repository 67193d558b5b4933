import { readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Reply } from '@feedprint/core';
import { createPreferenceStatistics } from '@feedprint/probe';
import { runAudit } from '../../../src/audit/run-audit.ts';
import type { ReplySignal } from '../../../src/audit/told/reply-signal.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { createFakeParts } from '../support/fake-parts.ts';

// Tuning pushed "good" and "nice" up and "bad" down: margins are known by their signs.
const pairs = [
  { split: 'train', prompt: 'the film', chosen: ' was good', rejected: ' was bad' },
  { split: 'train', prompt: 'the plot', chosen: ' was bad', rejected: ' was good' },
  { split: 'test', prompt: 'plot', chosen: ' good good', rejected: ' bad' },
  { prompt: 'film', chosen: ' good', rejected: ' was' },
];

let folder: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  await writeFile(join(folder, 'pairs.json'), JSON.stringify(pairs));
});

/** A quick audit in which replies are rewarded as said. */
async function audit(name: string, scoreOf: (reply: Reply) => number | undefined) {
  const { signal: _signal, labeler: _labeler, ...parts } = createFakeParts();
  const replySignal: ReplySignal = {
    name: 'praise',
    settings: {},
    score: (replies) => Promise.resolve(replies.map(scoreOf)),
  };
  const { report } = await runAudit({
    base: 'base',
    tuned: 'tuned',
    pairs: join(folder, 'pairs.json'),
    out: join(folder, name),
    parts: {
      ...parts,
      replySignal,
      preferences: {
        ...parts.preferences,
        statistics: {
          ...parts.preferences.statistics,
          probe: createPreferenceStatistics({ resamples: 20 }).probe,
        },
      },
    },
    version: '1.2.3',
    quick: true,
  });
  return report;
}

describe('what is told of replies', () => {
  test('is held against the labels and against what was learned, where both replies have a score', async () => {
    const report = await audit('praise', ({ reply }) =>
      reply === ' was' ? undefined : reply.includes('good') ? 1 : -1,
    );
    expect(report.rewarded).toBe('praise');
    const { told } = report.preferences ?? {};
    expect(told).toMatchObject({ signal: 'praise', scored: 3 });
    const shares = (of: 'labels' | 'learned') =>
      told?.[of].map(({ split, value, n }) => [split, value, n]);
    expect(shares('labels')).toEqual([
      ['all', 2 / 3, 3],
      ['train', 0.5, 2],
      ['test', 1, 1],
    ]);
    expect(shares('learned')).toEqual([
      ['all', 1, 3],
      ['train', 1, 2],
      ['test', 1, 1],
    ]);
    expect(report.summary.join()).toContain(
      'What praise says of replies agrees with the labels in 67 % and with what was learned in 100 % of 3 pairs.',
    );
    expect(readdirSync(join(folder, 'praise', 'checkpoints'))).toEqual([]);
  });

  test('must say something of some reply', async () => {
    await expect(audit('nothing', () => undefined)).rejects.toMatchObject({
      code: 'feedback-empty',
    });
  });
});
