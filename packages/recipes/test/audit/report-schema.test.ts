import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { auditReport } from '../../src/audit/audit-report.ts';

const file = new URL('../../report.schema.json', import.meta.url);

// UPDATE_SCHEMA=1 writes report.schema.json anew.
if (process.env['UPDATE_SCHEMA']) {
  writeFileSync(file, `${JSON.stringify(auditReport.jsonSchema(), null, 2)}\n`);
}

test('report.schema.json is the schema of the audit report, up to date', () => {
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(auditReport.jsonSchema());
});
