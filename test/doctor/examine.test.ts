import { describe, expect, it } from 'vitest';
import { sameRecords } from '../../lib/doctor/check.ts';
import { examine } from '../../lib/doctor/examine.ts';
import type { CheckReport, DoctorReport } from '../../lib/doctor/report.ts';
import { verdictOf } from '../../lib/doctor/report.ts';
import { emulatedZone } from '../../lib/emulator/emulated-zone.ts';
import type { Route53Settings, Weakness } from '../../lib/emulator/settings.ts';
import { WEAKNESSES } from '../../lib/emulator/settings.ts';
import { InvalidValue } from '../../lib/plan/invariant.ts';
import { dnsName, isWithin } from '../../lib/plan/names.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import { remove } from '../../lib/plan/records.ts';
import type { Batch, ChangeOutcome, Zone } from '../../lib/zone/zone.ts';
import { ZoneNotFound, ZoneUnavailable } from '../../lib/zone/zone.ts';
import { seededRandomness, virtualClock } from '../runtime/virtual-clock.ts';
import { emulatedWorld, plant } from '../zone/emulated-world.ts';

const neighbours: readonly RecordSet[] = [
  { name: dnsName('www.example.test'), type: 'A', ttl: 60, values: ['192.0.2.7'] },
  { name: dnsName('_pawl-doctor.example.test'), type: 'TXT', ttl: 60, values: ['"not the doctor\'s"'] },
  { name: dnsName('zz.example.test'), type: 'CNAME', ttl: 60, values: ['www.example.test.'] },
];

async function world(settings: Partial<Route53Settings> = {}) {
  const clock = virtualClock();
  const emulated = emulatedWorld(clock, settings);
  await plant(emulated.zone, neighbours);
  const before = emulated.core.records(emulated.zoneId);
  return { ...emulated, clock, before, randomness: seededRandomness() };
}

/** The zone with every batch passed through a function of the test. */
function withChange(zone: Zone, change: (batch: Batch, call: number) => Promise<ChangeOutcome>): Zone {
  let calls = 0;
  return {
    ...zone,
    change: (batch) => {
      calls += 1;
      return change(batch, calls);
    },
  };
}

const idsOf = (report: DoctorReport, result: CheckReport['result']) =>
  report.checks.filter((check) => check.result === result).map(({ id }) => id);

describe('an examination of an endpoint like Route 53', () => {
  it('finds that all holds, calls it safe, and leaves the zone as it was', async () => {
    const deps = await world({ insyncDelayMs: 45_000 });
    const report = await examine(deps);
    expect(report.checks.filter(({ result }) => result !== 'holds')).toEqual([]);
    expect(report.verdict).toBe('safe');
    expect(report.leftBehind).toEqual([]);
    expect(report.mayStillLand).toEqual([]);
    expect(report).toMatchObject({ zone: 'example.test', zoneId: deps.zoneId });
    expect(deps.core.records(deps.zoneId)).toEqual(deps.before);
  });

  it('touches nothing but names under the scratch name', async () => {
    const deps = await world();
    const touched = new Set<string>();
    const zone = withChange(deps.zone, (batch) => {
      expect(batch.kind).toBe('scratch');
      for (const { record } of batch.changes) touched.add(record.name);
      return deps.zone.change(batch);
    });
    const { scratchName } = await examine({ ...deps, zone });
    expect(scratchName).toBe('doctor-n0000001._pawl-doctor.example.test');
    expect([...touched].filter((name) => !isWithin(dnsName(name), scratchName))).toEqual([]);
    expect(touched.size).toBeGreaterThan(20);
  });

  it('reports every check as it is made, with its assertion and the meaning of a gap', async () => {
    const seen: CheckReport[] = [];
    const report = await examine({ ...(await world()), observe: (check) => seen.push(check) });
    expect(seen).toEqual(report.checks);
    expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length);
    for (const { id, asserts, gapMeans } of seen) {
      expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(asserts).toMatch(/\.$/);
      expect(gapMeans).toMatch(/\.$/);
    }
  });

  it('counts its requests', async () => {
    const deps = await world();
    let calls = 0;
    const count = <T>(value: T): T => {
      calls += 1;
      return value;
    };
    const zone: Zone = {
      id: deps.zone.id,
      listRecords: (start, limit) => count(deps.zone.listRecords(start, limit)),
      change: (batch) => count(deps.zone.change(batch)),
      changeStatus: (id) => count(deps.zone.changeStatus(id)),
      describe: () => count(deps.zone.describe()),
    };
    expect((await examine({ ...deps, zone })).requests).toBe(calls);
  });
});

