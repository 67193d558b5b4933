import { readFileSync } from 'node:fs';
import { FeedprintError } from '@feedprint/core';

/** Parses a JSON file of a checkpoint. Throws `checkpoint-invalid`. */
export function readJson(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new FeedprintError({
      code: 'checkpoint-invalid',
      message: `${path} cannot be read (${(cause as NodeJS.ErrnoException).code})`,
      remedy: 'pass a checkpoint folder with config.json, tokenizer.json and model.safetensors',
      cause,
    });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw notJson(path, 'JSON', cause);
  }
}

/** Parses a JSON file whose content is an object. Throws `checkpoint-invalid`. */
export function readJsonObject(path: string): Readonly<Record<string, unknown>> {
  const json = readJson(path);
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) {
    return json as Record<string, unknown>;
  }
  throw notJson(path, 'a JSON object');
}

const notJson = (path: string, what: string, cause?: unknown): FeedprintError =>
  new FeedprintError({
    code: 'checkpoint-invalid',
    message: `${path} is not ${what}`,
    remedy: 'download or export the checkpoint again',
    cause,
  });
