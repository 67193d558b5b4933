import type { Artifact, ChangeParts, ChangeScore } from '@feedprint/core';
import type { ChangesReport } from '@feedprint/report/chapters/changes';
import { DICTIONARY_WIDTH, measureForAudit } from './measure.ts';
import type { ChangesContext } from './measure.ts';
import { changesReport } from './report.ts';
import { scoreWords } from './scores.ts';
import type { AuditContext } from '../context.ts';
import { readJson, writeJson } from '../files.ts';

/** What changes are measured with, if they are. */
export const measuresOf = ({ parts, settings }: AuditContext): ChangeParts | undefined =>
  settings.changeTokens > 0 ? parts.changes : undefined;

export interface AuditChanges {
  readonly report: ChangesReport;
  /** Of every method and word of interest. */
  readonly scores: readonly ChangeScore[];
}

/** Measures what the tuning changed, without labels, over a sample of the texts. */
export function changesStage(context: ChangesContext): Promise<Artifact> {
  const { settings, parts, measures, identity, runner, words } = context;
  return runner.run({
    name: 'changes',
    config: {
      identity,
      tokens: settings.changeTokens,
      seed: settings.seed,
      dictionaries: {
        name: measures.dictionaries.name,
        ...measures.dictionaries.settings,
      },
      widths: DICTIONARY_WIDTH,
      words: words.map(({ id }) => id),
      store: parts.activations.name,
    },
    inputs: [],
    work: async (folder, stage) => {
      const measured = await measureForAudit(context, folder, stage);
      const scores = await scoreWords(context, measured);
      const report = await changesReport(context, measured, scores);
      await writeJson(folder, 'changes.json', { report, scores } satisfies AuditChanges);
    },
  });
}

export const readChanges = (artifact: Artifact): Promise<AuditChanges> =>
  readJson(artifact, 'changes.json');
