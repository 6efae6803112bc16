import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readFleetFile } from '../../lib/fleet/fleet-file.ts';
import { formatMistake } from '../../lib/fleet/mistakes.ts';
import { API, cellText, T1 } from './fleet-text.ts';

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pawl-fleet-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function mistakesIn(name: string): Promise<readonly string[]> {
  const parsed = await readFleetFile(join(folder, name));
  return parsed.type === 'fleet'
    ? []
    : parsed.mistakes.map(formatMistake).map((line) => line.replace(`${folder}/`, ''));
}

test('a file is read, with or without a byte order mark', async () => {
  writeFileSync(join(folder, 'plain.yaml'), cellText([T1], [API]));
  writeFileSync(join(folder, 'bom.yaml'), `\ufeff${cellText([T1], [API])}`);
  expect(await mistakesIn('plain.yaml')).toEqual([]);
  expect(await mistakesIn('bom.yaml')).toEqual([]);
});

test('the mistakes in a file carry its name', async () => {
  writeFileSync(join(folder, 'wrong.yaml'), 'version: 1\n');
  expect(await mistakesIn('wrong.yaml')).toEqual([
    'wrong.yaml:1:1: The file has no cells: add a map of cells by name.',
  ]);
});

test('a file of 100 MB is refused by its size', async () => {
  writeFileSync(join(folder, 'huge.yaml'), '');
  truncateSync(join(folder, 'huge.yaml'), 100 * 1024 * 1024);
  expect(await mistakesIn('huge.yaml')).toEqual([
    'huge.yaml: The file has 100 MB, more than 16 MB: check that it is a fleet file.',
  ]);
});

test('a missing file', async () => {
  expect(await mistakesIn('nowhere.yaml')).toEqual(['nowhere.yaml: There is no such file: check the path.']);
});

test('a path through a file', async () => {
  writeFileSync(join(folder, 'file.yaml'), '');
  expect(await mistakesIn('file.yaml/fleet.yaml')).toEqual([
    'file.yaml/fleet.yaml: There is no such file: check the path.',
  ]);
});

test('a folder', async () => {
  expect(await mistakesIn('')).toEqual([
    expect.stringMatching(/: This is a folder: name the fleet file in it\.$/),
  ]);
});

test('a device, which would never end', async () => {
  const parsed = await readFleetFile('/dev/zero');
  expect(parsed.type === 'invalid' && parsed.mistakes.map(formatMistake)).toEqual([
    '/dev/zero: This is not a regular file: write the fleet to a file first.',
  ]);
});

test('a file in another encoding', async () => {
  writeFileSync(join(folder, 'latin.yaml'), Buffer.from('version: 1 # f\xfcr\n', 'latin1'));
  expect(await mistakesIn('latin.yaml')).toEqual([
    'latin.yaml: The file is not UTF-8 text: save it as UTF-8.',
  ]);
});

test('a path that no file can have', async () => {
  expect(await mistakesIn('a\0b')).toEqual([
    expect.stringMatching(/: The file cannot be read \(.*\): check the path and the disk\.$/),
  ]);
});
