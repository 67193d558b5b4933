import { appendFile, mkdir, readFile, readdir, writeFile, symlink } from 'node:fs/promises';
import { spawnSync } from 'node:child_process';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { RunEvent, RunStore } from '@feedprint/core';
import { runStoreConformance } from '@feedprint/core/testing';
import { readRunEvents } from '../src/run-store/event-log.ts';
import { createRunStore } from '../src/run-store/run-store.ts';
import { isRunLocked } from '../src/run-store/run-lock.ts';
import { createTemporaryRunStore } from '../src/run-store/temporary-run-store.ts';
import { temporaryFolder, tickingClock } from './temporary-folder.ts';

const key = 'c'.repeat(64);
const open = (folder: string, lock = true): Promise<RunStore> =>
  createRunStore({ folder, now: tickingClock(), lock });

describe('createRunStore', () => {
  runStoreConformance({
    test,
    open: async () => open(join(await temporaryFolder(), 'new', 'run')),
    reopen: (folder) => open(folder),
  });
});

describe('createTemporaryRunStore', () => {
  runStoreConformance({ test, open: () => createTemporaryRunStore({ now: tickingClock() }) });

  test('leaves nothing behind', async () => {
    const store = await createTemporaryRunStore({ now: tickingClock() });
    await store.publish('report.html', 'x');
    await store.close();
    await expect(readdir(store.folder)).rejects.toThrow('ENOENT');
  });
});

describe('a run folder', () => {
  test('names artifacts by stage and hash, with a manifest', async () => {
    const store = await open(await temporaryFolder());
    const { folder } = await store.create('train', key, async (aside) => {
      await mkdir(join(aside, 'sae'));
      await writeFile(join(aside, 'sae', 'w.bin'), 'abc');
    });
    await store.close();
    expect(folder).toBe(join(store.folder, 'stages', 'train-cccccccccccc'));
    expect(JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'))).toEqual({
      stage: 'train',
      key,
      files: {
        'sae/w.bin': {
          bytes: 3,
          sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
        },
      },
    });
    expect((await readdir(store.folder)).sort()).toEqual(['events.jsonl', 'stages']);
  });

  test('loses what a killed writer left when it is opened again', async () => {
    const folder = await temporaryFolder();
    await (await open(folder)).close();
    await mkdir(join(folder, 'stages', '.tmp-train-abc', 'deep'), { recursive: true });
    await writeFile(join(folder, '.tmp-report'), 'half');
    const store = await open(folder);
    await store.close();
    expect((await readdir(folder)).sort()).toEqual(['events.jsonl', 'stages']);
    expect(await readdir(join(folder, 'stages'))).toEqual([]);
  });

  test('keeps one artifact when two writers make it at once', async () => {
    const store = await open(await temporaryFolder());
    const write = (folder: string): Promise<void> => writeFile(join(folder, 'x'), 'same');
    const [a, b] = await Promise.all([
      store.create('s', key, write),
      store.create('s', key, write),
    ]);
    await store.close();
    expect(a).toEqual(b);
    expect(await readdir(join(store.folder, 'stages'))).toEqual(['s-cccccccccccc']);
  });

  test('takes a manifest of another key, a missing file and a broken manifest for absent', async () => {
    const store = await open(await temporaryFolder());
    const { folder } = await store.create('s', key, (aside) => writeFile(join(aside, 'x'), 'x'));
    expect(await store.find('s', `cccccccccccc${'0'.repeat(52)}`)).toBeUndefined();
    await writeFile(join(folder, 'manifest.json'), '{"stage":"s"');
    expect(await store.find('s', key)).toBeUndefined();
    await store.close();
  });

  test('refuses links in an artifact and names that leave the folder', async () => {
    const store = await open(await temporaryFolder());
    const linked = store.create('s', key, (aside) => symlink('/etc/hostname', join(aside, 'x')));
    await expect(linked).rejects.toMatchObject({ code: 'run-invalid' });
    await expect(store.find('../s', key)).rejects.toMatchObject({ code: 'run-invalid' });
    await expect(store.find('s', '../..')).rejects.toMatchObject({ code: 'run-invalid' });
    await expect(store.publish('events.jsonl', '')).rejects.toMatchObject({ code: 'run-invalid' });
    await store.close();
  });

  test('is refused if it holds something else, and left as it was', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'thesis.tex'), 'precious');
    await expect(open(folder)).rejects.toMatchObject({ code: 'run-invalid' });
    expect(await readdir(folder)).toEqual(['thesis.tex']);

    const foreign = await temporaryFolder();
    for (const text of ['no newline', '{"event":"click"}\n{"torn']) {
      await writeFile(join(foreign, 'events.jsonl'), text);
      await expect(open(foreign)).rejects.toMatchObject({ code: 'run-invalid' });
      expect(await readFile(join(foreign, 'events.jsonl'), 'utf8')).toBe(text);
    }
    expect(await readdir(foreign)).toEqual(['events.jsonl']);
  });

  test('cannot be used after it is closed', async () => {
    const store = await open(await temporaryFolder());
    await store.close();
    await store.close();
    expect(() => store.append({ type: 'run-finished' })).toThrow('closed');
    await expect(store.publish('x', 'x')).rejects.toMatchObject({ code: 'internal' });
  });
});

