import { describe, expect, it } from 'vitest';
import { ownProcess } from '../support/own-process.ts';
import type { Replacement } from './mutant.ts';
import type { PlanningMutantWork } from './planning-mutant-worker.ts';

const CELLS = 10_000;
const CHOOSE = 'plan/choose-answers.ts';

/** Bugs in how a planner weighs what is asked. The random cells must find each of them. */
const MUTANTS: readonly { readonly name: string; readonly replacements: readonly Replacement[] }[] = [
  {
    name: 'a verdict of the whole cell',
    replacements: [
      {
        file: CHOOSE,
        find: '  keepWithinLimits(picks, input);\n  const keptBack',
        put: `  keepWithinLimits(picks, input);
  if ([...picks.values()].some(({ waits }) => waits.length > 0))
    for (const name of names) picks.set(name, stay(name, picks.get(name)?.waits ?? [], input));
  const keptBack`,
      },
    ],
  },
  {
    name: 'a kept endpoint dropped from the plan',
    replacements: [
      {
        file: CHOOSE,
        find: 'const endpoints = [...picks.values()].flatMap(({ answer }) => answer ?? [])',
        put: 'const endpoints = [...picks.values()].flatMap(({ answer, waits }) => (waits.length > 0 ? [] : (answer ?? [])))',
      },
    ],
  },
  {
    name: 'an approval that takes more than was shown',
    replacements: [
      {
        file: 'cell/proposal.ts',
        find: '    asked,\n    accepted: standing,',
        put: '    asked: askedAnswers(known, standing).asked,\n    accepted: standing,',
      },
    ],
  },
  {
    name: 'what waits for a declaration keeps a failed target',
    replacements: [
      {
        file: CHOOSE,
        find: 'for (const rung of first === undefined ? [second] : [first, second]) {',
        put: 'for (const rung of first === undefined ? [second] : [first]) {',
      },
      {
        file: CHOOSE,
        find: '  const spared = sparing(name, departures(name), input);',
        put: '  const spared = departures === undefined ? sparing(name, undefined, input) : undefined;',
      },
    ],
  },
  {
    name: 'a removal that does not count against the window',
    replacements: [
      {
        file: 'cell/proposal.ts',
        find: 'const within = [...state.removals, ...own].filter(({ at }) => at > since);',
        put: 'const within = [...state.removals, ...own].filter(({ at }) => at > since + 1e12);',
      },
    ],
  },
  {
    name: 'an evacuated branch approved as soon as it is ordered',
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
    name: 'a branch that cannot leave keeps a failed target',
    replacements: [
      {
        file: 'cell/asked-answers.ts',
        find: 'evacuatedBranches: evacuatedBranches.filter((name) => !kept.has(wordOf(name))),',
        put: 'evacuatedBranches,',
      },
    ],
  },
  {
    name: 'room given by nodes that stay',
    replacements: [
      {
        file: 'cell/known-room.ts',
        find: 'recordsOfNewRoots(answer, before));',
        put: 'recordsOfNewRoots(answer, before)) - nodesOf(answer).reduce((sum, node) => sum + (has(live, node) ? nodeSize(answer, node) : 0), 0);',
      },
    ],
  },
  {
    name: 'a doubted endpoint taken back to the fleet before',
    replacements: [
      {
        file: 'ledger/decider/evolve-obstacles.ts',
        find: 'byDeclared === true && fleet !== null ? fleet.digest : planned',
        put: 'byDeclared === true && at < 0 && fleet !== null ? fleet.digest : planned',
      },
    ],
  },
];

describe('random cells, by a planner with a bug in it,', () => {
  it.each(MUTANTS)('find "$name"', async ({ replacements }) => {
    const work: PlanningMutantWork = { replacements, cells: CELLS };
    const result = await ownProcess<string>(new URL('./planning-mutant-worker.ts', import.meta.url), work);
    expect(result).toMatch(/^killed: /);
  });
});
