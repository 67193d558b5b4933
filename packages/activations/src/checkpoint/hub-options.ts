import { FeedprintError } from '@feedprint/core';
import type { Environment } from './hub-cache.ts';

export interface HubOptions {
  /** Branch, tag or commit. Default `main`. */
  readonly revision?: string;
  /** Default: `HF_TOKEN`. */
  readonly token?: string;
  /** Reads only the cache. Default: whether `HF_HUB_OFFLINE` is set. */
  readonly offline?: boolean;
  /** Default: `HF_HUB_CACHE`, else `hub` in `HF_HOME`, else `~/.cache/huggingface/hub`. */
  readonly cacheDir?: string;
  /** Default: `HF_ENDPOINT`, else https://huggingface.co. */
  readonly hubUrl?: string;
  /** Default: Node's own, which does not support proxies. */
  readonly fetch?: typeof fetch;
  /** Default `process.env`. */
  readonly environment?: Environment;
  /** Called before each file that is downloaded. */
  readonly onFile?: (file: { readonly path: string; readonly bytes: number }) => void;
}

/** Whether only the cache is read. */
export const isOffline = ({ offline, environment = process.env }: HubOptions): boolean =>
  offline ?? /^(1|on|yes|true)$/i.test(environment.HF_HUB_OFFLINE ?? '');

/** `org/name` or `org/name@revision`, in its parts; `undefined` for what is no such name. */
export function parseHubName(
  text: string,
  revision = 'main',
): { readonly name: string; readonly revision: string } | undefined {
  const match = /^(\w[\w.-]*\/\w[\w.-]*)(?:@(\w[\w./-]*))?$/.exec(text);
  const [, name, at = revision] = match ?? [];
  const isName =
    name !== undefined && !/\.\.|--/.test(name) && /^\w[\w./-]*$/.test(at) && !at.includes('..');
  return isName ? { name, revision: at } : undefined;
}

/** Where the hub is and what it is told of who asks. Throws `usage` for a token that is none. */
export function accessOf({ token: given, hubUrl, environment = process.env }: HubOptions): {
  readonly token: string | undefined;
  readonly hubUrl: string;
} {
  const token = given ?? (environment.HF_TOKEN || undefined);
  if (token !== undefined && !token.startsWith('hf_')) {
    throw new FeedprintError({
      code: 'usage',
      message: 'the token for the hub does not begin with hf_',
      remedy: 'set HF_TOKEN to an access token of the hub',
    });
  }
  const url = hubUrl ?? (environment.HF_ENDPOINT || 'https://huggingface.co');
  return { token, hubUrl: url.replace(/\/+$/, '') };
}
