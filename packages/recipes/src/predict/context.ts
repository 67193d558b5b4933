import type { CheckpointModel } from '@feedprint/activations';
import type { Declared } from '@feedprint/probe';
import type { PreparedPairs } from '../audit/pairs/prepared-pairs.ts';
import type { PropertyParts } from '../audit/properties/property-parts.ts';
import type { PredictSettings } from './settings.ts';

/** What the stages of a prediction share. */
export interface PredictContext {
  readonly base: CheckpointModel;
  readonly pairs: PreparedPairs;
  readonly settings: PredictSettings;
  readonly properties: Pick<PropertyParts, 'name' | 'settings' | 'measured'>;
  readonly told: ReadonlyMap<string, Declared> | undefined;
  readonly threads: number | undefined;
  /** Hashes of what the prediction is about. */
  readonly identity: Readonly<Record<string, unknown>>;
}
