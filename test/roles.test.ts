import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { ROLES, roleNamed, SENDERS, settingName, workerNames, zoneAccess } from '../lib/roles.ts';

const there = (path: string) => existsSync(fileURLToPath(new URL(`../${path}`, import.meta.url)));

describe('the table of roles', () => {
  test.each(ROLES.map(({ name }) => name))('gives the %s a room and a function', (name) => {
    expect(there(`lib/${name}`)).toBe(true);
    expect(there(`functions/${name}.ts`)).toBe(true);
  });

  test('gives out no more than the whole of the rate', () => {
    const given = ROLES.reduce((sum, { rateShare }) => sum + rateShare, 0);
    expect(given).toBeGreaterThan(0);
    expect(given).toBeLessThanOrEqual(1 + 1e-9);
  });

  test('gives Route 53 to whoever has a share of its rate, and batches to nobody else', () => {
    expect(ROLES.map((role) => [role.name, zoneAccess(role)])).toEqual([
      ['planner', 'none'],
      ['enactor', 'writes'],
      ['janitor', 'writes'],
      ['auditor', 'reads'],
    ]);
    expect(ROLES.filter(({ batches, rateShare }) => batches.length > 0 && rateShare === 0)).toEqual([]);
  });

  test('has no two names, alarms or heartbeats that are the same', () => {
    const alarms = ROLES.flatMap(({ heartbeat }) => heartbeat.silence?.alarm ?? []);
    const metrics = ROLES.map(({ heartbeat }) => heartbeat.metric);
    expect(new Set(SENDERS.map(({ name }) => name)).size).toBe(SENDERS.length);
    expect(new Set(ROLES.map(settingName)).size).toBe(ROLES.length);
    expect(new Set(alarms).size).toBe(alarms.length);
    expect(new Set(metrics).size).toBe(ROLES.length);
  });
});

test('the workers of a redundant role have a letter each, and the only one of another has none', () => {
  expect(workerNames(roleNamed('enactor'), 2)).toEqual(['enactor-a', 'enactor-b']);
  expect(workerNames(roleNamed('janitor'), 2)).toEqual(['janitor']);
});