describe('a folder that cannot be written', () => {
  test('is named, with a remedy, and nothing is left behind', async () => {
    const parent = await temporaryFolder();
    await writeFile(join(parent, 'file'), '');
    for (const folder of [join(parent, 'file'), join(parent, 'file', 'run'), '/proc/run']) {
      const failure = open(folder);
      await expect(failure).rejects.toMatchObject({ code: 'output-unwritable' });
      await expect(failure).rejects.toThrow(folder);
    }
    expect(await readdir(parent)).toEqual(['file']);
  });

  test('is told when the disk is full, and the half artifact is gone', async () => {
    const store = await open(await temporaryFolder());
    const failure = store.create('s', key, async (aside) => {
      await writeFile(join(aside, 'begun'), 'x');
      await writeFile('/dev/full', 'x');
    });
    await expect(failure).rejects.toMatchObject({ code: 'output-unwritable' });
    await expect(failure).rejects.toThrow('disk space');
    expect(await readdir(join(store.folder, 'stages'))).toEqual([]);
    await store.close();
  });

  test('is not blamed for what a stage cannot read', async () => {
    const store = await open(await temporaryFolder());
    const failure = store.create('s', key, async () => void (await readFile('/no/such/input')));
    await expect(failure).rejects.toMatchObject({ code: 'ENOENT' });
    await store.close();
  });

  test('is told when a published name is taken by a folder', async () => {
    const store = await open(await temporaryFolder());
    await mkdir(join(store.folder, 'report.html'));
    const failure = store.publish('report.html', 'x');
    await expect(failure).rejects.toMatchObject({ code: 'output-unwritable' });
    expect((await readdir(store.folder)).some((name) => name.startsWith('.tmp'))).toBe(false);
    await store.close();
  });
});

describe('events', () => {
  const event: RunEvent = { type: 'run-finished', at: '2026-01-01T00:00:01.000Z' };
  const line = `${JSON.stringify(event)}\n`;

  test('survive a torn last line, which the next start cuts off', async () => {
    for (let kept = 0; kept < line.length; kept++) {
      const folder = await temporaryFolder();
      const torn = line + line.slice(0, kept);
      await writeFile(join(folder, 'events.jsonl'), torn);
      expect((await readRunEvents(folder)).events.length).toBe(1);
      const store = await open(folder);
      store.append({ type: 'run-finished' });
      await store.close();
      expect(await readFile(join(folder, 'events.jsonl'), 'utf8')).toBe(line + line);
    }
  });

  test('survive a kill within the very first line', async () => {
    for (const kept of [0, 3, 9, 20]) {
      const folder = await temporaryFolder();
      await writeFile(join(folder, 'events.jsonl'), line.slice(0, kept));
      await (await open(folder)).close();
      expect(await readFile(join(folder, 'events.jsonl'), 'utf8')).toBe('');
    }
  });

  test('can be read on from where a reader stopped, beside the writer', async () => {
    const folder = await temporaryFolder();
    expect(await readRunEvents(join(folder, 'none'))).toEqual({
      events: [],
      next: 0,
      unreadable: 0,
    });
    const store = await open(folder);
    store.append({ type: 'finding', stage: 's', text: 'é' });
    const first = await readRunEvents(folder);
    expect(first.events.map(({ end }) => end)).toEqual([first.next]);
    await appendFile(join(folder, 'events.jsonl'), 'nonsense\n{"type":"later-version"}\n{"half');
    const second = await readRunEvents(folder, first.next);
    expect(second.events).toEqual([]);
    expect(second.unreadable).toBe(2);
    expect(second.next).toBeGreaterThan(first.next);
    expect((await readRunEvents(folder, second.next)).next).toBe(second.next);
    await store.close();
  });

  test('are refused, whole, if they are not valid', async () => {
    const store = await open(await temporaryFolder());
    const bad = (): void =>
      store.append({ type: 'metric', stage: 's', name: 'loss', step: 1, value: NaN });
    expect(bad).toThrow(expect.objectContaining({ code: 'numbers-invalid' }));
    expect(await readFile(join(store.folder, 'events.jsonl'), 'utf8')).toBe('');
    await store.close();
  });
});

describe('the lock', () => {
  const write = (folder: string, owner: unknown): Promise<void> =>
    writeFile(join(folder, 'run.lock'), JSON.stringify(owner));

  test('admits one writer and any number of readers', async () => {
    const folder = await temporaryFolder();
    const writer = await open(folder);
    await expect(open(folder)).rejects.toMatchObject({ code: 'run-invalid' });
    const reader = await open(folder, false);
    await reader.close();
    await expect(open(folder)).rejects.toThrow(String(process.pid));
    expect(isRunLocked(folder)).toBe(true);
    await writer.close();
    expect(isRunLocked(folder)).toBe(false);
    await (await open(folder)).close();
  });

  test('of a dead process, a broken one or a reused process number is taken over', async () => {
    const folder = await temporaryFolder();
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    const host = hostname();
    for (const owner of [
      { pid, host },
      { pid: process.pid, host },
      { pid: process.ppid, host, started: '1' },
      'nonsense',
    ]) {
      await write(folder, owner);
      expect(isRunLocked(folder)).toBe(false);
      await (await open(folder)).close();
    }
    expect(await readdir(folder)).toEqual(['events.jsonl']);
  });

  test('of a live process or of another machine is respected', async () => {
    const folder = await temporaryFolder();
    await write(folder, { pid: process.ppid, host: hostname() });
    await expect(open(folder)).rejects.toThrow('is writing this run');
    await write(folder, { pid: 1, host: 'elsewhere' });
    await expect(open(folder)).rejects.toThrow('on elsewhere');
    expect(isRunLocked(folder)).toBe(true);
    expect(await readdir(folder)).toEqual(['run.lock']);
  });
});
