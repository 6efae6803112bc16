import { describe, expect, test } from 'vitest';
import { parseDeployment } from '../../lib/infrastructure/deployment.ts';
import { rateShares } from '../../lib/infrastructure/rate-shares.ts';
import { ROLES, workerNames, zoneAccess } from '../../lib/roles.ts';
import { CELLS } from './synthesised.ts';

describe('a deployment', () => {
  test('is made from its cells alone', () => {
    const { stack, enactors, rate, cells, keptBackAlarmMinutes, frozenAlarmMinutes } = parseDeployment({
      cells: CELLS,
    });
    expect({ stack, enactors, requests: rate.requestsPerSecond }).toEqual({
      stack: 'pawl',
      enactors: 3,
      requests: 5,
    });
    expect({ keptBackAlarmMinutes, frozenAlarmMinutes }).toEqual({
      keptBackAlarmMinutes: 15,
      frozenAlarmMinutes: 60,
    });
    expect(cells['use1-a']?.names).toEqual(CELLS['use1-a'].names);
  });

  test.each([
    ['no cell', { cells: {} }, 'at least one cell'],
    ['a cell with an odd name', { cells: { Use1: CELLS['use1-a'] } }, 'cells.Use1'],
    [
      'a zone id that is none',
      { cells: { a: { zone: 'example.test', zoneId: 'example.test' } } },
      'hosted zone id',
    ],
    ['an unknown key', { cells: CELLS, colour: 'red' }, 'colour'],
    ['replicas', { cells: CELLS, replicaRegions: ['us-east-2', 'us-west-2'] }, 'take replicaRegions out'],
    ['an alarm that would ring at once', { cells: CELLS, keptBackAlarmMinutes: 0 }, 'keptBackAlarmMinutes'],
    ['an alarm after a month', { cells: CELLS, frozenAlarmMinutes: 43_200 }, 'frozenAlarmMinutes'],
    ['six enactors', { cells: CELLS, enactors: 6 }, 'enactors'],
    ['a key by its alias', { cells: CELLS, messageKey: 'alias/pawl' }, 'not of an alias'],
    ['half a concurrency', { cells: CELLS, concurrency: 'half' }, 'concurrency'],
    ['text', 'cells', 'expected object'],
  ])('is refused with %s', (_what, raw, says) => {
    expect(() => parseDeployment(raw)).toThrow(says);
  });
});

const SHARES = parseDeployment({ cells: CELLS }).rate.shares;

describe("the account's rate", () => {
  test('is given out whole and not more, by role, function and cell', () => {
    const deployment = parseDeployment({ cells: CELLS });
    const shares = rateShares(deployment);
    const given = ROLES.filter((role) => zoneAccess(role) !== 'none').map((role) => {
      const workers = workerNames(role, deployment.enactors).length;
      return workers * Object.keys(CELLS).length * shares[role.name].requestsPerSecond;
    });
    const sum = given.reduce((total, each) => total + each, 0);
    expect(sum + deployment.rate.reservePerSecond).toBeCloseTo(5);
    expect(shares.enactor.requestsPerSecond).toBeCloseTo(0.4);
  });

  test.each([
    ['shares above the whole', { shares: { ...SHARES, enactors: 0.9 } }, 'more than the account'],
    ['a reserve of all of it', { reservePerSecond: 5 }, 'leaves nothing'],
    ['a role without a share', { shares: { ...SHARES, janitor: 0 } }, 'a share above 0'],
  ])('is refused with %s', (_what, rate, says) => {
    expect(() => rateShares(parseDeployment({ cells: CELLS, rate }))).toThrow(says);
  });
});
