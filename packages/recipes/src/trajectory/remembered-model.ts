import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { matrix, openSafetensors, writeSafetensors } from '@feedprint/core';
import type { LanguageModel, Matrix, RunRequest, RunResult, TokenRows } from '@feedprint/core';
import { makeFolder, replaceFile, writeFlushed } from '@feedprint/core/files';

/**
 * A model whose passes and replies are kept in a folder, so that what several audits ask of it is computed once, also across
 * starts. Passes with edits are computed anew. `dispose` leaves the model itself alone, which whoever opened it disposes of.
 */
export function rememberedModel(model: LanguageModel, folder: string): LanguageModel {
  makeFolder(folder);
  const fileOf = (extension: string, rows: TokenRows, asked: unknown): string => {
    const hash = createHash('sha256').update(model.fingerprint).update(JSON.stringify(asked));
    for (const row of rows) hash.update(Int32Array.from([row.length, ...Array.from(row)]));
    return join(folder, `${hash.digest('hex').slice(0, 32)}.${extension}`);
  };
  return Object.assign(Object.create(model) as LanguageModel, {
    async run(rows: TokenRows, request: RunRequest) {
      const { edits = [], logProbsOf, ...rest } = request;
      if (edits.length > 0) return model.run(rows, request);
      const asked = { ...rest, ...(logProbsOf && { logProbsOf: Array.from(logProbsOf) }) };
      const file = fileOf('safetensors', rows, asked);
      if (!existsSync(file)) {
        const result = await model.run(rows, request);
        await replaceFile(file, (aside) => writeSafetensors(aside, tensorsOf(result)));
      }
      return readResult(file);
    },
    async generate(prompts, sampling) {
      const { edits = [], ...asked } = sampling;
      if (edits.length > 0) return model.generate(prompts, sampling);
      const file = fileOf('json', prompts, asked);
      if (!existsSync(file)) {
        const replies = await model.generate(prompts, sampling);
        await replaceFile(file, (aside) => writeFlushed(aside, JSON.stringify(replies)));
      }
      return JSON.parse(await readFile(file, 'utf8')) as number[][];
    },
    dispose: () => Promise.resolve(),
  } satisfies Pick<LanguageModel, 'run' | 'generate' | 'dispose'>);
}

const SITE = 'site:';

function tensorsOf({ activations, logits, logProbsOf, tokenLogProbs }: RunResult) {
  const tensor = ({ rows, columns, data }: Matrix) => ({ shape: [rows, columns], data });
  return {
    ...Object.fromEntries([...activations].map(([site, all]) => [SITE + site, tensor(all)])),
    ...(logits && { logits: tensor(logits) }),
    ...(logProbsOf && { logProbsOf: tensor(logProbsOf) }),
    ...(tokenLogProbs && {
      tokenLogProbs: { shape: [tokenLogProbs.length], data: tokenLogProbs },
    }),
  };
}

function readResult(path: string): RunResult {
  const file = openSafetensors(path);
  try {
    const read = (name: string): Matrix => {
      const [rows = 0, columns = 0] = file.tensors.get(name)?.shape ?? [];
      return matrix(rows, columns, file.readFloats(name));
    };
    const names = [...file.tensors.keys()];
    const sites = names.filter((name) => name.startsWith(SITE));
    return {
      activations: new Map(sites.map((name) => [name.slice(SITE.length), read(name)])),
      ...(names.includes('logits') && { logits: read('logits') }),
      ...(names.includes('logProbsOf') && { logProbsOf: read('logProbsOf') }),
      ...(names.includes('tokenLogProbs') && { tokenLogProbs: file.readFloats('tokenLogProbs') }),
    };
  } finally {
    file.close();
  }
}
