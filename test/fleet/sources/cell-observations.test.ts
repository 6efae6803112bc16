import { describe, expect, test } from 'vitest';
import { blindIn, cellSource, knownAfter } from '../../../lib/fleet/sources/cell-observations.ts';
import type { SourceReading, SourceTarget, TargetSource } from '../../../lib/fleet/sources/source.ts';
import type { CellFleet, Observation } from '../../../lib/plan/fleet-model.ts';
import { InvariantViolated } from '../../../lib/plan/invariant.ts';
import { smallFleet } from '../../support/small-fleet.ts';

const sick: Observation = { health: 'unhealthy', capacity: 100 };
const well: Observation = { health: 'healthy', capacity: 70 };

/** A cell of three targets, each observed by the source at its place in the list; undefined: by none. */
function fleet(...sources: readonly (string | undefined)[]): CellFleet {
  const { targets, ...rest } = smallFleet(1);
  const [first] = targets;
  if (first === undefined) throw new Error('the fleet has no target');
  const own = sources.map((source, index) => ({
    ...first,
    id: `t${index}`,
    capacity: 100,
    ...(source === undefined ? {} : { observedBy: { source, reference: { of: `t${index}` } } }),
  }));
  return { ...rest, zoneId: 'Z1', targets: own };
}

/** A source that observes the same of all targets, and remembers which it was asked about. */
function seeing(observation: Observation): TargetSource & { readonly asked: SourceTarget[] } {
  const asked: SourceTarget[] = [];
  return {
    asked,
    look: async (targets) => {
      asked.push(...targets);
      return {
        type: 'observed',
        observations: Object.fromEntries(targets.map(({ id }) => [id, observation])),
      };
    },
  };
}

const blindSource: TargetSource = { look: async () => ({ type: 'blind', reason: 'no answer' }) };

describe("a cell's targets", () => {
  test('are each observed by the source that they name, and by the file where they name none', async () => {
    const [one, other] = [seeing(sick), seeing(well)];
    const reading = await cellSource({ one, other }).observe(fleet('one', undefined, 'other', 'one'), {});
    expect(reading).toEqual({
      type: 'observed',
      observations: { t0: sick, t1: { health: 'healthy', capacity: 100 }, t2: well, t3: sick },
      repeated: ['t1'],
      gone: [],
      blind: [],
    });
    expect(one.asked).toEqual([
      { id: 't0', az: 'az1', capacity: 100, reference: { of: 't0' } },
      { id: 't3', az: 'az1', capacity: 100, reference: { of: 't3' } },
    ]);
    expect(other.asked.map(({ id }) => id)).toEqual(['t2']);
  });

  test('a source that nobody names is not asked', async () => {
    const one = seeing(sick);
    expect(await cellSource({ one }).observe(fleet(undefined), {})).toMatchObject({ repeated: ['t0'] });
    expect(one.asked).toEqual([]);
  });

  test('a source that may not see some targets names them, and their last observations stay', async () => {
    const unseen = { targets: ['t1'], reason: 'Describe is denied for t1' };
    const dim = { health: 'unknown', capacity: 7 } as const;
    const partly: TargetSource = {
      look: async () => ({ type: 'observed', observations: { t0: well, t1: dim }, unseen }),
    };
    const reading = await cellSource({ one: partly }).observe(fleet('one', 'one'), {});
    expect(blindIn(reading)).toMatchObject([
      { source: 'one, of some targets', reason: 'Describe is denied for t1' },
    ]);
    expect(knownAfter(reading, { t0: sick, t1: sick }, true)).toEqual({ t0: well, t1: sick });
    expect(knownAfter(reading, {}, false)).toEqual({ t0: well, t1: dim });
  });

  test('a source that is blind does not blind the others', async () => {
    const source = cellSource({ one: blindSource, other: seeing(well) });
    const reading = await source.observe(fleet('one', 'other', undefined), {});
    expect(reading).toMatchObject({
      observations: { t1: well, t2: { health: 'healthy', capacity: 100 } },
      blind: [{ source: 'one', reason: 'no answer', targets: ['t0'] }],
    });
    expect(blindIn(reading)).toMatchObject([{ source: 'one', reason: 'no answer' }]);
    // The last observations of its targets stay valid, under a new fleet too; the file's targets have the file's values.
    const before = { t0: sick, t1: sick, t2: sick };
    expect(knownAfter(reading, before, true)).toEqual({ t0: sick, t1: well, t2: sick });
    expect(knownAfter(reading, before, false)).toEqual({
      t0: sick,
      t1: well,
      t2: { health: 'healthy', capacity: 100 },
    });
    expect(Object.keys(knownAfter(reading, {}, false)).sort()).toEqual(['t1', 't2']);
  });

  test('a target that serves once it was heard is unhealthy while its source has never seen it', async () => {
    const reading = await cellSource({ lease: blindSource, one: blindSource }).observe(
      fleet('lease', 'lease', 'one'),
      { t1: well },
    );
    expect(knownAfter(reading, { t1: well }, false)).toEqual({
      t0: { health: 'unhealthy', capacity: 100 },
      t1: well,
    });
  });

  test('when nobody could look at all, everything stands', () => {
    const reading: SourceReading = { type: 'blind', reason: 'nobody asks' };
    expect(knownAfter(reading, { t0: sick }, false)).toEqual({ t0: sick });
    expect(blindIn(reading)).toEqual([{ source: 'all', reason: 'nobody asks' }]);
  });

  test('a source that leaves out a target it was asked about is a bug, and so is one that is not there', async () => {
    const silent: TargetSource = { look: async () => ({ type: 'observed', observations: {} }) };
    await expect(cellSource({ one: silent }).observe(fleet('one'), {})).rejects.toThrow(InvariantViolated);
    await expect(cellSource({}).observe(fleet('one'), {})).rejects.toThrow(InvariantViolated);
  });
});
