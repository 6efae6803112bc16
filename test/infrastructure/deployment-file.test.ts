import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nameOutputs } from '../../lib/infrastructure/cell-names.ts';
import type { Deployment } from '../../lib/infrastructure/deployment.ts';
import { readDeployment } from '../../lib/infrastructure/deployment-file.ts';
import { parseDeployedNames } from '../../lib/wiring/deployed-cells.ts';
import { fleetText } from '../cli/rehearsal.ts';

const EXAMPLE = fileURLToPath(new URL('../../examples/deployment.json', import.meta.url));
const CELL = { zone: 'example.test', zoneId: 'Z0000000000000000USE1' };
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pawl-deployment-'));
  const extra = '      "*.example.test": { kind: addresses, targets: [api-1, api-2] }\n';
  await writeFile(join(folder, 'fleet.yaml'), fleetText({ extra }));
  await writeFile(join(folder, 'wrong.yaml'), 'cells: 1\n');
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function read(deployment: unknown): Promise<Deployment> {
  const file = join(folder, 'deployment.json');
  await writeFile(file, typeof deployment === 'string' ? deployment : JSON.stringify(deployment));
  return await readDeployment(file);
}

describe('the names that a cell may write', () => {
  test("are those of its fleet's endpoints", async () => {
    const { cells } = await read({ fleet: 'fleet.yaml', cells: { 'use1-a': CELL } });
    expect(cells['use1-a']?.names).toEqual(['\\052.example.test', 'api.example.test', 'www.example.test']);
  });

  test('are those that are given beside, which take the place of what they cover', async () => {
    const names = ['old.example.test', 'A*.example.test'];
    const { cells } = await read({ fleet: 'fleet.yaml', cells: { 'use1-a': { ...CELL, names } } });
    expect(cells['use1-a']?.names).toEqual([
      'old.example.test',
      'a*.example.test',
      '\\052.example.test',
      'www.example.test',
    ]);
  });

  test('are those that are given, where no fleet is', async () => {
    const { cells } = await read({ cells: { 'use1-a': { ...CELL, names: ['*.example.test'] } } });
    expect(cells['use1-a']?.names).toEqual(['*.example.test']);
  });

  test('are in the outputs, in as many as they need, and the command line reads them', async () => {
    const names = Array.from({ length: 120 }, (_, index) => `endpoint-${index}.example.test`);
    const outputs = nameOutputs('use1-a', names);
    expect(outputs.length).toBeGreaterThan(1);
    expect(Math.max(...outputs.map(({ length }) => length))).toBeLessThanOrEqual(1_000);
    expect([...parseDeployedNames(outputs)]).toEqual([['use1-a', names]]);
  });
});

describe('the file of a deployment', () => {
  test('is the example, with the example fleet', async () => {
    const { cells } = await readDeployment(EXAMPLE);
    expect(Object.keys(cells)).toEqual(['use1-a', 'euw1-a', 'apse2-a']);
    expect(cells['use1-a']?.names).toContain('api.example.test');
    expect(cells['use1-a']?.names).not.toContain('*.example.test');
  });

  test.each([
    [
      'neither names nor fleet',
      { cells: { 'use1-a': CELL } },
      'The cell use1-a says no names that it may write',
    ],
    [
      'a cell that the fleet file does not declare',
      { fleet: 'fleet.yaml', cells: { 'use1-b': CELL } },
      'declares no endpoint of the cell use1-b',
    ],
    [
      'a cell in another zone than in the fleet file',
      { fleet: 'fleet.yaml', cells: { 'use1-a': { ...CELL, zone: 'example-eu.test' } } },
      'puts the cell use1-a into the zone example.test, and the deployment into example-eu.test',
    ],
    [
      'a fleet file that is not there',
      { fleet: 'no.yaml', cells: { 'use1-a': CELL } },
      'There is no such file',
    ],
    ['a fleet file with mistakes', { fleet: 'wrong.yaml', cells: { 'use1-a': CELL } }, 'wrong.yaml:1'],
    ['a fleet that is no file name', { fleet: 7, cells: { 'use1-a': CELL } }, 'fleet'],
    ['text that is not JSON', '{', 'It is not JSON'],
  ])('is refused with %s', async (_what, deployment, says) => {
    await expect(read(deployment)).rejects.toThrow(says);
  });

  test('is refused when it is not there', async () => {
    await expect(readDeployment(join(folder, 'no.json'))).rejects.toThrow('It cannot be read (ENOENT)');
  });
});
