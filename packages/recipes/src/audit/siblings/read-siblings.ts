import type { AuditContext } from '../context.ts';
import { assertComparable } from '../comparable.ts';
import type { AuditOptions } from '../open-audit.ts';

/** Another tuning of the base on the same feedback. */
export interface Sibling {
  /** What it is loaded from. */
  readonly name: string;
  readonly fingerprint: string;
}

/** Checks the siblings of an audit one after the other, so that only one is held in memory. Throws `models-mismatched`. */
export async function readSiblings(
  { parts, siblings = [] }: Pick<AuditOptions, 'parts' | 'siblings'>,
  models: AuditContext['models'],
): Promise<Sibling[]> {
  const read: Sibling[] = [];
  const seen = Object.entries(models);
  for (const name of siblings) {
    const model = await parts.loadModel(name, 'sibling');
    try {
      for (const [what, other] of seen) assertComparable({ [what]: other }, { [name]: model });
      read.push({ name, fingerprint: model.fingerprint });
      seen.push([name, model]);
    } finally {
      await model.dispose();
    }
  }
  return read;
}
