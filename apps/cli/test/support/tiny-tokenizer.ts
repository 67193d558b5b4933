/** The 256 characters by which GPT-2 writes bytes, in byte order. */
export const byteCharacters: readonly string[] = (() => {
  const printable = (byte: number): boolean =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
  let extra = 256;
  return Array.from({ length: 256 }, (_, byte) =>
    String.fromCodePoint(printable(byte) ? byte : extra++),
  );
})();

/** Byte-level BPE whose merges make each of the words, with its leading space, one token. Special token 0 ends texts. */
export function tinyTokenizer(words: readonly string[]) {
  const merges: string[] = [];
  const tokens = new Set(['<|endoftext|>', ...byteCharacters]);
  for (const word of words) {
    let left = 'Ġ';
    for (const letter of word) {
      if (!tokens.has(left + letter)) merges.push(`${left} ${letter}`);
      left += letter;
      tokens.add(left);
    }
  }
  const bytes = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };
  return {
    version: '1.0',
    added_tokens: [
      {
        id: 0,
        content: '<|endoftext|>',
        special: true,
        normalized: false,
        lstrip: false,
        rstrip: false,
        single_word: false,
      },
    ],
    normalizer: null,
    pre_tokenizer: bytes,
    post_processor: bytes,
    decoder: bytes,
    model: {
      type: 'BPE',
      vocab: Object.fromEntries([...tokens].map((token, id) => [token, id] as const)),
      merges,
    },
  };
}
