/**
 * A shell command that writes the `pytorch_model*.bin` of a folder, sharded or not, as `model.safetensors` next to
 * them.
 */
export function pickleConversion(folder: string): string {
  const script = [
    'import glob, sys, torch',
    'from safetensors.torch import save_file',
    "files = sorted(glob.glob(sys.argv[1] + '/pytorch_model*.bin'))",
    "parts = [torch.load(f, map_location='cpu', weights_only=True) for f in files]",
    "save_file({k: v.clone().contiguous() for p in parts for k, v in p.items()}, sys.argv[1] + '/model.safetensors')",
  ].join('; ');
  return `python -c "${script}" '${folder.replaceAll("'", "'\\''")}'`;
}
