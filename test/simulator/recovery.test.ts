// @module-tag slow
import { describe, expect, it } from 'vitest';
import { playPawl } from '../../lib/simulator/recovery/pawl-leases.ts';
import type { RecoveredRun, Recovery } from '../../lib/simulator/recovery/recovery.ts';
import { replayRecovery } from '../../lib/simulator/recovery/recovery.ts';
import type { RecoverySchedule } from '../../lib/simulator/recovery/recovery-schedule.ts';
import { PEOPLE, THAT_DAY, TOLD_MINUTES } from '../../lib/simulator/recovery/recovery-schedule.ts';
import { MEASURES } from '../../lib/simulator/recovery/recovery-series.ts';
import { brokenClaims, factsOf } from '../../lib/simulator/recovery/recovery-verdict.ts';
import { playReference } from '../../lib/simulator/recovery/reference-leases.ts';
import { REFERENCE } from '../../lib/simulator/recovery/reference-manager.ts';

const PERIOD_S = 60;
const recovery = await replayRecovery();
const minutes = THAT_DAY.endsMinute - THAT_DAY.beginsMinute;
const at = ({ series }: RecoveredRun, measure: keyof RecoveredRun['series'], minute: number) =>
  series[measure][minute - THAT_DAY.beginsMinute];

function runOf({ runs }: Recovery, id: RecoveredRun['id']): RecoveredRun {
  const run = runs.find((each) => each.id === id);
  if (run === undefined) throw new Error(`there is no run ${id}`);
  return run;
}

const reference = runOf(recovery, 'reference');
const people = runOf(recovery, 'people');
const pawl = runOf(recovery, 'pawl');

describe('the second half of 20 October 2025, replayed', () => {
  it('is the same, to the letter, every time', async () => {
    expect(JSON.stringify(await replayRecovery())).toBe(JSON.stringify(recovery));
  });

  it('has a number for each minute of each run', () => {
    for (const { series } of recovery.runs)
      for (const { id } of MEASURES) {
        expect(series[id]).toHaveLength(minutes);
        expect(series[id].every((value) => Number.isFinite(value) && value >= 0)).toBe(true);
      }
    for (const minute of TOLD_MINUTES) expect(at(pawl, 'leased', minute)).toBeDefined();
  });

  it('begins at rest, for everybody', () => {
    for (const run of recovery.runs) {
      for (const share of ['leased', 'heard', 'capacity'] as const)
        expect(run.series[share].slice(0, -THAT_DAY.beginsMinute).every((value) => value === 100)).toBe(true);
      expect(at(run, 'queueAge', -1)).toBe(0);
      expect(at(run, 'wasted', -1)).toBe(0);
    }
    expect(at(reference, 'asked', -1)).toBeCloseTo(10_000 / PERIOD_S, 1);
  });

  it('lets every lease of the manager run out, and never brings them back alone', () => {
    expect(at(reference, 'leased', 3)).toBe(0);
    expect(at(reference, 'capacity', 156)).toBe(0);
    expect(reference.facts).toMatchObject({ heardAgainS: null, heardAtEnd: 0, busyPercent: 100 });
    expect(reference.facts.wastedPercent).toBeGreaterThan(95);
    expect(at(reference, 'queueAge', 1_439)).toBeGreaterThan(at(reference, 'queueAge', 720) ?? 0);
    expect(reference.series.heard.slice(200).every((value) => value === 0)).toBe(true);
    expect(reference.verdict.good).toBe(false);
  });

  it('brings them back with people who restart and throttle, and not with a restart alone', () => {
    expect(at(people, 'heard', 265)).toBe(0);
    expect(at(people, 'heard', 280)).toBe(100);
    expect(people.facts.heardAgainS).toBeGreaterThan((PEOPLE.atMinute - THAT_DAY.fault.toMinute) * 60);
    expect(people.verdict.text).toContain('It comes back with people');
    expect(people.verdict.good).toBe(false);
    const restarted = playReference(THAT_DAY, 1_000, { ...PEOPLE, throttle: false });
    expect(restarted.heardAgainS).toBeNull();
  });

  it.each([
    { timeoutS: 5, comesBack: false },
    { timeoutS: 90, comesBack: false },
    { timeoutS: 120, comesBack: true },
  ])(
    'collapses where holders wait less long than establishing takes: $timeoutS s',
    ({ timeoutS, comesBack }) => {
      const { heardAgainS } = playReference(THAT_DAY, 1_000, undefined, { ...REFERENCE, timeoutS });
      expect(heardAgainS !== null).toBe(comesBack);
    },
  );

  it('stops holders of Pawl while the table is away, and leaves their targets where they are', () => {
    expect(at(pawl, 'leased', 1)).toBe(100);
    expect(at(pawl, 'leased', 4)).toBe(0);
    expect(at(pawl, 'heard', 60)).toBe(0);
    expect(pawl.series.capacity.every((value) => value === 100)).toBe(true);
    expect(pawl.series.queueAge.every((value) => value === 0)).toBe(true);
  });
});

