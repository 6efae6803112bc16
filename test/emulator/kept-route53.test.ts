import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { KeptRoute53 } from '../../lib/emulator/kept-route53.ts';
import { KeptFileUnreadable, openKeptRoute53 } from '../../lib/emulator/kept-route53.ts';
import { PROMPT_ROUTE53 } from '../../lib/emulator/settings.ts';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pawl-emulator-'));
  file = join(folder, 'state', 'route53.json');
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

let made = 0;
const deps = {
  now: () => 0,
  id: (prefix: string) => {
    made += 1;
    return `${prefix}${made}`;
  },
};

function open(
  more: { debounceMs?: number; onSaveFailed?: (error: unknown) => void } = {},
): Promise<KeptRoute53> {
  return openKeptRoute53({ settings: PROMPT_ROUTE53, deps, file, ...more });
}

describe('a kept emulator', () => {
  test('starts empty, and goes on where it stopped', async () => {
    const first = await open();
    const { zone } = first.core.createHostedZone({ name: 'example.test', callerReference: 'a' });
    await first.close();
    const second = await open();
    expect(second.core.getHostedZone(zone.id)).toEqual(zone);
    await second.close();
  });

  test('writes by itself a while after a change, whole files only', async () => {
    const kept = await open({ debounceMs: 1 });
    kept.core.createHostedZone({ name: 'example.test', callerReference: 'a' });
    await vi.waitFor(async () => expect(await readFile(file, 'utf8')).toContain('example.test'));
    await kept.close();
    expect(await readdir(join(folder, 'state'))).toEqual(['route53.json']);
  });

  test('writes nothing when nothing has changed', async () => {
    const kept = await open();
    await kept.flush();
    await kept.close();
    expect(await readdir(folder)).toEqual([]);
  });

  test('flushes everything, also what changes while it is writing', async () => {
    const kept = await open();
    kept.core.createHostedZone({ name: 'one.test', callerReference: 'a' });
    const flushed = kept.flush();
    kept.core.createHostedZone({ name: 'two.test', callerReference: 'b' });
    await flushed;
    await kept.flush();
    const again = await open();
    expect(again.core.listHostedZones().zones.map(({ name }) => name)).toEqual(['one.test', 'two.test']);
    await kept.close();
    await again.close();
  });

  test('says that it could not write, and writes when it can again', async () => {
    const failures: unknown[] = [];
    const kept = await open({ debounceMs: 1, onSaveFailed: (error) => failures.push(error) });
    // A file where the folder should be.
    await writeFile(join(folder, 'state'), 'in the way');
    kept.core.createHostedZone({ name: 'one.test', callerReference: 'a' });
    await vi.waitFor(() => expect(failures).toHaveLength(1));
    await expect(kept.flush()).rejects.toThrow();
    await rm(join(folder, 'state'));
    await kept.close();
    expect(await readFile(file, 'utf8')).toContain('one.test');
  });
});

describe('a file that cannot be used', () => {
  test.each([
    ['cut short', '{"format":"pawl-route53/1","zones":[', 'it is not JSON'],
    ['of no format', '{"format":"pawl-route53/x"}', 'it is corrupt'],
    ['something else', '[1, 2]', 'it is corrupt'],
  ])('%s: one sentence, and the file stays as it is', async (_what, text, why) => {
    file = join(folder, 'route53.json');
    await writeFile(file, text);
    const error = await open().catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(KeptFileUnreadable);
    expect(String(error)).toContain(
      `${file} does not hold an emulator's zones (${why}): move it away to start without zones.`,
    );
    expect(await readFile(file, 'utf8')).toBe(text);
  });

  test('of a later Pawl: one sentence that says whose, and the file stays as it is', async () => {
    file = join(folder, 'route53.json');
    const text = '{"format":"pawl-route53/9","readableFrom":1,"pawl":"0.9.0"}';
    await writeFile(file, text);
    await expect(open()).rejects.toThrow(
      `${file} cannot be read: Pawl 0.9.0 wrote it in format 9, and this Pawl reads formats up to 2. Use the Pawl that wrote it.`,
    );
    expect(await readFile(file, 'utf8')).toBe(text);
  });

  test('a folder in its place is one too', async () => {
    file = folder;
    await expect(open()).rejects.toThrow('it cannot be read');
  });
});