/** The gap that each weakness of the emulator must be reported as. */
const found: Readonly<Partial<Record<Weakness, readonly string[]>>> = {
  'change-id-unknown': ['change-status'],
  'create-overwrites': ['create-conflict'],
  'delete-ignores-ttl': ['exact-delete-ttl'],
  'delete-of-missing-accepted': ['delete-missing'],
  // It also prevents the repair of a live tree, which Pawl needs.
  'live-target-delete-rejected': ['replacement', 're-assertion', 'live-target-delete'],
  'listing-leaves-out': ['listing'],
  'listing-out-of-order': ['listing'],
  'listing-shows-twice': ['listing'],
  'not-atomic': ['atomic-batch'],
  'order-ignored': ['order'],
  'replace-rejected': ['replacement', 're-assertion', 'compare-and-swap', 'alias-existing-target'],
  'stale-delete-accepted': [
    'exact-delete-value',
    'exact-delete-weight',
    'exact-delete-alias',
    'compare-and-swap',
  ],
};

/** Weaknesses that matter only when a hand writes to the zone: the fence holds, and the endpoint is good for tests. */
const limiting: Readonly<Partial<Record<Weakness, readonly string[]>>> = {
  'cname-clash-accepted': ['cname-clash'],
  'missing-alias-target-accepted': ['alias-missing-target'],
};

/** Weaknesses with which everything works, and Pawl goes without a protection. */
const reducing: Readonly<Partial<Record<Weakness, readonly string[]>>> = {
  'reassert-rejected': ['re-assertion'],
};

/** Weaknesses on which Pawl's safety does not rest: they are found and reported, and the endpoint is not unsafe. */
const noted: Readonly<Partial<Record<Weakness, readonly string[]>>> = {
  'alias-order-ignored': ['alias-order'],
  'value-order-matters': ['value-order'],
};

/** Weaknesses that only writes outside the scratch name, another zone or thousands of records could show. */
const outOfReach: readonly Weakness[] = [
  'apex-deletable',
  'cross-zone-alias-accepted',
  'limits-ignored',
  'outside-name-accepted',
];

