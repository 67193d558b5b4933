import { finetuneSettingsSchema } from '@feedprint/sae';
import type { FinetuneSettings } from '@feedprint/sae';
import type { InputFlags } from './inputs.ts';
import { checkedSettings } from './train-flags.ts';

/** Flags of `sae finetune`, parsed one by one. */
export interface FinetuneFlags extends InputFlags {
  readonly sae: string;
  readonly out: string;
  readonly tokens?: number;
  readonly lr?: number;
  readonly batch?: number;
  readonly set?: Readonly<Record<string, unknown>>;
  readonly seed: number;
  readonly checkpointTokens?: number;
  readonly json?: boolean;
}

/** Settings that have a flag of their own. */
const flagOf = { tokens: 'tokens', learningRate: 'lr', batchRows: 'batch' } as const;

/** What the flags ask for, with defaults. Throws `usage` for a setting that there is not, or whose value is refused. */
export function finetuneSettings({ tokens, lr, batch, set = {} }: FinetuneFlags): FinetuneSettings {
  const further = checkedSettings(set, finetuneSettingsSchema.shape, flagOf);
  return finetuneSettingsSchema.parse({
    ...(tokens !== undefined && { tokens }),
    ...(lr !== undefined && { learningRate: lr }),
    ...(batch !== undefined && { batchRows: batch }),
    ...further,
  });
}
