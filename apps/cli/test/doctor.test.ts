import { Command } from 'commander';
import { describe, expect, test } from '@jest/globals';
import { addDoctorCommand } from '../src/commands/doctor.ts';
import type { Diagnosis } from '../src/doctor/diagnose.ts';
import { runInChild } from '../src/doctor/run-in-child.ts';
import type { Io } from '../src/io.ts';
import { runCli } from './support/run-cli.ts';

const key = 'sk-not-for-your-eyes';

describe('feedprint doctor', () => {
  test('says what works here, and what the rest needs', async () => {
    const { code, out, err } = await runCli(['doctor'], { env: { OPENAI_API_KEY: key } });
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain(`on Node ${process.version}, `);
    expect(out).toMatch(/onnxruntime-node 1\.\d+\.\d+\n {2}cpu +yes\n/);
    expect(out).toMatch(
      / {2}@tensorflow\/tfjs-node +(yes|no +not installed; npm install @tensorflow\/tfjs-node)/,
    );
    expect(out).toContain('OPENAI_API_KEY is set\n');
    expect(out).not.toContain(key);
  });

  test('says it as JSON', async () => {
    const { out } = await runCli(['doctor', '--json']);
    const found = JSON.parse(out) as Diagnosis;
    expect(found.onnxruntime.devices.map(({ device }) => device)).toEqual([
      'cpu',
      'webgpu',
      'cuda',
      'dml',
      'coreml',
    ]);
    for (const { works, reason, needs } of found.onnxruntime.devices) {
      if (!works) expect([typeof reason, typeof needs]).toEqual(['string', 'string']);
    }
    expect(found.tensorflow.map(({ name }) => name)).toEqual([
      '@tensorflow/tfjs-node-gpu',
      '@tensorflow/tfjs-node',
      'wasm',
      'cpu',
    ]);
    expect(found.cores).toBeGreaterThan(0);
    expect(found.openaiKey).toBe(false);
  });

  test('fails only where nothing runs, after it has said why', async () => {
    const nothing: Diagnosis = {
      feedprint: '0.0.0',
      node: 'v20.19.0',
      platform: 'linux x64',
      cores: 2,
      memoryBytes: 2 ** 31,
      freeBytes: 2 ** 30,
      onnxruntime: {
        version: null,
        devices: [{ device: 'cpu', works: false, reason: 'none', needs: 'install it' }],
      },
      tensorflow: [
        { name: 'cpu', works: false, reason: 'not installed', install: 'npm install it' },
      ],
      openaiKey: false,
    };
    let out = '';
    const program = new Command('feedprint').exitOverride();
    const io = { out: (text: string) => (out += text), env: {} } as unknown as Io;
    addDoctorCommand(program, io, async () => nothing);
    const asked = program.parseAsync(['doctor'], { from: 'user' });
    await expect(asked).rejects.toMatchObject({
      code: 'dependency-missing',
      message:
        'nothing here can run a model; install onnxruntime-node: npm install onnxruntime-node',
    });
    expect(out).toContain('2 cores, 2.0 GiB of memory, 1.0 GiB free\n');
    expect(out).toContain('onnxruntime-node is not installed\n  cpu  no  none; install it\n');
  });
});

describe('a child process', () => {
  test('answers with JSON, whatever else it prints', async () => {
    const answer = await runInChild(`console.log('noise'); return { two: 1 + 1 };`);
    expect(answer).toEqual({ value: { two: 2 } });
  });

  test('that throws, crashes or exits gives the reason', async () => {
    expect(await runInChild(`throw new TypeError('no such thing');`)).toEqual({
      reason: 'TypeError: no such thing',
    });
    expect(
      await runInChild(
        `process.kill(process.pid, 'SIGSEGV'); await new Promise((r) => setTimeout(r, 5000));`,
      ),
    ).toEqual({
      reason: 'the process ended with SIGSEGV',
    });
    expect(await runInChild(`process.exit(3);`)).toEqual({
      reason: 'the process ended with exit code 3',
    });
  });
});
