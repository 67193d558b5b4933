import { existsSync, readFileSync } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { FeedprintError } from '@feedprint/core';
import type { AuditConfig } from './audit-config.ts';

const names = ['ts', 'js', 'mjs', 'json'].map((ending) => `feedprint.config.${ending}`);

/**
 * The configuration in a file, or without one in the feedprint.config.ts, .js, .mjs or .json of a folder; nothing where there is none.
 * Throws `config-invalid` for a file that is missing, cannot be loaded or exports no object, `usage` for two in one folder.
 */
export async function readAuditConfig(
  file: string | undefined,
  folder: string,
): Promise<Partial<AuditConfig>> {
  const path = file === undefined ? findConfig(folder) : resolve(folder, file);
  if (path === undefined) return {};
  const config = await load(path).catch((error: unknown) => {
    throw invalid(
      path,
      `cannot be loaded (${error instanceof Error ? error.message : error})`,
      error,
    );
  });
  if (typeof config === 'object' && config !== null && !Array.isArray(config)) return config;
  throw invalid(path, 'exports no options');
}

function findConfig(folder: string): string | undefined {
  const found = names.filter((name) => existsSync(resolve(folder, name)));
  if (found.length > 1) {
    throw new FeedprintError({
      code: 'usage',
      message: `there is more than one configuration: ${found.join(', ')}`,
      remedy: 'name one with --config',
    });
  }
  return found[0] && resolve(folder, found[0]);
}

async function load(path: string): Promise<unknown> {
  switch (extname(path)) {
    case '.json':
      return JSON.parse(readFileSync(path, 'utf8'));
    case '.ts':
    case '.mts': {
      const { createJiti } = await import('jiti');
      // A configuration can be written where this package is not installed, as under npx.
      const jiti = createJiti(import.meta.url, {
        fsCache: false,
        interopDefault: false,
        virtualModules: { feedprint: await import('../index.ts') },
      });
      return defaultOf(await jiti.import(path));
    }
    default:
      return defaultOf(await import(pathToFileURL(path).href));
  }
}

const defaultOf = (module: unknown): unknown => (module as { readonly default?: unknown }).default;

const invalid = (path: string, problem: string, cause?: unknown): FeedprintError =>
  new FeedprintError({
    code: 'config-invalid',
    message: `the configuration ${basename(path)} ${problem}`,
    remedy: 'export the options of an audit: export default defineAudit({ ... })',
    cause,
  });
