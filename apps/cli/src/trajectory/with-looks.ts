import { availableParallelism } from 'node:os';
import type { TrajectoryOptions } from '@feedprint/recipes';
import { fetchFor, withAuditOptions } from '../audit/audit.ts';
import type { AuditConfig } from '../audit/audit-config.ts';
import type { Io } from '../io.ts';
import { openModel } from '../model-options.ts';

/** Opens what quick audits of several checkpoints need, for `work`. Throws what `withAuditOptions` throws. */
export function withLooks<T>(
  config: Omit<AuditConfig, 'tuned'>,
  io: Io,
  work: (options: Omit<TrajectoryOptions, 'checkpoints' | 'audits'>) => Promise<T>,
): Promise<T> {
  const { threads = availableParallelism(), device = 'cpu', revision, offline } = config;
  const common = { now: io.now, signal: io.signal, fetch: fetchFor(config, io.env) };
  return withAuditOptions(
    { ...config, ...common, tuned: config.base },
    ({ quick: _, tuned: __, onFirst: ___, ...options }) =>
      work({
        ...options,
        loadAdapter: (base, adapter) =>
          openModel(base, {
            ...{ threads, device, adapter },
            ...(revision !== undefined && { revision }),
            ...(offline !== undefined && { offline }),
          }),
      }),
  );
}
