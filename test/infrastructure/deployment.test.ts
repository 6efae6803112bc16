import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDeployment } from '../../lib/infrastructure/deployment.ts';
import { containersOf, rateShares } from '../../lib/infrastructure/rate-shares.ts';
import type { Role } from '../../lib/roles.ts';
import { ROLES, zoneAccess } from '../../lib/roles.ts';
import { silentTelemetry } from '../../lib/telemetry/telemetry.ts';
import { functionWorld } from '../../lib/wiring/function-world.ts';
import { functionEnvironment } from '../functions/function-environment.ts';
import { CELLS } from './synthesised.ts';

describe('a deployment', () => {
  test('is made from its cells alone', () => {
    const { stack, enactors, rate, cells, keptBackAlarmMinutes, frozenAlarmMinutes } = parseDeployment({
      cells: CELLS,
    });
    expect({ stack, enactors, requests: rate.requestsPerSecond }).toEqual({
      stack: 'pawl',
      enactors: 3,
      requests: 10,
    });
    expect({ keptBackAlarmMinutes, frozenAlarmMinutes }).toEqual({
      keptBackAlarmMinutes: 15,
      frozenAlarmMinutes: 60,
    });
    expect(cells['use1-a']?.names).toEqual(CELLS['use1-a'].names);
  });

  test('names clients of places by the names of branches, and by addresses', () => {
    expect(parseDeployment({ cells: CELLS }).auditClients).toEqual({});
    const auditClients = {
      'country-DE': '198.51.100.0/24',
      'US-CA': '192.0.2.65',
      'continent-SA': '2001:db8:4::/48',
      'eu-west-1': '2001:db8::1',
      '53.3,-6.26': '198.51.100.65',
      'cidr 01234567-89ab-cdef-0123-456789abcdef/office': '203.0.113.1',
    };
    expect(parseDeployment({ cells: CELLS, auditClients }).auditClients).toEqual({
      DE: '198.51.100.0',
      'US-CA': '192.0.2.65',
      'continent-SA': '2001:db8:4::',
      'eu-west-1': '2001:db8::1',
      '53.30,-6.26': '198.51.100.65',
      'cidr 01234567-89ab-cdef-0123-456789abcdef/office': '203.0.113.1',
    });
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
    [
      'a client of a place that no branch can be for',
      { cells: CELLS, auditClients: { Paris: '198.51.100.1' } },
      'Paris is no place that a branch can be for: use a Region (eu-west-1)',
    ],
    [
      'a client that is no address',
      { cells: CELLS, auditClients: { DE: '198.51.100' } },
      'the client at DE is "198.51.100", which is neither an IP address nor a network: use one such as 192.0.2.1 or 192.0.2.0/24',
    ],
    [
      'a network with more bits than an address has',
      { cells: CELLS, auditClients: { DE: '198.51.100.0/33' } },
      'neither an IP address nor a network',
    ],
    [
      'two clients of one place',
      { cells: CELLS, auditClients: { DE: '198.51.100.1', 'country-DE': '198.51.100.2' } },
      'DE is named twice: name one client of it',
    ],
    [
      'more clients than an environment has room for',
      {
        cells: CELLS,
        auditClients: Object.fromEntries(
          Array.from({ length: 90 }, (_, index) => [`${index}.00,0.00`, '198.51.100.1']),
        ),
      },
      'a function has room for 1500: name fewer places',
    ],
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
      return containersOf(role, deployment) * shares[role.name].requestsPerSecond;
    });
    const sum = given.reduce((total, each) => total + each, 0);
    expect(sum + deployment.rate.reservePerSecond).toBeCloseTo(10);
  });

  test('property: never comes to more than the account has, however many containers work at once', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 5 }),
        fc.double({ min: 0.5, max: 1_000, noNaN: true }),
        fc.double({ min: 0, max: 0.95, noNaN: true }),
        fc.integer({ min: 1, max: 500 }),
        (count, enactors, requestsPerSecond, kept, burst) => {
          const reservePerSecond = requestsPerSecond * kept;
          const cells = Object.fromEntries(
            Array.from({ length: count }, (_, index) => [`c${index}`, CELLS['use1-a']]),
          );
          const deployment = {
            ...parseDeployment({
              cells: CELLS,
              enactors,
              rate: { requestsPerSecond, reservePerSecond, burst },
            }),
            cells: parseDeployment({ cells }).cells,
          };
          const shares = rateShares(deployment);
          const asking = ROLES.filter((role) => zoneAccess(role) !== 'none');
          const sumOf = (of: (role: Role) => number) =>
            asking.reduce((sum, role) => sum + containersOf(role, deployment) * of(role), 0);
          const floors = sumOf(({ name }) => shares[name].requestsPerSecond);
          expect(floors + reservePerSecond).toBeLessThanOrEqual(requestsPerSecond * (1 + 1e-9));
          const containers = sumOf(() => 1);
          // What all have saved up, spent at once, leaves the reserve of the burst as far as one request each goes.
          const saved = sumOf(({ name }) => shares[name].burst);
          expect(saved).toBeLessThanOrEqual(Math.max(containers, burst * (1 - kept)) * (1 + 1e-9));
          for (const { name } of asking) {
            const { borrowing, changes, requestsPerSecond: floor } = shares[name];
            expect(borrowing?.upToPerSecond).toBeGreaterThanOrEqual(floor * (1 - 1e-9));
            expect((borrowing?.upToPerSecond ?? 0) + reservePerSecond).toBeCloseTo(requestsPerSecond);
            expect(changes?.reserve).toBeLessThanOrEqual((changes?.burst ?? 0) - 1);
          }
        },
      ),
    );
  });

  test.each(ROLES.map(({ name }) => name))('of the %s is what its function reads', async (name) => {
    const rate = rateShares(parseDeployment({ cells: CELLS }))[name];
    const world = functionWorld(silentTelemetry, { ...functionEnvironment, PAWL_RATE: JSON.stringify(rate) });
    await world.close();
  });

  test.each([
    ['no number', '{"requestsPerSecond":"1","burst":1,"reserve":0}'],
    ['an unknown key', '{"requestsPerSecond":1,"burst":1,"reserve":0,"shares":1}'],
    ['something else', '5 a second'],
  ])('is not read from %s', (_what, text) => {
    expect(() => functionWorld(silentTelemetry, { ...functionEnvironment, PAWL_RATE: text })).toThrow(
      'not the rate of a function',
    );
  });

  test.each([
    ['shares above the whole', { shares: { ...SHARES, enactors: 0.9 } }, 'more than the account'],
    ['a reserve of all of it', { reservePerSecond: 10 }, 'leaves nothing'],
    ['a role without a share', { shares: { ...SHARES, janitor: 0 } }, 'a share above 0'],
  ])('is refused with %s', (_what, rate, says) => {
    expect(() => rateShares(parseDeployment({ cells: CELLS, rate }))).toThrow(says);
  });
});
