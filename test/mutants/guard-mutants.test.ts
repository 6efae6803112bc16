import { describe, expect, it } from 'vitest';
import type { BRANCH_GUARD_CHECKS } from '../support/branch-guards.ts';
import type { GUARD_CHECKS } from '../support/observed-loss.ts';
import { ownProcess } from '../support/own-process.ts';
import type { GuardMutantWork } from './guard-mutant-worker.ts';
import type { Replacement } from './mutant.ts';

interface GuardMutant {
  readonly name: string;
  readonly replacements: readonly Replacement[];
  /** The check that must find it. */
  readonly foundBy: keyof typeof GUARD_CHECKS | keyof typeof BRANCH_GUARD_CHECKS;
}

/** Bugs in what a guard counts. */
const MUTANTS: readonly GuardMutant[] = [
  {
    name: 'ids of targets are counted',
    foundBy: 'what clients get is counted',
    replacements: [
      {
        file: 'plan/plan-difference.ts',
        find: 'function answersIn({ type, values = [], alias }: Leaf): readonly string[] {',
        put: `function answersIn({ type, target, values = [], alias }: Leaf): readonly string[] {
  if (target !== '') return [target];`,
      },
    ],
  },
  {
    name: 'what came back is gone for the whole window',
    foundBy: 'what came back is not gone',
    replacements: [
      {
        file: 'ledger/decider/evolve-returns.ts',
        find: 'Math.min(open, removal.permille)',
        put: 'Math.min(0, open)',
      },
    ],
  },
  {
    name: 'a return pays for the losses of its plan',
    foundBy: 'what comes back pays for no other loss',
    replacements: [
      {
        file: 'plan/lint-change.ts',
        find: 'Math.min(1_000, Math.max(0, removedBefore - returned) + removedPermille)',
        put: 'removedBefore - returned + removedPermille',
      },
    ],
  },
  {
    name: 'the cell forgets what left in earlier plans',
    foundBy: 'what left earlier counts for the cell',
    replacements: [
      {
        file: 'plan/lint-change.ts',
        find: "if (isGone || why === 'unknown') out.add(target.id);",
        put: "if (isGone && why === 'unknown') out.add(target.id);",
      },
    ],
  },
  {
    name: 'an endpoint forgets what left in earlier plans',
    foundBy: 'what left earlier counts for an endpoint',
    replacements: [
      {
        file: 'cell/observed-bound.ts',
        find: 'const whole = answerOf({ observations: asDeclared(own) });',
        put: 'const whole = { ...answerOf({ observations: asDeclared(own) }), leaves: before.leaves };',
      },
    ],
  },
  {
    name: 'a lowered floor judges its own push',
    foundBy: 'a lowered floor waits',
    replacements: [
      {
        file: 'cell/cell-knowledge.ts',
        find: 'floor: floorOf(endpoint, floors),',
        put: 'floor: floorOf(endpoint, {}),',
      },
    ],
  },
  {
    name: 'a lowered floor is in effect without an approval',
    foundBy: 'a lowered floor waits',
    replacements: [
      {
        file: 'plan/lowered-floors.ts',
        find: 'return lower < floor ? [[name, { floor, declared: lower }]] : [];',
        put: 'return lower < 0 ? [[name, { floor, declared: lower }]] : [];',
      },
    ],
  },
  {
    name: 'a proposed plan has what its file says of capacities',
    foundBy: 'a proposed plan has the capacities of the log',
    replacements: [
      {
        file: 'operator/known-capacities.ts',
        find: 'const capacity = capacityOf(leaf.target) ?? Math.max(1, Math.round(leaf.weight * aWeight));',
        put: 'const { capacity } = leaf;',
      },
    ],
  },
  ...(
    [
      [
        'a branch is judged by each plan alone',
        'a branch has a window of its own',
        'plan/lint-change.ts',
        'earlier === undefined ? [standing] : [standing, earlier]',
        'earlier === undefined ? [standing] : [standing]',
      ],
      [
        'the window of a branch begins with the log',
        'the window of a branch passes',
        'plan/lint-change.ts',
        'branchRemoved(each, candidate, branch)',
        "branchRemoved(each, candidate, branch) + (Number(fleet.policy.capacityWindowS > 0 && branch !== '') * 200)",
      ],
      [
        'a branch of which nothing is left is held',
        'a branch of which nothing is left is left out',
        'plan/branch-loss.ts',
        'return now.leaves.length === 0 || isOfOneTarget(old, now) ? NOTHING : sharesLost(old, now);',
        'return isOfOneTarget(old, now) ? NOTHING : sharesLost(old, now);',
      ],
      [
        'a branch of two keeps its dead target',
        'one target of a branch may always go',
        'plan/branch-loss.ts',
        'return now.leaves.length === 0 || isOfOneTarget(old, now) ? NOTHING : sharesLost(old, now);',
        'return now.leaves.length === 0 ? NOTHING : sharesLost(old, now);',
      ],
      [
        'the bound of an endpoint is all that counts',
        'a branch loses no more than is believed, however slowly',
        'cell/observed-bound.ts',
        'return [own, ...branches].filter(',
        'return [own, ...branches.slice(0, 0)].filter(',
      ],
      [
        'a branch comes back with its first target',
        'a branch comes back when enough of it serves',
        'cell/observed-bound.ts',
        'return isEnough ? stayingOut : [];',
        'return isEnough ? [] : stayingOut;',
      ],
      [
        'a branch that comes back is judged as one that answers',
        'a branch comes back at once where the endpoint needs it',
        'cell/observed-bound.ts',
        'const judged = paths.filter((path) => !absent.includes(path));',
        'const judged = paths;',
      ],
      [
        'a branch stays out whatever is left',
        'a branch comes back at once where the endpoint needs it',
        'cell/observed-bound.ts',
        'return isEnough ? stayingOut : [];',
        'return isEnough ? stayingOut : [...stayingOut];',
      ],
      [
        'a default has a next best branch',
        'a dead default goes on answering',
        'plan/lint-places.ts',
        "if (route.policy !== 'geolocation' && route.policy !== 'cidr') return below;",
        "if (route.policy !== 'cidr') return below;",
      ],
      [
        'a default is judged by any of its families',
        'a default is not without one of its families',
        'plan/lint-places.ts',
        'const types = all.filter((type) => !answered.has(type));',
        'const types = answered.size > 0 ? [] : all.filter((type) => !answered.has(type));',
      ],
      [
        'a place stays out like any branch',
        'a default that stays out comes back at once',
        'cell/observed-bound.ts',
        'unansweredPlaces(route, answer).length <= unansweredPlaces(route, wanted).length &&',
        'unansweredPlaces(route, answer).length >= 0 &&',
      ],
      [
        'what stands by counts as what answers, in a branch',
        'what stands by takes over where the endpoint can spare the rest',
        'plan/branch-loss.ts',
        'const standbys = standbyPaths(before).filter((each) => each !== path && isBelow(each, path));',
        'const standbys = standbyPaths(before).filter((each) => each === path && !isBelow(each, path));',
      ],
      [
        'what stands by counts as what answers, in an endpoint',
        'what stands by is no capacity',
        'plan/plan-difference.ts',
        'if (standbys.length === 0) return endpoint;',
        'if (standbys.length >= 0) return endpoint;',
      ],
      [
        'what stands by again is lost',
        'a primary comes back although much stood by for it',
        'plan/plan-difference.ts',
        'const [old, now] = [without(standbys, before), without(standbys, after)];\n  const kept = old.kind',
        'const [old, now] = [without(standbys, before), without(standbyPaths(after), after)];\n  const kept = old.kind',
      ],
      [
        'the targets of a dead branch leave one by one',
        'a dead branch goes although others must stay',
        'cell/asked-answers.ts',
        'const targets = [...zones, ...together, ...alone',
        'const targets = [...zones, ...together.slice(0, 0), ...alone',
      ],
      [
        'a lowered floor of a branch judges its own push',
        'a push does not lower the floor that judges it',
        'plan/lint-change.ts',
        'Math.max(route.floor ?? 0, change.before.get(path) ?? 0)',
        'Math.max(route.floor ?? 0, change.before.size * 0)',
      ],
    ] as const
  ).map(
    ([name, foundBy, file, find, put]): GuardMutant => ({
      name,
      foundBy,
      replacements: [{ file, find, put }],
    }),
  ),
];

describe('the checks of what a guard counts', () => {
  it.each(MUTANTS)('find "$name"', async ({ replacements, foundBy }) => {
    const work: GuardMutantWork = { replacements };
    const file = new URL('./guard-mutant-worker.ts', import.meta.url);
    expect(await ownProcess<readonly string[]>(file, work)).toContain(foundBy);
  });
});
