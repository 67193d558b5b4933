import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { matrix } from '@feedprint/core';
import type { ActivationStore, ActivationStoreFormat, Matrix } from '@feedprint/core';

interface Stored {
  readonly sites: readonly string[];
  readonly text: number[];
  readonly position: number[];
  readonly token: number[];
  readonly columns: Record<string, number>;
  readonly data: Record<string, number[]>;
}

const FILE = 'store.json';

/** Activation stores as one JSON file. */
export function createJsonStoreFormat(): ActivationStoreFormat {
  const open = async (folder: string): Promise<ActivationStore> => {
    const stored = JSON.parse(await readFile(join(folder, FILE), 'utf8')) as Stored;
    const width = (site: string): number => stored.columns[site] ?? 0;
    const read = (site: string, start: number, end: number): Matrix => {
      const columns = width(site);
      const values = stored.data[site]?.slice(start * columns, end * columns) ?? [];
      return matrix(end - start, columns, Float32Array.from(values));
    };
    return {
      sites: stored.sites,
      rows: stored.token.length,
      provenance: {
        text: Int32Array.from(stored.text),
        position: Int32Array.from(stored.position),
        token: Int32Array.from(stored.token),
      },
      width,
      read: (site, start, end) => Promise.resolve(read(site, start, end)),
      scale: (site) => Promise.resolve({ mean: new Float32Array(width(site)), meanNorm: 1 }),
    };
  };
  return {
    name: 'json',
    settings: {},
    open,
    create: async (folder, sites) => {
      const stored: Stored = { sites, text: [], position: [], token: [], columns: {}, data: {} };
      await mkdir(folder, { recursive: true });
      return {
        append: ({ text, position, token, activations }) => {
          stored.text.push(...text);
          stored.position.push(...position);
          stored.token.push(...token);
          for (const [site, rows] of activations) {
            stored.columns[site] = rows.columns;
            (stored.data[site] ??= []).push(...rows.data);
          }
          return Promise.resolve();
        },
        finish: async () => {
          await writeFile(join(folder, FILE), JSON.stringify(stored));
          return open(folder);
        },
      };
    },
  };
}
