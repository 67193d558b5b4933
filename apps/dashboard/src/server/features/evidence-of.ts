import type { AuditReport } from '@feedprint/recipes';
import type { Feature } from '../../api/features.ts';
import { checkOwn, hasRunFile } from '../runs/run-folders.ts';
import type { RunFolder } from '../runs/run-folders.ts';
import type { FeaturePlace } from './read-feature.ts';

/** Windows shown of those that the labeler saw. */
const SHOWN = 8;

/** What the labeler was asked of a feature and shown; null where it was not asked. Refuses where that cannot be read. */
export async function evidenceOf(
  run: RunFolder,
  { site, index }: FeaturePlace,
  { settings }: Pick<AuditReport, 'settings'>,
): Promise<Feature['evidence']> {
  const { readEvidence, readLabelCalls } = await import('@feedprint/recipes');
  const id = `${site}/${index}`;
  await checkOwn(run);
  const { question, features } = await readEvidence(run.folder);
  const seen = features.get(id);
  if (!seen) return null;
  const isKept = await hasRunFile(run, 'answers.jsonl'); // No link.
  const calls = isKept ? await readLabelCalls(run.folder, id) : [];
  return {
    labeler: String(settings['labeler'] ?? 'unknown'),
    question,
    windows: seen.top.slice(0, SHOWN).map(({ tokens, activations }) => ({
      tokens: [...tokens],
      activations: [...activations],
    })),
    calls: calls.map(({ step, asked, answer: { text, usage } }) => ({
      step,
      asked: asked.map(({ role, content }) => ({ role, content })),
      answer: text,
      ...usage,
    })),
  };
}
