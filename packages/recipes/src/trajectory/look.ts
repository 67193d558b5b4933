import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { LanguageModel } from '@feedprint/core';
import { lookedAt } from '../audit/findings.ts';
import type { AuditParts } from '../audit/parts.ts';
import { runAudit } from '../audit/run-audit.ts';
import type { AuditReport } from '../audit/audit-report.ts';
import type { AuditOptions } from '../audit/open-audit.ts';
import { rememberedModel } from './remembered-model.ts';

/** What the audits of all checkpoints share. */
export type LookOptions = Omit<
  AuditOptions,
  'tuned' | 'siblings' | 'keepActivations' | 'command' | 'out'
> & {
  /** Folder of the audits; what the base says is kept beside them until all looks are done. */
  readonly audits: string;
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

/** Where what the base says is kept until all looks are done. */
export const baseFolder = (audits: string): string => join(audits, 'base');

/** Loads a checkpoint, which may be an adapter of the base. */
export const openCheckpoint = (
  { parts, base, loadAdapter }: Pick<LookOptions, 'parts' | 'base' | 'loadAdapter'>,
  folder: string,
): Promise<LanguageModel> =>
  existsSync(join(folder, 'adapter_config.json'))
    ? loadAdapter(base, folder)
    : parts.loadModel(folder, 'tuned');

/** Edits say why; a look asks whether. */
function withoutEdits({ properties, ...parts }: AuditParts): AuditParts {
  if (!properties) return parts;
  const { edits: _, ...rest } = properties;
  return { ...parts, properties: rest };
}

/**
 * The quick audit of one checkpoint. What the base says of the texts and writes is computed by the
 * first look and kept for the others. An interrupted look continues. Throws what `runAudit` throws.
 */
export async function look(
  { loadAdapter, audits, ...options }: LookOptions,
  { step, folder }: SavedCheckpoint,
): Promise<AuditReport> {
  const { parts, base } = options;
  let opened: LanguageModel | undefined;
  const loadModel: typeof parts.loadModel = async (name, role) => {
    if (role === 'base') {
      opened = await parts.loadModel(name, role);
      return rememberedModel(opened, baseFolder(audits));
    }
    return openCheckpoint({ parts, base, loadAdapter }, name);
  };
  try {
    const { report } = await runAudit({
      ...options,
      ...{ tuned: folder, quick: true, first: lookedAt, keepActivations: false },
      parts: { ...withoutEdits(parts), loadModel },
      out: join(audits, stepName(step)),
    });
    return report;
  } finally {
    await opened?.dispose();
  }
}
