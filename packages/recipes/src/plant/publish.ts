import { copyFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { flush, makeFolder, replaceFile, writeFlushed } from '@feedprint/core/files';

/** Puts a checkpoint and what is true of it into a folder; `feedback.json` comes last: it shows that the others are there. */
export async function publishModel(
  folder: string,
  {
    model,
    truth,
    pairs,
  }: { readonly model: string; readonly truth: unknown; readonly pairs?: string },
): Promise<void> {
  makeFolder(folder);
  const files = readdirSync(model).sort();
  for (const name of files) await copyFlushed(join(model, name), join(folder, name));
  if (pairs !== undefined) await copyFlushed(pairs, join(folder, 'pairs.jsonl.gz'));
  await replaceFile(join(folder, 'feedback.json'), (aside) =>
    writeFlushed(aside, `${JSON.stringify(truth, null, 1)}\n`),
  );
}

const copyFlushed = (from: string, to: string): Promise<void> =>
  replaceFile(to, async (aside) => {
    copyFileSync(from, aside);
    await flush(aside, 'file');
  });
