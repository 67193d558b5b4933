import { FeedprintError } from '@feedprint/core';
import { withBytes } from './file-bytes.ts';

/** What pickles are usually called. */
export const pickleNames = /\.(pt|pth|bin|pkl|pickle|ckpt)$/i;

/** Throws `checkpoint-unsupported` for a file written by Python's pickle, with the command that converts it. */
export function assertNoPickle(path: string): void {
  if (!isPickle(path)) return;
  throw new FeedprintError({
    code: 'checkpoint-unsupported',
    message: `${path} is a Python pickle, which can run any code when it is read`,
    remedy: `convert it once, without running code from it: ${pickleConversion(path)}`,
  });
}

/** A shell command that writes a pickled state dict, alone or as `[settings, state]`, as safetensors beside it. */
function pickleConversion(path: string): string {
  const script = [
    'import sys, torch',
    'from safetensors.torch import save_file',
    "s = torch.load(sys.argv[1], map_location='cpu', weights_only=True)",
    's = s[1] if isinstance(s, (list, tuple)) else s',
    "s = s.get('state_dict', s)",
    'save_file({k: v.clone().contiguous() for k, v in s.items() if torch.is_tensor(v)}, sys.argv[2])',
  ].join('; ');
  const target = `${path.replace(pickleNames, '')}.safetensors`;
  return `python -c "${script}" ${quoted(path)} ${quoted(target)}`;
}

/** By content: a zip archive that starts with `data.pkl` (torch), or pickle's protocol byte; else by its name. */
function isPickle(path: string): boolean {
  return withBytes(path, (file) => {
    const head = Buffer.from(file.read(0, Math.min(512, file.size)));
    if (head.subarray(0, 4).toString('latin1') === 'PK\x03\x04') return firstEntry(head);
    if (isSafetensors(head)) return false;
    if (head[0] === 0x80 && [2, 3, 4, 5].includes(head[1] ?? 0)) return true;
    return pickleNames.test(path);
  });
}

function firstEntry(head: Buffer): boolean {
  if (head.length < 30) return false;
  const name = head.subarray(30, 30 + head.readUInt16LE(26)).toString('latin1');
  return /(^|\/)data\.pkl$/.test(name);
}

/** The length of a JSON object in 8 bytes, then the object. */
const isSafetensors = (head: Buffer): boolean =>
  head.length > 8 && head[8] === 0x7b && head.readUInt32LE(4) === 0;

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