describe('an examination of an endpoint that falls short', () => {
  it('is tried with every weakness that the emulator has', () => {
    const tried = [found, limiting, reducing, noted].flatMap((weaknesses) => Object.keys(weaknesses));
    expect([...tried, ...outOfReach].sort()).toEqual([...WEAKNESSES].sort());
  });

  it.each(Object.entries(found))('finds %s and does not call it safe', async (weakness, ids) => {
    const deps = await world({ weaknesses: new Set([weakness as Weakness]) });
    const report = await examine(deps);
    expect(idsOf(report, 'gap')).toEqual(expect.arrayContaining([...ids]));
    expect(report.verdict).toBe('unsafe');
    expect(report.leftBehind).toEqual([]);
    expect(deps.core.records(deps.zoneId)).toEqual(deps.before);
  });

  it.each(Object.entries(limiting))('finds %s and calls it good for tests', async (weakness, ids) => {
    const deps = await world({ weaknesses: new Set([weakness as Weakness]) });
    const report = await examine(deps);
    expect(idsOf(report, 'gap')).toEqual(expect.arrayContaining([...ids]));
    expect(report.verdict).toBe('limited');
    expect(deps.core.records(deps.zoneId)).toEqual(deps.before);
  });

  it.each(Object.entries(reducing))('finds %s, and warns of what is lost', async (weakness, ids) => {
    const deps = await world({ weaknesses: new Set([weakness as Weakness]) });
    const report = await examine(deps);
    expect(idsOf(report, 'gap')).toEqual(ids);
    expect(report.verdict).toBe('reduced');
    expect(deps.core.records(deps.zoneId)).toEqual(deps.before);
  });

  it.each(Object.entries(noted))('finds %s and says so', async (weakness, ids) => {
    const deps = await world({ weaknesses: new Set([weakness as Weakness]) });
    const report = await examine(deps);
    expect(idsOf(report, 'gap')).toEqual(ids);
    expect(report.verdict).toBe('safe');
    expect(deps.core.records(deps.zoneId)).toEqual(deps.before);
  });

  it('finds what moto has: neither atomic nor exact', async () => {
    const deps = await world({ weaknesses: new Set(['not-atomic', 'stale-delete-accepted'] as const) });
    const report = await examine(deps);
    expect(idsOf(report, 'gap')).toEqual(expect.arrayContaining(['atomic-batch', 'exact-delete-value']));
    expect(report.verdict).toBe('unsafe');
    expect(deps.core.records(deps.zoneId)).toEqual(deps.before);
  });

  it('finds one that takes more changes of a record set than Route 53, and says so', async () => {
    const deps = await world();
    const zone = withChange(deps.zone, async (batch) => {
      const [first, second, ...more] = batch.changes;
      const isUndone = first?.action === 'CREATE' && second?.action === 'DELETE' && more.length === 0;
      if (!isUndone || first.record.name !== second.record.name) return await deps.zone.change(batch);
      const made = await deps.zone.change({ ...batch, changes: [first] });
      if (made.type !== 'accepted') return made;
      return await deps.zone.change({ ...batch, changes: [second] });
    });
    const report = await examine({ ...deps, zone });
    expect(idsOf(report, 'gap')).toEqual(['batch-rule']);
    expect(report.verdict).toBe('safe');
  });

  it('finds one that takes a single value of a weighted record, and says so', async () => {
    const deps = await world();
    const zone = withChange(deps.zone, async (batch) => {
      const isRefused = batch.changes.some(
        ({ record: { weight, values = [] } }) => weight !== undefined && values.length > 1,
      );
      return isRefused ? { type: 'rejected', reason: 'one value' } : await deps.zone.change(batch);
    });
    const report = await examine({ ...deps, zone });
    expect(idsOf(report, 'gap')).toEqual(['several-values']);
    expect(report.checks.find(({ id }) => id === 'several-values')?.detail).toContain('one value');
    expect(report.verdict).toBe('safe');
  });

  it('finds listings that lag behind', async () => {
    const deps = await world();
    let lagging = deps.core.clone();
    const zone: Zone = {
      ...withChange(deps.zone, (batch) => {
        lagging = deps.core.clone();
        return deps.zone.change(batch);
      }),
      listRecords: (start, limit) => emulatedZone(lagging, deps.zoneId).listRecords(start, limit),
    };
    const report = await examine({ ...deps, zone });
    expect(idsOf(report, 'gap')).toContain('read-your-writes');
    expect(report.verdict).toBe('unsafe');
    expect(deps.core.records(deps.zoneId)).toEqual(deps.before);
  });

  it('finds listings that leave the page out after the first', async () => {
    const deps = await world();
    const zone: Zone = {
      ...deps.zone,
      listRecords: async (start, limit) => ({ records: (await deps.zone.listRecords(start, limit)).records }),
    };
    const report = await examine({ ...deps, zone });
    expect(idsOf(report, 'gap')).toEqual(['listing']);
    expect(report.verdict).toBe('unsafe');
  });

  it('finds listings in another order', async () => {
    const deps = await world();
    const zone: Zone = {
      ...deps.zone,
      listRecords: async (start, limit) => {
        const page = await deps.zone.listRecords(start, limit);
        const mixed =
          page.records.length > 8
            ? [...page.records].sort((a, b) => (a.name < b.name ? -1 : 1))
            : page.records;
        return { ...page, records: mixed };
      },
    };
    const report = await examine({ ...deps, zone });
    expect(idsOf(report, 'gap')).toContain('listing');
    expect(report.verdict).toBe('unsafe');
  });

  it('finds a count that lags, and calls the endpoint good for tests', async () => {
    const deps = await world();
    const zone: Zone = {
      ...deps.zone,
      describe: async () => ({ ...(await deps.zone.describe()), recordCount: 2 }),
    };
    const report = await examine({ ...deps, zone });
    expect(idsOf(report, 'gap')).toEqual(['record-count']);
    expect(report.verdict).toBe('limited');
  });

  it('says whether accelerated recovery is on, and rests nothing on it', async () => {
    const deps = await world();
    expect((await examine(deps)).acceleratedRecovery).toBeUndefined();
    deps.core.updateHostedZoneFeatures(deps.zoneId, { acceleratedRecovery: true });
    expect(await examine(deps)).toMatchObject({ acceleratedRecovery: 'ENABLED', verdict: 'safe' });
  });

  it('does not call an endpoint safe whose changes never become INSYNC', async () => {
    const deps = await world({ insyncDelayMs: Number.POSITIVE_INFINITY });
    const report = await examine(deps);
    expect(idsOf(report, 'unknown')).toEqual(['change-status']);
    expect(report.verdict).toBe('unknown');
  });
});

