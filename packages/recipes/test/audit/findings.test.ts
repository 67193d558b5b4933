import { existsSync, readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { composeReport } from '@feedprint/report';
import type { Finding } from '../../src/audit/finding.ts';
import { findings } from '../../src/audit/findings.ts';
import { withAudit } from '../../src/audit/open-audit.ts';
import type { AuditOptions } from '../../src/audit/open-audit.ts';
import { reportFacts } from '../../src/audit/report-facts.ts';
import { neededBy, tellFindings } from '../../src/audit/tell-findings.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { createFakeParts } from './support/fake-parts.ts';

const folder = new URL('../../src/audit/', import.meta.url);
const named = findings.map((finding: Finding) => [finding.chapter.name, finding] as const);

let texts: string;

beforeAll(async () => {
  texts = join(await temporaryFolder(), 'texts.txt');
  const lines = ['the film was good', 'the plot was bad', 'nice film great plot', 'sad awful film'];
  await writeFile(texts, lines.join('\n'));
});

test('a finding is a folder, and every folder of one is listed', () => {
  const folders = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(new URL(`${entry.name}/index.ts`, folder)))
    .map(({ name }) => name);
  expect(named.map(([name]) => name).sort()).toEqual(folders.sort());
});

describe('an audit without one finding', () => {
  test.each(named)('does without %s', async (name) => {
    const rest = findings.filter((finding: Finding) => finding.chapter.name !== name);
    const options: AuditOptions = {
      base: 'base',
      tuned: 'tuned',
      texts,
      out: join(await temporaryFolder(), 'run'),
      parts: createFakeParts(),
      settings: { widths: [1, 2], randomAblations: 2 },
      question: 'is it about praise?',
      version: '1.2.3',
    };
    const composed = composeReport(rest.map(({ chapter }) => chapter));
    const report = await withAudit(options, neededBy(rest), async (audit) => {
      await audit.run.finish();
      const { parts } = await tellFindings(audit, rest);
      const found = { ...(await reportFacts(audit, options)), ...parts } as never;
      return composed.parse({ ...(found as object), ...composed.summarize(found) });
    });
    const page = composed.render(report);
    expect(page).toContain('</html>');
    expect(report.summary.join('')).not.toContain('undefined');
    const gone = findings.find((finding: Finding) => finding.chapter.name === name) as Finding;
    for (const key of Object.keys(gone.chapter.shape)) expect(report).not.toHaveProperty(key);
  });
});
