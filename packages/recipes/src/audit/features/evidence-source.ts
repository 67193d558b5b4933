import { createHash } from 'node:crypto';
import { readJson, writeJson } from '@feedprint/pipeline';
import { saeFingerprint } from '@feedprint/sae';
import { z } from 'zod';
import type { Captured } from '../capture/capture.ts';
import type { AuditContext } from '../context.ts';
import { known } from '../known.ts';
import { saeOf } from '../dictionaries/saes.ts';
import type { TrainedSae } from '../dictionaries/saes.ts';

const sourceSchema = z.strictObject({
  question: z.string(),
  words: z.array(z.strictObject({ id: z.int(), word: z.string(), stated: z.number() })),
  settings: z.strictObject({ seed: z.number(), randomAblations: z.int() }),
  saes: z
    .array(z.strictObject({ site: z.string(), layer: z.int(), fingerprint: z.string() }))
    .describe("The tuned model's small ones."),
  rows: z.string().describe('Which tokens the captured activations are of.'),
});

/** What labels of another labeler need of an audit to be compared with its feedback, without its models. */
export type EvidenceSource = z.infer<typeof sourceSchema>;

const FILE = 'source.json';

export async function writeEvidenceSource(
  folder: string,
  { question, words, settings, sites }: AuditContext,
  { captured, saes }: { readonly captured: Captured; readonly saes: readonly TrainedSae[] },
): Promise<void> {
  const described: EvidenceSource['saes'] = [];
  for (const { site, layer } of sites) {
    const sae = await saeOf(saes, 'tuned', 'small', { site }).load();
    described.push({ site, layer, fingerprint: saeFingerprint(sae) });
    await sae.dispose();
  }
  const { seed, randomAblations } = settings;
  const source: EvidenceSource = {
    question: known(question, 'a question'),
    words: words.map(({ id, word, stated }) => ({ id, word, stated })),
    settings: { seed, randomAblations },
    saes: described,
    rows: await rowsFingerprint(captured),
  };
  await writeJson(folder, FILE, source);
}

export const readEvidenceSource = (folder: string): Promise<EvidenceSource> =>
  readJson(folder, FILE, sourceSchema);

/** Hash of where the tuned model's captured rows come from. */
export async function rowsFingerprint(captured: Pick<Captured, 'activations'>): Promise<string> {
  const hash = createHash('sha256');
  for (const set of ['words', 'sample'] as const) {
    const { provenance } = await captured.activations('tuned', set);
    for (const part of [provenance.text, provenance.position, provenance.token]) {
      hash.update(new Uint8Array(Int32Array.from(part).buffer));
    }
  }
  return hash.digest('hex');
}
