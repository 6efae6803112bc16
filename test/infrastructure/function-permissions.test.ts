// @module-tag slow
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cellName, dnsName } from '../../lib/plan/names.ts';
import { converge, fleetOf } from './alarm-obstacles.ts';
import type { DeployedWorld } from './deployed-world.ts';
import { deployedWorld } from './deployed-world.ts';
import { CELLS, templateOf } from './synthesised.ts';

const template = templateOf();
const CELL = 'use1-a';

let world: DeployedWorld;

beforeEach(async () => {
  const { zone, zoneId } = CELLS[CELL];
  const scope = { cell: cellName(CELL), zone: dnsName(zone), zoneId };
  world = await deployedWorld({ template, cells: CELLS }, scope);
});

afterEach(async () => {
  await world.close();
});

describe('what a function calls', () => {
  test('is allowed to its role: a cell of which nobody has declared anything', async () => {
    for (const worker of ['planner', 'enactor-a', 'janitor', 'auditor']) await world.sweep(worker);
    expect(world.calls().filter(({ action }) => action === 'dynamodb:PutItem')).toEqual([]);
    expect(await world.denied()).toEqual([]);
  });

  test('is allowed to its role: a change after the other, and what it leaves behind', async () => {
    await converge(world);
    for (const last of [3, 4, 5]) {
      await world.declare(fleetOf(world.scope, last));
      for (const worker of ['planner', 'enactor-b', 'enactor-c']) await world.sweep(worker);
      world.letPass(last * 30);
      for (const worker of ['janitor', 'auditor']) await world.sweep(worker);
    }
    const writes = world.calls().filter(({ action }) => action === 'route53:ChangeResourceRecordSets');
    expect(new Set(writes.map(({ who }) => who))).toEqual(new Set(['enactor-a', 'enactor-b', 'janitor']));
    expect(await world.denied()).toEqual([]);
  });
});