describe('Pawl after the fault', () => {
  it.each([1_000, 10_000, 100_000])('hears all of %i holders within two periods', async (holders) => {
    const played = await playPawl(THAT_DAY, holders);
    const facts = factsOf(played, THAT_DAY);
    expect(brokenClaims(facts)).toEqual([]);
    expect(facts.heardAgainS).toBeGreaterThan(0);
    expect(facts.heardAgainS).toBeLessThanOrEqual(2 * PERIOD_S);
    expect(facts.lapses).toBe(0);
    expect(facts.aPeriod).toEqual({ writes: 1, tries: 1 });
  });

  it('writes in its first minute what it writes at rest, and asks for one more row each', () => {
    const { written, askedTimes } = pawl.facts;
    expect(written.firstMinute).toBeLessThanOrEqual(1.1 * written.atRest);
    expect(written.most).toBeLessThanOrEqual(1.2 * written.atRest);
    expect(askedTimes).toBeLessThanOrEqual(1.6);
  });

  it.each(['store', 'network'] as const)('keeps to it whenever the %s comes back', async (what) => {
    for (let step = 0; step < 20; step += 1) {
      const schedule: RecoverySchedule = {
        beginsMinute: -10,
        endsMinute: 40,
        fault: { what, fromMinute: step / 30, toMinute: 15 + step / 20 },
      };
      const facts = factsOf(await playPawl(schedule, 1_000), schedule);
      expect({ step, broken: brokenClaims(facts) }).toEqual({ step, broken: [] });
    }
  });

  it('holds where the manager collapses: with the network of all holders away for 15 minutes', () => {
    const schedule: RecoverySchedule = {
      beginsMinute: -10,
      endsMinute: 240,
      fault: { what: 'network', fromMinute: 0, toMinute: 15 },
    };
    const facts = factsOf(playReference(schedule, 1_000), schedule);
    expect(facts.heardAgainS).toBeNull();
    expect(brokenClaims(facts)).toContain('All are heard again never.');
  });
});

describe('what is claimed of Pawl', () => {
  const { facts } = pawl;

  it.each([
    [{ heardAgainS: null }, 'All are heard again never.'],
    [{ heardAgainS: 121 }, 'All are heard again after 121 s.'],
    [{ aPeriod: { writes: 2, tries: 1 } }, 'A row met 2 writes in a period.'],
    [{ aPeriod: { writes: 1, tries: 3 } }, 'A row met 3 tries in a period.'],
    [{ lapses: 7 }, 'Holders that were alive were taken for lapsed 7 times.'],
    [{ wastedPercent: 0.1 }, '0.1 % of the writes changed nothing.'],
    [{ capacityLeast: 98.3 }, 'Capacity in DNS fell to 98.3 %.'],
  ])('is not kept by %o', (wrong, broken) => {
    expect(brokenClaims({ ...facts, ...wrong })).toEqual([broken]);
  });
});
