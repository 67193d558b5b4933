import { FeedprintError } from '@feedprint/core';
import type { Tokenizer } from '@feedprint/core';

/** Stands in for the tokenizer of a model that came without one: everything throws `checkpoint-invalid`. */
export function missingTokenizer(folder: string): Tokenizer {
  const missing = new FeedprintError({
    code: 'checkpoint-invalid',
    message: `there is no tokenizer.json in ${folder}`,
    remedy:
      "put the model's own there, which save_pretrained of transformers writes, or pass token ids",
  });
  const fail = (): never => {
    throw missing;
  };
  return {
    missing,
    encode: fail,
    decode: fail,
    tokenText: fail,
    get vocabularySize(): number {
      return fail();
    },
    get specialIds(): ReadonlySet<number> {
      return fail();
    },
    get fingerprint(): string {
      return fail();
    },
  };
}