describe('an examination that is disturbed', () => {
  it.each([1, 2, 3, 5, 8, 13, 21, 34])('cleans up when the zone fails once, at batch %d', async (failing) => {
    const deps = await world();
    const zone = withChange(deps.zone, (batch, call) => {
      if (call === failing) throw new ZoneUnavailable('Route 53 is having a day.');
      return deps.zone.change(batch);
    });
    const report = await examine({ ...deps, zone });
    expect(report.verdict).toBe('unknown');
    expect(idsOf(report, 'unknown').length).toBeGreaterThan(0);
    expect(report.checks.some(({ detail }) => detail.includes('Route 53 is having a day.'))).toBe(true);
    expect(report.leftBehind).toEqual([]);
    expect(deps.core.records(deps.zoneId)).toEqual(deps.before);
  });

  it('says what it could not remove when the zone does not come back', async () => {
    const deps = await world();
    const zone = withChange(deps.zone, (batch, call) => {
      if (call >= 9) throw new ZoneUnavailable('Route 53 is gone.');
      return deps.zone.change(batch);
    });
    const report = await examine({ ...deps, zone });
    expect(report.verdict).toBe('unknown');
    const now = deps.core.records(deps.zoneId);
    const there = now.filter(({ name }) => isWithin(name, report.scratchName));
    expect(there.length).toBeGreaterThan(0);
    expect(report.leftBehind).toEqual(there);
  });

  it('says what may be left when not even a listing comes back', async () => {
    const deps = await world();
    let gone = false;
    const zone: Zone = {
      ...withChange(deps.zone, (batch, call) => {
        gone ||= call >= 9;
        if (gone) throw new ZoneUnavailable('Route 53 is gone.');
        return deps.zone.change(batch);
      }),
      listRecords: async (start, limit) => {
        if (gone) throw new ZoneUnavailable('Route 53 is gone.');
        return await deps.zone.listRecords(start, limit);
      },
    };
    const report = await examine({ ...deps, zone });
    const there = deps.core.records(deps.zoneId).filter(({ name }) => isWithin(name, report.scratchName));
    expect(there.length).toBeGreaterThan(0);
    expect(sameRecords(report.leftBehind, there)).toBe(true);
  });

  it('removes what it made where it cannot list, and names nothing as left behind', async () => {
    const deps = await world();
    let batches = 0;
    const zone: Zone = {
      ...withChange(deps.zone, (batch, call) => {
        batches = call;
        return deps.zone.change(batch);
      }),
      listRecords: async (start, limit) => {
        if (batches >= 9) throw new ZoneUnavailable('Route 53 lists nothing.');
        return await deps.zone.listRecords(start, limit);
      },
    };
    const report = await examine({ ...deps, zone });
    expect(report.verdict).toBe('unknown');
    expect(report.leftBehind).toEqual([]);
    expect(deps.core.records(deps.zoneId)).toEqual(deps.before);
  });

  it('goes on after a lost answer, reports what may still land, and does not call it safe', async () => {
    const deps = await world();
    const zone = withChange(deps.zone, async (batch, call) =>
      call === 1 ? { type: 'unknown', reason: 'socket hang up' } : await deps.zone.change(batch),
    );
    const report = await examine({ ...deps, zone });
    expect(idsOf(report, 'unknown')).toEqual(['atomic-batch']);
    expect(report.verdict).toBe('unknown');
    expect(report.mayStillLand.map(({ name }) => name)).toEqual([`kept.atomic-batch.${report.scratchName}`]);
    expect(deps.core.records(deps.zoneId)).toEqual(deps.before);
  });

  it('removes what landed although its answer was lost', async () => {
    const deps = await world();
    const zone = withChange(deps.zone, async (batch, call) => {
      const outcome = await deps.zone.change(batch);
      return call % 3 === 0 ? { type: 'unknown', reason: 'socket hang up' } : outcome;
    });
    const report = await examine({ ...deps, zone });
    expect(report.verdict).not.toBe('safe');
    expect(report.leftBehind).toEqual([]);
    expect(deps.core.records(deps.zoneId)).toEqual(deps.before);
  });

  it('cleans up before a bug ends it', async () => {
    const deps = await world();
    const zone = withChange(deps.zone, (batch, call) => {
      if (call === 10) throw new TypeError('undefined is not a function');
      return deps.zone.change(batch);
    });
    await expect(examine({ ...deps, zone })).rejects.toThrow(TypeError);
    expect(deps.core.records(deps.zoneId)).toEqual(deps.before);
  });

  it('leaves a record that somebody else put under the scratch name', async () => {
    const deps = await world();
    const scratchName = dnsName('scratch.example.test');
    const guest: RecordSet = {
      name: dnsName('guest.scratch.example.test'),
      type: 'TXT',
      ttl: 1,
      values: ['"hi"'],
    };
    const zone = withChange(deps.zone, async (batch, call) => {
      if (call === 5) await plant(deps.zone, [guest]);
      return await deps.zone.change(batch);
    });
    const report = await examine({ ...deps, zone }, { scratchName });
    expect(report.leftBehind).toEqual([]);
    const records = deps.core.records(deps.zoneId);
    expect(records.filter(({ name }) => isWithin(name, scratchName))).toEqual([guest]);
  });
});

