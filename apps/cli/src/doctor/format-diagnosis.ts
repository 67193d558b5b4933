import { alignColumns, bytes } from '../tables.ts';
import type { Diagnosis } from './diagnose.ts';

/** A diagnosis as a table for people. */
export function formatDiagnosis(diagnosis: Diagnosis): string {
  const { onnxruntime, tensorflow, openaiKey } = diagnosis;
  const mark = (works: boolean): string => (works ? 'yes' : 'no');
  const devices = onnxruntime.devices.map(({ device, works, reason, needs }) => [
    `  ${device}`,
    mark(works),
    works ? '' : `${reason}; ${needs}`,
  ]);
  const backends = tensorflow.map(({ name, works, version, reason, install }) => [
    `  ${name}`,
    mark(works),
    works ? `${version}` : `${reason}; ${install}`,
  ]);
  return [
    `Feedprint ${diagnosis.feedprint} on Node ${diagnosis.node}, ${diagnosis.platform}`,
    `${diagnosis.cores} cores, ${bytes(diagnosis.memoryBytes)} of memory, ${bytes(diagnosis.freeBytes)} free`,
    '',
    `Engine onnxruntime (the default): onnxruntime-node ${onnxruntime.version ?? 'is not installed'}`,
    ...alignColumns(devices),
    '',
    'Engine tensorflow: TensorFlow.js',
    ...alignColumns(backends),
    '',
    openaiKey
      ? 'OPENAI_API_KEY is set'
      : "OPENAI_API_KEY is not set; only OpenAI's chat models need it",
    '',
  ].join('\n');
}
