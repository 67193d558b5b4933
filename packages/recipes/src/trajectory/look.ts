import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { LanguageModel } from '@feedprint/core';
import { runAudit } from '../audit/run-audit.ts';
import type { AuditReport } from '../audit/audit-report.ts';
import type { AuditOptions } from '../audit/open-audit.ts';
import { rememberedModel } from './remembered-model.ts';

/** What the audits of all checkpoints share. */
export type LookOptions = Omit<
  AuditOptions,
  'tuned' | 'siblings' | 'keepActivations' | 'command'
> & {
  /** Loads a LoRA adapter of the base, where a checkpoint is one. */
  readonly loadAdapter: (base: string, adapter: string) => Promise<LanguageModel>;
};

/** A model saved while it was trained. */
export interface SavedCheckpoint {
  readonly step: number;
  readonly folder: string;
}

/** Steps as the names of folders say them. */
export const stepName = (step: number): string => `step-${`${step}`.padStart(6, '0')}`;

/** Where the audit of a step lies below a trajectory's folder. */
export const auditFolder = (step: number): string => join('audits', stepName(step));

/** Where what the base says is kept until all looks are done. */
export const baseFolder = (out: string): string => join(out, 'base');

/** Loads a checkpoint, which may be an adapter of the base. */
export const openCheckpoint = (
  { parts, base, loadAdapter }: Pick<LookOptions, 'parts' | 'base' | 'loadAdapter'>,
  folder: string,
): Promise<LanguageModel> =>
  existsSync(join(folder, 'adapter_config.json'))
    ? loadAdapter(base, folder)
    : parts.loadModel(folder, 'tuned');

/**
 * The quick audit of one checkpoint, in `audits` below `out`. What the base says of the texts and writes is computed by the
 * first look and kept for the others. An interrupted look continues. Throws what `runAudit` throws.
 */
export async function look(
  { loadAdapter, ...options }: LookOptions,
  { step, folder }: SavedCheckpoint,
): Promise<AuditReport> {
  const { parts, base, out } = options;
  let opened: LanguageModel | undefined;
  const loadModel: typeof parts.loadModel = async (name, role) => {
    if (role === 'base') {
      opened = await parts.loadModel(name, role);
      return rememberedModel(opened, baseFolder(out));
    }
    return openCheckpoint({ parts, base, loadAdapter }, name);
  };
  try {
    const { report } = await runAudit({
      ...options,
      ...{ tuned: folder, quick: true, keepActivations: false },
      parts: { ...parts, loadModel },
      out: join(out, auditFolder(step)),
    });
    return report;
  } finally {
    await opened?.dispose();
  }
}