describe('an examination that may not begin', () => {
  const writesNothing = (zone: Zone) =>
    withChange(zone, () => {
      throw new Error('nothing may be written');
    });

  it.each(['example.test', 'example.com', 'xexample.test'])('refuses the scratch name %s', async (name) => {
    const deps = await world();
    const request = { scratchName: dnsName(name) };
    await expect(examine({ ...deps, zone: writesNothing(deps.zone) }, request)).rejects.toThrow(InvalidValue);
  });

  it('refuses a scratch name that is in use', async () => {
    const deps = await world();
    const request = { scratchName: dnsName('www.example.test') };
    await expect(examine({ ...deps, zone: writesNothing(deps.zone) }, request)).rejects.toThrow(
      'The scratch name www.example.test is in use (www.example.test A): name one that holds nothing.',
    );
  });

  it('lets the error through when the zone is not there', async () => {
    const deps = await world();
    const changes = neighbours.map(remove);
    await deps.zone.change({ kind: 'scratch', changes, comment: 'empty the zone' });
    deps.core.deleteHostedZone(deps.zoneId);
    await expect(examine(deps)).rejects.toThrow(ZoneNotFound);
  });
});

describe('verdictOf', () => {
  const check = (severity: CheckReport['severity'], result: CheckReport['result']) => ({ severity, result });

  it('is safe only when every check that the fence rests on holds', () => {
    expect(verdictOf([check('fence', 'holds'), check('note', 'gap'), check('note', 'unknown')])).toBe('safe');
    expect(verdictOf([check('fence', 'holds'), check('fence', 'unknown')])).toBe('unknown');
    expect(verdictOf([check('fence', 'unknown'), check('fence', 'gap')])).toBe('unsafe');
  });

  it('is limited, and no more, when only what catches hands has a gap', () => {
    expect(verdictOf([check('fence', 'holds'), check('hands', 'holds')])).toBe('safe');
    expect(verdictOf([check('fence', 'holds'), check('hands', 'gap')])).toBe('limited');
    expect(verdictOf([check('fence', 'holds'), check('hands', 'unknown')])).toBe('unknown');
    expect(verdictOf([check('fence', 'unknown'), check('hands', 'gap')])).toBe('unknown');
    expect(verdictOf([check('fence', 'gap'), check('hands', 'gap')])).toBe('unsafe');
  });

  it('is reduced, and no more, when only a proof has a gap', () => {
    expect(verdictOf([check('fence', 'holds'), check('proof', 'holds')])).toBe('safe');
    expect(verdictOf([check('fence', 'holds'), check('proof', 'gap')])).toBe('reduced');
    expect(verdictOf([check('fence', 'holds'), check('proof', 'unknown')])).toBe('unknown');
    expect(verdictOf([check('fence', 'holds'), check('proof', 'gap'), check('hands', 'gap')])).toBe(
      'limited',
    );
    expect(verdictOf([check('fence', 'gap'), check('proof', 'gap')])).toBe('unsafe');
  });

  it('is not safe when nothing was checked', () => {
    expect(verdictOf([])).toBe('unknown');
    expect(verdictOf([check('note', 'holds')])).toBe('unknown');
  });
});
