import { FeedprintError } from '@feedprint/core';
import type * as Ort from 'onnxruntime-node';

export type OrtModule = (typeof Ort)['default'];

let loaded: Promise<OrtModule> | undefined;

/** onnxruntime-node, imported when first needed. Throws `dependency-missing` with the install command. */
export function loadRuntime(): Promise<OrtModule> {
  loaded ??= import('onnxruntime-node').then(
    (module) => module.default,
    (cause: unknown) => {
      loaded = undefined;
      throw new FeedprintError({
        code: 'dependency-missing',
        message: 'onnxruntime-node could not be loaded',
        remedy: 'install it alongside Feedprint: npm install onnxruntime-node',
        cause,
      });
    },
  );
  return loaded;
}
