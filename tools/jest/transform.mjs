// Compiles TypeScript as @swc/jest does, and gives each module constants for the built-ins that it uses.
//
// Jest runs modules in a context of its own, in which every mention of `Math` or `Float32Array` is a question to that context: loops over numbers
// take up to forty times as long as outside. A constant of the module is looked up once.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import swcJest from '@swc/jest';

const builtIns = [
  ...['Array', 'ArrayBuffer', 'BigInt', 'BigInt64Array', 'BigUint64Array', 'Boolean', 'Buffer'],
  ...['DataView', 'Error', 'Float32Array', 'Float64Array', 'Infinity', 'Int16Array', 'Int32Array'],
  ...['Int8Array', 'JSON', 'Map', 'Math', 'NaN', 'Number', 'Object', 'Promise', 'RegExp', 'Set'],
  ...['String', 'Symbol', 'TypeError', 'Uint16Array', 'Uint32Array', 'Uint8Array'],
];

/** On the module's first line, so that the lines of errors stay. */
function withConstants(code) {
  const used = builtIns.filter((name) => new RegExp(`\\b${name}\\b`).test(code));
  if (used.length === 0) return code;
  return `const ${used.map((name) => `${name} = globalThis.${name}`).join(', ')}; ${code}`;
}

/** Jest takes a transformer, or its factory, from the default export of a module. */
function createTransformer(options) {
  const swc = swcJest.createTransformer(options);
  const own = createHash('sha256')
    .update(readFileSync(new URL(import.meta.url)))
    .digest('hex');
  return {
    process(source, file, settings) {
      if (file.endsWith('.js')) return { code: withConstants(source) };
      const { code, map } = swc.process(source, file, settings);
      return { code: withConstants(code), map };
    },
    getCacheKey: (source, file, settings) => own + swc.getCacheKey(source, file, settings),
  };
}

export default { createTransformer };
