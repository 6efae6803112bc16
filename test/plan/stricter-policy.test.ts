import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CellPolicy } from '../../lib/plan/fleet-model.ts';
import { DEFAULT_POLICY } from '../../lib/plan/fleet-model.ts';
import {
  looseningDigest,
  looseningText,
  looserFields,
  stricterPolicy,
} from '../../lib/plan/stricter-policy.ts';

/** Of each field a value that lets more happen without a person than the default, and one that lets less. */
const LOOSER_AND_STRICTER: { readonly [Field in keyof CellPolicy]?: readonly [number, number] } = {
  capacityRemovedPercent: [100, 10],
  capacityWindowS: [60, 3_600],
  endpointsChangedPercent: [100, 10],
  blindPercent: [100, 10],
  retainGenerations: [1, 10],
  retainMinutes: [0, 600],
  unknownChangeS: [60, 3_600],
};
const GUARDS = Object.entries(LOOSER_AND_STRICTER) as [keyof CellPolicy, readonly [number, number]][];

const percent = fc.integer({ min: 1, max: 100 });
const policies: fc.Arbitrary<CellPolicy> = fc.record({
  coalesceS: fc.integer({ min: 0, max: 300 }),
  capacityRemovedPercent: percent,
  capacityWindowS: fc.integer({ min: 60, max: 86_400 }),
  endpointsChangedPercent: percent,
  blindPercent: percent,
  retainGenerations: fc.integer({ min: 1, max: 50 }),
  retainMinutes: fc.integer({ min: 0, max: 10_080 }),
  unknownChangeS: fc.integer({ min: 60, max: 3_600 }),
});

describe('the stricter of two policies', () => {
  it.each(GUARDS)('knows which %s is stricter', (field, [looser, stricter]) => {
    const loose = { ...DEFAULT_POLICY, [field]: looser };
    const strict = { ...DEFAULT_POLICY, [field]: stricter };
    expect(stricterPolicy(DEFAULT_POLICY, loose)).toEqual(DEFAULT_POLICY);
    expect(stricterPolicy(loose, DEFAULT_POLICY)).toEqual(DEFAULT_POLICY);
    expect(stricterPolicy(DEFAULT_POLICY, strict)).toEqual(strict);
    expect(looserFields(DEFAULT_POLICY, loose)).toEqual([
      { field, inEffect: DEFAULT_POLICY[field], declared: looser },
    ]);
    expect(looserFields(DEFAULT_POLICY, strict)).toEqual([]);
  });

  it('has a direction for every field but the one that only groups routine changes', () => {
    const without = Object.keys(DEFAULT_POLICY).filter((field) => !(field in LOOSER_AND_STRICTER));
    expect(without).toEqual(['coalesceS']);
    expect(stricterPolicy(DEFAULT_POLICY, { ...DEFAULT_POLICY, coalesceS: 0 }).coalesceS).toBe(0);
  });

  it('is looser than neither, in whichever order they come, and final', () => {
    fc.assert(
      fc.property(policies, policies, (a, b) => {
        const both = stricterPolicy(a, b);
        // The other way round: neither of the two is stricter than the result in anything.
        expect(stricterPolicy(a, both)).toEqual(both);
        expect(stricterPolicy(b, both)).toEqual(both);
        const { coalesceS: _, ...guards } = both;
        expect(stricterPolicy(b, a)).toMatchObject(guards);
        expect(looserFields(both, both)).toEqual([]);
        expect(looserFields(a, b).length === 0).toBe(looserFields(both, b).length === 0);
      }),
    );
  });

  it('is said, and named by a digest of what is looser alone', () => {
    const fields = looserFields(DEFAULT_POLICY, {
      ...DEFAULT_POLICY,
      capacityRemovedPercent: 100,
      retainMinutes: 0,
    });
    expect(looseningText(fields)).toBe('capacityRemovedPercent 34 -> 100, retainMinutes 60 -> 0');
    expect(looseningDigest(fields)).toMatch(/^[0-9a-f]{12}$/);
    expect(looseningDigest(fields)).not.toBe(looseningDigest(fields.slice(1)));
  });
});
