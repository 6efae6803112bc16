import type { Replacement } from './mutant.ts';

const HANDOVER = 'plan/handover.ts';
const FLIP = 'enactor/flip.ts';
const OFFERS = 'enactor/see-to-offers.ts';

/** Removes the second check of every batch, so that the rules themselves must find what is wrong. */
const UNGUARDED: Replacement = {
  file: 'plan/batch-kinds.ts',
  find: '  invariant(KINDS_OF_ROLE.get(role)?.includes(kind) === true,',
  put: '  if (changes.length > 0) return;\n  invariant(KINDS_OF_ROLE.get(role)?.includes(kind) === true,',
};

export interface HandoverMutant {
  readonly name: string;
  readonly scenario: string;
  /** Faults that the search of it needs; none unless given. */
  readonly faults?: 1;
  /** The rule that finds it. */
  readonly rule: RegExp;
  readonly replacements: readonly Replacement[];
}

/** Bugs in how an endpoint goes over from one cell to another. */
export const HANDOVER_MUTANTS: readonly HandoverMutant[] = [
  {
    name: 'a handover with the fence of the cell that takes alone',
    scenario: 'given',
    rule: /one owner/,
    replacements: [
      {
        file: FLIP,
        find: 'const write = { kind, reading, next, beside,',
        put: 'const write = { kind, reading, next,',
      },
      UNGUARDED,
    ],
  },
  {
    name: 'a giver that repairs what the other has taken',
    scenario: 'given-unplanned',
    rule: /one owner/,
    replacements: [
      {
        file: 'cell/gone-names.ts',
        find: 'return new Set([...goneNames(state), ...taken]);',
        put: 'return new Set([...goneNames(state), ...taken].slice(0, 0));',
      },
      {
        file: OFFERS,
        find: 'const given = takenByOthers(state.offers, view, scope);',
        put: 'const given = takenByOthers(state.offers.slice(0, 0), view, scope);',
      },
      {
        file: 'plan/roots.ts',
        find: 'const giver = otherCellsRoot(name, view, scope);',
        put: 'const giver = owned.has(name) ? undefined : otherCellsRoot(name, view, scope);',
      },
    ],
  },
  {
    name: 'an endpoint that is taken without an offer',
    scenario: 'given',
    rule: /one owner/,
    replacements: [
      {
        file: HANDOVER,
        find: "if (!offers.some((record) => isOffer(record, offer, giver))) return 'not offered';",
        put: "if (offers.length > 1 && offers.every((record) => isOffer(record, offer, giver))) return 'not offered';",
      },
      UNGUARDED,
    ],
  },
  {
    name: 'an offer that ends while it stands in the zone',
    scenario: 'given-withdrawn',
    rule: /one owner/,
    replacements: [
      {
        file: OFFERS,
        find: 'const names = shown === undefined ? [] : ended.filter((name) => !shown.has(name));',
        put: 'const names = shown === undefined ? [] : ended;',
      },
      {
        file: OFFERS,
        find: 'if (ended.some((name) => !standing(view).has(name))) {',
        put: 'if (ended.length > 0) {',
      },
    ],
  },
  {
    name: 'a push that forgets what the other cell may have taken by now',
    scenario: 'given-withdrawn',
    faults: 1,
    rule: /does not point at|did not go over/,
    replacements: [
      {
        file: 'operator/moved-endpoints.ts',
        find: '    ...withdrawals.map(({ from, names }) => ({',
        put: `    ...withdrawals.map(({ to, names }) => ({
      cell: to,
      command: { type: 'AwaitEndpoints', names, from: null } as const,
    })),
    ...withdrawals.map(({ from, names }) => ({`,
      },
      {
        file: 'operator/moved-endpoints.ts',
        find: 'if (files.has(to)) unsettled.add(from, to, name);',
        put: '',
      },
    ],
  },
  {
    name: 'a handover that changes what the fence of the giver says',
    scenario: 'given',
    rule: /one owner: .* changed its fence/,
    replacements: [
      {
        file: FLIP,
        find: 'next: passedFence(fence.fence) };',
        put: 'next: { ...passedFence(fence.fence), plan: NO_PLAN } };',
      },
      UNGUARDED,
    ],
  },
  {
    name: 'an enactor that leaves the fence of a frozen log open',
    scenario: 'given-frozen',
    rule: /use1-a is frozen in the log, and its fence lets batches through/,
    replacements: [
      {
        file: 'enactor/enact.ts',
        find: 'return fence.frozen ? frozen(deps, fence, head) : freezeAgain(deps, run, reading, fence, head);',
        put: 'return fence.generation > 0 ? frozen(deps, fence, head) : freezeAgain(deps, run, reading, fence, head);',
      },
    ],
  },
];
