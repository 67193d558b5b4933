/** Where graphs run: onnxruntime's execution providers. */
export const devices = ['cpu', 'webgpu', 'cuda', 'dml', 'coreml'] as const;

export type Device = (typeof devices)[number];

/** What each device needs, for those on which it does not work. */
export const deviceNeeds: Readonly<Record<Device, string>> = {
  cpu: 'install onnxruntime-node: npm install onnxruntime-node',
  webgpu: 'it needs a GPU with a Vulkan, Metal or Direct3D 12 driver that the process may use',
  cuda: 'it needs Linux x64 or Windows, an NVIDIA driver with CUDA 12 and cuDNN 9, and onnxruntime-node installed with its install script allowed',
  dml: 'DirectML comes with Windows 10 and later',
  coreml: 'Core ML comes with macOS',
};
