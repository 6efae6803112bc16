import { describe, expect, it } from 'vitest';
import { desiredEndpoints } from '../../lib/plan/desired.ts';
import { lintZoneShare, recordsHeld, recordsToChange } from '../../lib/plan/zone-share.ts';
import { SCOPE } from './arbitrary-names.ts';
import { apiFleet, desiredOf } from './given-fleet.ts';

/** One endpoint of addresses of one family over so many targets. */
const endpointsOf = (targets: number) => desiredEndpoints(desiredOf(apiFleet(targets)));

const zoneOf = (foreign: number | undefined, recordLimit: number) => ({
  scope: SCOPE,
  zone: {
    records: 0,
    recordLimit,
    negativeTtlS: 60,
    delegations: [],
    conflicts: [],
    ...(foreign === undefined ? {} : { foreign }),
  },
});

describe('the records of a cell', () => {
  it('are its fence, and the leaves, roots and rollback roots of its endpoints', () => {
    const one = recordsHeld(endpointsOf(1));
    expect(recordsHeld([])).toBe(1);
    expect(recordsHeld(endpointsOf(4)) - one).toBe(3 * (recordsToChange(endpointsOf(1)) - one));
  });

  it('need room for one more tree of the largest endpoint', () => {
    const endpoints = endpointsOf(4);
    expect(recordsToChange(endpoints)).toBe(recordsHeld(endpoints) + (endpoints[0]?.leaves.length ?? 0));
  });
});

describe('a zone', () => {
  const endpoints = endpointsOf(4);
  const held = recordsHeld(endpoints);

  it('has a note from 80 % of its limit on, with what is not the cell’s', () => {
    const foreign = 80 - held;
    expect(lintZoneShare(endpoints, zoneOf(foreign, 100))).toEqual([
      { code: 'zone-nearly-full', severity: 'note', subject: SCOPE.zone, records: 80, recordLimit: 100 },
    ]);
    expect(lintZoneShare(endpoints, zoneOf(foreign - 1, 100))).toEqual([]);
  });

  it('has none where nobody knows what is not the cell’s', () => {
    expect(lintZoneShare(endpoints, zoneOf(undefined, 1))).toEqual([]);
    expect(lintZoneShare(endpoints, { ...zoneOf(undefined, 1), zone: undefined })).toEqual([]);
  });
});
