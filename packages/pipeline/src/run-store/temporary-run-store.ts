import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import type { RunStore } from '@feedprint/core';
import { makeOwnFolder } from '@feedprint/core/files';
import { createRunStore } from './run-store.ts';

/** A run store in the system's temporary folder that `close` removes, for programs that keep nothing. */
export async function createTemporaryRunStore({
  now,
}: {
  readonly now: () => Date;
}): Promise<RunStore> {
  const folder = makeOwnFolder(tmpdir(), 'feedprint-run-');
  const store = await createRunStore({ folder, now });
  return {
    ...store,
    close: async () => {
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
