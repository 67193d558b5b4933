import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { AuditParts } from '../../../src/audit/parts.ts';

/** One text per line. */
export const readLines: AuditParts['readTexts'] = async (path, { limit }) => {
  const text = await readFile(path, 'utf8');
  return {
    file: basename(path),
    texts: text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .slice(0, limit),
    sha256: createHash('sha256').update(text).digest('hex'),
    layout: 'lines',
    skipped: [],
  };
};
