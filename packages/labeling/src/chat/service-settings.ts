import { FeedprintError } from '@feedprint/core';

/** Where requests go. */
export interface ServiceAddress {
  readonly url: string;
  /** Host and port, for messages. */
  readonly host: string;
  /** On this machine. */
  readonly loopback: boolean;
  /** OpenAI's own service. */
  readonly official: boolean;
}

const officialURL = 'https://api.openai.com/v1';

/** Throws `config-invalid` for anything that is not an http(s) address, and for one that carries credentials. */
export function parseServiceAddress(baseURL: string = officialURL): ServiceAddress {
  const url = URL.canParse(baseURL) ? new URL(baseURL) : undefined;
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new FeedprintError({
      code: 'config-invalid',
      message: 'baseURL is not an http or https address',
      remedy: `pass one like ${officialURL} or http://127.0.0.1:8000/v1`,
    });
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new FeedprintError({
      code: 'config-invalid',
      message: `baseURL for ${url.host} carries a user name, password, query or fragment`,
      remedy: 'pass just the address, and the key as apiKey',
    });
  }
  const name = url.hostname;
  return {
    url: baseURL,
    host: url.host,
    loopback: name === 'localhost' || name === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(name),
    official: url.host === 'api.openai.com',
  };
}

/** The key, `undefined` for a server on loopback that was given none. Throws `service-failed` if it is missing or unusable. */
export function resolveKey(
  apiKey: string | undefined,
  address: ServiceAddress,
): string | undefined {
  const key = (apiKey ?? process.env['OPENAI_API_KEY'] ?? '').trim();
  if (key === '') {
    if (address.loopback) return undefined;
    throw new FeedprintError({
      code: 'service-failed',
      message: `there is no API key for ${address.host}`,
      remedy: 'set the environment variable OPENAI_API_KEY',
    });
  }
  // Characters that an HTTP header cannot hold would come back in the text of fetch's own error.
  if (!/^[\x21-\x7e]+$/.test(key)) {
    throw new FeedprintError({
      code: 'service-failed',
      message: `the API key for ${address.host} contains whitespace or non-ASCII characters`,
      remedy: 'set the environment variable OPENAI_API_KEY to just the key',
    });
  }
  return key;
}
