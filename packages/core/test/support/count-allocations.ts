const counted = [
  'Uint8Array',
  'Uint16Array',
  'Uint32Array',
  'Float32Array',
  'Float64Array',
] as const;

/** Counts the bytes of typed arrays that are made with a length while it runs, whether or not they live on. */
export function countAllocations() {
  const originals = counted.map((name) => globalThis[name]);
  let bytes = 0;
  return {
    bytes: () => bytes,
    start(): void {
      counted.forEach((name, i) => {
        const original = originals[i] as (typeof globalThis)[typeof name];
        const counting = new Proxy(original, {
          construct(target, parameters, newTarget) {
            if (typeof parameters[0] === 'number')
              bytes += parameters[0] * target.BYTES_PER_ELEMENT;
            return Reflect.construct(target, parameters, newTarget) as object;
          },
        });
        Reflect.set(globalThis, name, counting);
      });
    },
    stop: (): void => counted.forEach((name, i) => Reflect.set(globalThis, name, originals[i])),
  };
}
