import { describe, expect, it } from 'vitest';
import type { BRANCH_CHECKS } from '../support/branch-checks.ts';
import { ownProcess } from '../support/own-process.ts';
import type { BranchMutantWork } from './branch-mutant-worker.ts';
import type { Replacement } from './mutant.ts';

interface BranchMutant {
  readonly name: string;
  readonly replacements: readonly Replacement[];
  /** The check that must find it. */
  readonly foundBy: keyof typeof BRANCH_CHECKS;
}

const EVOLVE = 'ledger/decider/evolve.ts';
const NAMES = 'plan/evacuated-branches.ts';
const DEPARTURES = 'cell/asked-answers.ts';

/** Bugs in what becomes of a branch that a person takes out. */
const MUTANTS: readonly BranchMutant[] = [
  {
    name: 'an evacuated branch is forgotten at the next plan',
    foundBy: 'an evacuated branch stays out until it is restored',
    replacements: [
      {
        file: EVOLVE,
        find: 'return planAppendedSince3(state, after, event, at);',
        put: 'return { ...planAppendedSince3(state, after, event, at), evacuatedBranches: [] };',
      },
    ],
  },
  {
    name: 'a restored branch does not come back',
    foundBy: 'an evacuated branch stays out until it is restored',
    replacements: [
      { file: EVOLVE, find: ': evacuated.filter((each) => each !== branch);', put: ': evacuated;' },
    ],
  },
  {
    name: 'the planner is not told of evacuated branches',
    foundBy: 'an evacuated branch stays out until it is restored',
    replacements: [
      {
        file: 'cell/cell-knowledge.ts',
        find: '...{ fleet, observations, drained, evacuated, evacuatedBranches, base },',
        put: '...{ fleet, observations, drained, evacuated, evacuatedBranches: [], base },',
      },
    ],
  },
  {
    name: 'an id that is named evacuates only the branch at that exact path',
    foundBy: 'an id means every branch that has it, and a path one',
    replacements: [
      {
        file: NAMES,
        find: "return path === name || (!name.includes('.') &&",
        put: "return path === name || (name === '' &&",
      },
    ],
  },
  {
    name: 'a path that is named evacuates every branch of its first id',
    foundBy: 'an id means every branch that has it, and a path one',
    replacements: [
      {
        file: NAMES,
        find: 'return path === name ||',
        put: "return path.split('.')[0] === name.split('.')[0] ||",
      },
    ],
  },
  {
    name: 'a target of an evacuated branch leaves the endpoint',
    foundBy: 'a target goes on answering in its other branches',
    replacements: [
      {
        file: NAMES,
        find: 'const ids = new Set([...out].filter((id) => !staying.has(id)));',
        put: 'const ids = out;',
      },
    ],
  },
  {
    name: 'the loss of an evacuated branch is not judged by the guards',
    foundBy: 'the guards judge what a branch takes',
    replacements: [
      {
        file: 'cell/proposal.ts',
        find: 'approved: approvedWishes(known, answers.asked),',
        put: `approved: new Set(
      known.head.state.evacuatedBranches.length > 0 ? answers.asked.keys() : approvedWishes(known, answers.asked),
    ),`,
      },
    ],
  },
  {
    name: 'a branch that cannot leave keeps a failed target elsewhere',
    foundBy: 'a branch that cannot leave keeps no failed target',
    replacements: [
      {
        file: DEPARTURES,
        find: 'evacuatedBranches: evacuatedBranches.filter((name) => !kept.has(wordOf(name))),',
        put: 'evacuatedBranches,',
      },
    ],
  },
  {
    name: 'a branch that cannot leave keeps every other one',
    foundBy: 'one branch leaves where another cannot',
    replacements: [
      {
        file: DEPARTURES,
        find: '...branches.map((name) => new Set([wordOf(name)])),',
        put: '...(branches.length === 0 ? [] : [new Set(branches.map(wordOf))]),',
      },
    ],
  },
  {
    name: 'a branch that has left comes back where another cannot leave',
    foundBy: 'one branch leaves where another cannot',
    replacements: [
      {
        file: DEPARTURES,
        find: "before.leaves.some(({ node = '' }) => isInBranches(node, [name])),",
        put: 'before.leaves.length > 0 && name.length > 0,',
      },
      {
        file: DEPARTURES,
        find: 'evacuatedBranches: evacuatedBranches.filter((name) => !kept.has(wordOf(name))),',
        put: 'evacuatedBranches: kept.size === 0 ? evacuatedBranches : [],',
      },
    ],
  },
  {
    name: 'what a route said of the first names is said of all',
    foundBy: 'one branch leaves where another cannot',
    replacements: [
      {
        file: NAMES,
        find: 'if (known?.names === key) return known.ids;',
        put: 'if (known !== undefined) return known.ids;',
      },
    ],
  },
  {
    name: 'an evacuation is routine where its targets answer elsewhere',
    foundBy: 'an evacuation is urgent',
    replacements: [
      {
        file: 'plan/plan-summary.ts',
        find: ".map(({ node = '', target }) =>",
        put: ".map(({ target }) => ({ target, node: '' })).map(({ node, target }) =>",
      },
      {
        file: 'plan/plan-summary.ts',
        find: 'proposed.map((endpoint) => [endpoint.name, placesIn(endpoint, evacuatedBranches)]),',
        put: "proposed.map(({ name, leaves }) => [name, new Set(leaves.map(({ target }) => target + ' '))]),",
      },
    ],
  },
  {
    name: 'an evacuated branch counts as seen not to serve',
    foundBy: 'what a person takes out is no loss by observation',
    replacements: [
      {
        file: 'plan/desired.ts',
        find: "if (isBranchEvacuated(target, endpoint, input)) return 'branch-evacuated';",
        put: "if (isBranchEvacuated(target, endpoint, input)) return 'unhealthy';",
      },
    ],
  },
];

describe('the checks of evacuated branches', () => {
  it.each(MUTANTS)('find "$name"', async ({ replacements, foundBy }) => {
    const work: BranchMutantWork = { replacements };
    const file = new URL('./branch-mutant-worker.ts', import.meta.url);
    expect(await ownProcess<readonly string[]>(file, work)).toContain(foundBy);
  });
});
