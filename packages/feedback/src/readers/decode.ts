import { peek } from './bytes.ts';
import type { Bytes } from './bytes.ts';
import { textsInvalid } from './texts-invalid.ts';

/**
 * The UTF-8 bytes of a text: a byte order mark is removed, and UTF-16 with one is re-encoded. Other bytes pass
 * unchanged.
 */
export async function toUtf8(name: string, encoded: Bytes): Promise<Bytes> {
  const { head, bytes } = await peek(encoded, 4);
  const mark = head.toString('hex');
  if (mark.startsWith('efbbbf')) return without(3, bytes);
  if (mark === 'fffe0000' || mark === '0000feff') {
    await bytes.return();
    throw textsInvalid(`${name} is UTF-32`, 'save the file as UTF-8');
  }
  if (mark.startsWith('fffe')) return fromUtf16(name, without(2, bytes), 'utf-16le');
  if (mark.startsWith('feff')) return fromUtf16(name, without(2, bytes), 'utf-16be');
  return bytes;
}

async function* without(count: number, bytes: Bytes): Bytes {
  let left = count;
  for await (const piece of bytes) {
    const dropped = Math.min(left, piece.length);
    left -= dropped;
    yield piece.subarray(dropped);
  }
}

async function* fromUtf16(name: string, bytes: Bytes, encoding: string): Bytes {
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  const decode = (piece?: Uint8Array): Uint8Array => {
    try {
      return Buffer.from(piece ? decoder.decode(piece, { stream: true }) : decoder.decode());
    } catch (cause) {
      throw textsInvalid(
        `${name} begins as UTF-16 but does not continue as such`,
        'save the file as UTF-8',
        cause,
      );
    }
  };
  for await (const piece of bytes) yield decode(piece);
  yield decode();
}
