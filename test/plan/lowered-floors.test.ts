import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { LoweredFloors } from '../../lib/plan/lowered-floors.ts';
import { floorOf, loweredFloors, waitingFloors } from '../../lib/plan/lowered-floors.ts';
import { looseningDigest, looseningText, lowerFloors } from '../../lib/plan/stricter-policy.ts';
import { endpoint } from './given-fleet.ts';

const NAMES = ['api.example.test', 'web.example.test'] as const;

/** Endpoints with these floors; one without is not declared. */
function fleet(floors: readonly (number | undefined)[]) {
  const endpoints = NAMES.flatMap((name, index) => {
    const floor = floors[index];
    return floor === undefined ? [] : [endpoint(name, ['t1'], { floor })];
  });
  return { endpoints };
}

it('a floor that is lowered, or whose endpoint is left out, stays; any other is as declared', () => {
  const floors = loweredFloors({ fleet: fleet([3, 2]), floors: {} }, fleet([1, undefined]));
  expect(floors).toEqual({ [NAMES[0]]: { floor: 3, declared: 1 }, [NAMES[1]]: { floor: 2 } });
  expect(waitingFloors(floors)).toEqual({ [NAMES[0]]: { floor: 3, declared: 1 } });
  expect(loweredFloors({ fleet: fleet([3, 2]), floors: {} }, fleet([3, 5]))).toEqual({});
  expect(loweredFloors({ fleet: fleet([1]), floors }, fleet([3, 2]))).toEqual({});
});

it('a lower floor is shown with its endpoint, and many of them are counted', () => {
  expect(
    looseningText(lowerFloors({ [NAMES[1]]: { floor: 3, declared: 1 }, [NAMES[0]]: { floor: 2 } })),
  ).toBe(`floor of ${NAMES[1]} 3 -> 1`);
  const many = Object.fromEntries(
    Array.from({ length: 12 }, (_, index) => [`e${index}.test`, { floor: 2, declared: 1 }]),
  );
  expect(looseningText(lowerFloors(many))).toMatch(/2 -> 1, 2 more floors$/);
  const { 'e0.test': _, ...others } = many;
  expect(looseningDigest(lowerFloors(many))).not.toBe(looseningDigest(lowerFloors(others)));
});

const floor = fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined });
const steps = fc.array(fc.tuple(floor, floor), { minLength: 1, maxLength: 8 });

it('whatever is pushed without an approval: the highest floor since an endpoint was accepted judges it', () => {
  fc.assert(
    fc.property(steps, (pushes) => {
      let before = fleet(pushes[0] ?? []);
      let floors: LoweredFloors = {};
      const highest = new Map(before.endpoints.map((each) => [each.name, each.floor]));
      for (const push of pushes.slice(1)) {
        const declared = fleet(push);
        floors = loweredFloors({ fleet: before, floors }, declared);
        before = declared;
        for (const each of declared.endpoints) {
          highest.set(each.name, Math.max(each.floor, highest.get(each.name) ?? 1));
          expect(floorOf(each, floors)).toBe(highest.get(each.name));
        }
      }
    }),
  );
});
