import { FeedprintError } from '@feedprint/core';
import type { Io } from './io.ts';

/** What undici's `EnvHttpProxyAgent` takes; an empty text is none. */
interface ProxySettings {
  readonly httpProxy: string;
  readonly httpsProxy: string;
  readonly noProxy: string;
}

/**
 * The `fetch` for chat servers and the hub: Node's own, or one through the proxies that `HTTP_PROXY`, `HTTPS_PROXY` and
 * `NO_PROXY` name, in lower case first. undici is loaded with the first request. Throws `config-invalid` for a proxy that
 * is no http or https address.
 */
export function createFetch(env: Io['env']): typeof fetch {
  const settings: ProxySettings = {
    httpProxy: proxyOf(env, 'http_proxy'),
    httpsProxy: proxyOf(env, 'https_proxy'),
    noProxy: env['no_proxy'] ?? env['NO_PROXY'] ?? '',
  };
  if (settings.httpProxy === '' && settings.httpsProxy === '') return fetch;
  let opened: Promise<typeof fetch> | undefined;
  return async (input, init) => (await (opened ??= openProxies(settings)))(input, init);
}

/** The same, with proxies looked at when the first request is made: for what may come to make none. */
export function createLateFetch(env: Io['env']): typeof fetch {
  let made: typeof fetch | undefined;
  return async (input, init) => (made ??= createFetch(env))(input, init);
}

async function openProxies(settings: ProxySettings): Promise<typeof fetch> {
  const { EnvHttpProxyAgent, fetch: fetchWith } = await import('undici');
  const dispatcher = new EnvHttpProxyAgent({ ...settings, proxyTunnel: false });
  const through: typeof fetchWith = (input, init) =>
    fetchWith(input, { ...init, dispatcher }).catch((error: unknown) => {
      throw refusalOf(error) ?? error;
    });
  return through as unknown as typeof fetch;
}

/** An error with the status of a proxy that refused a tunnel, which undici has in the message of some cause alone. */
function refusalOf(error: unknown): TypeError | undefined {
  const { message = '', cause: inner } = Object(error) as { message?: string; cause?: unknown };
  const [, status] = /^Proxy response \((\d+)\)/.exec(message) ?? [];
  if (status === undefined) return inner === undefined ? undefined : refusalOf(inner);
  const cause = new Error(`the proxy answered with status ${status}`);
  return new TypeError('fetch failed', {
    cause: Object.assign(cause, { code: `PROXY_ANSWERED_${status}` }),
  });
}

function proxyOf(env: Io['env'], lowerCase: string): string {
  const upperCase = lowerCase.toUpperCase();
  const name = env[lowerCase] === undefined ? upperCase : lowerCase;
  const value = (env[name] ?? '').trim();
  if (value === '') return '';
  const address = value.includes('://') ? value : `http://${value}`;
  if (/^https?:$/.test(URL.canParse(address) ? new URL(address).protocol : '')) return address;
  throw new FeedprintError({
    code: 'config-invalid',
    message: `the environment variable ${name} holds no address of an http or https proxy`,
    remedy: 'set it to one like http://proxy.example.org:3128, or unset it',
  });
}
