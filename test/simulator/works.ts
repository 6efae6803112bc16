import { audit } from '../../lib/auditor/audit.ts';
import { pushFleet } from '../../lib/operator/push-fleet.ts';
import type { CellFleet } from '../../lib/plan/fleet-model.ts';
import { planCell } from '../../lib/planner/plan-cell.ts';
import type { WorkflowDeps } from '../../lib/simulator/engine/actor-roles.ts';
import { sampleFleet } from '../../lib/simulator/engine/sample-fleet.ts';
import type { Part, Preparation, Scenario } from '../../lib/simulator/engine/scenario.ts';
import {
  ALTERED_LEAF,
  DELETED_ROOT,
  EVENTS_LOST,
  FENCE_AHEAD,
  FENCE_BEHIND,
  LOWER_LIMIT,
  MENDED_LEAF,
  MISSING_FENCE,
  PROTECTED_ROOT,
  ROOT_PUT_BACK,
  WEB_TAKEN,
} from './hand.ts';

/** One workflow that works alone in a cell where it has something to do. */
export interface Work {
  readonly name: string;
  readonly part: Part;
  readonly before: readonly Preparation[];
  /**
   * Files below lib/, or folders. This work must meet their call sites, together with the other works that name them.
   */
  readonly covers: readonly string[];
  /** Who repeats what they have asked for once everything is quiet; does nothing before. */
  readonly person?: Part;
  /** Whether the work is asked for again after it had no effect. Without it the cell cannot reach its goal. */
  readonly again?: boolean;
  /** The number of record sets that the zone may hold, 10,000 unless given. Where it is given, the cell must reach its goal within it. */
  readonly recordLimit?: number;
  /** The cells of the zone; one unless given. */
  readonly cells?: Scenario['cells'];
}

/** The log is written in the newest format. */
export const RAISED: Preparation = { type: 'raise' };
export const THREE_APPLIED: readonly Preparation[] = [RAISED, ...threeApplied()];
/** The same in the newest format that the release before knows. */
export const THREE_APPLIED_BEFORE: readonly Preparation[] = [
  { type: 'raise', release: 'before' },
  ...threeApplied(),
];
export const FOUR_PLANNED: readonly Preparation[] = [...THREE_APPLIED, { type: 'plan', version: 4 }];

function threeApplied(): readonly Preparation[] {
  return [1, 2, 3].flatMap((version) => [{ type: 'plan', version } as const, { type: 'apply' } as const]);
}

/** Any workflow that writes nothing to the zone, or what an operator may write. */
export function workflow(perform: (deps: WorkflowDeps) => Promise<unknown>): Part {
  return { type: 'workflow', writer: 'operator', perform };
}

export function done(perform: (deps: WorkflowDeps) => Promise<unknown>): Preparation {
  return { type: 'do', part: workflow(perform) };
}

const AUDIT = workflow((deps) =>
  audit(
    {
      ...deps,
      zone: deps.writer.zone,
      scope: deps.writer.scope,
    },
    { deadline: deps.deadline },
  ),
);

const HINT = { type: 'enactor', mode: 'hint' } as const satisfies Part;
const SWEEP: Part = { type: 'enactor', mode: 'sweep' };

/**
 * With two versions applied the zone holds its own two records, the fence, a root, a rollback root and a tree of each
 * endpoint, and the tree of the first version. So there is no room for the third.
 */
const NEARLY_FULL_LIMIT = 10;
const NEARLY_FULL: readonly Preparation[] = [
  RAISED,
  { type: 'plan', version: 1 },
  { type: 'apply' },
  { type: 'do', part: AUDIT },
  { type: 'plan', version: 2 },
  { type: 'apply' },
  { type: 'plan', version: 3 },
];

const ENACTOR: readonly Work[] = [
  {
    name: 'enactor that stages and flips',
    part: HINT,
    before: FOUR_PLANNED,
    covers: [
      'cell',
      ...['enactor/attempt.ts', 'enactor/enact.ts', 'enactor/flip.ts', 'enactor/record.ts'],
      ...['enactor/situation.ts', 'enactor/stage-trees.ts'],
    ],
  },
  {
    name: 'enactor that does not stand by',
    part: { ...HINT, handsOver: true },
    before: FOUR_PLANNED,
    covers: ['enactor/hand-over.ts', 'enactor/stage-trees.ts'],
  },
  {
    name: 'successor of an enactor that did not stand by',
    part: { ...HINT, handsOver: true, follows: true },
    before: [...FOUR_PLANNED, { type: 'do', part: { ...HINT, handsOver: true } }],
    covers: ['enactor/flip.ts'],
  },
  {
    name: 'enactor of the first plan',
    part: SWEEP,
    before: [RAISED, { type: 'plan', version: 1 }],
    covers: ['enactor/fence-cases.ts'],
  },
  {
    name: 'enactor that finds a tree altered',
    part: SWEEP,
    before: [...THREE_APPLIED, ALTERED_LEAF],
    covers: ['enactor/repair-trees.ts'],
  },
  {
    name: 'enactor that finds a root gone',
    part: SWEEP,
    before: [...THREE_APPLIED, DELETED_ROOT],
    covers: ['enactor/flip.ts', 'enactor/record.ts', 'enactor/situation.ts'],
  },
  {
    name: 'enactor that finds a root put back',
    part: SWEEP,
    before: [...THREE_APPLIED, ROOT_PUT_BACK],
    covers: ['enactor/situation.ts'],
  },
  {
    name: 'enactor that finds drift mended by hand',
    part: HINT,
    before: [...THREE_APPLIED, ALTERED_LEAF, { type: 'do', part: AUDIT }, MENDED_LEAF],
    covers: ['enactor/enact.ts'],
  },
  {
    name: 'enactor that finds the fence ahead',
    part: SWEEP,
    before: [...THREE_APPLIED, FENCE_AHEAD],
    covers: ['enactor/fence-cases.ts'],
  },
  {
    name: 'enactor that finds events lost',
    part: SWEEP,
    before: [...FOUR_PLANNED, EVENTS_LOST],
    covers: ['enactor/fence-cases.ts'],
  },
  {
    name: 'enactor that finds the fence put back',
    part: SWEEP,
    before: [...THREE_APPLIED, FENCE_BEHIND],
    covers: ['enactor/fence-cases.ts'],
  },
  {
    name: 'enactor that finds a rescue',
    part: HINT,
    before: [...THREE_APPLIED, { type: 'do', part: { type: 'rescue' } }],
    covers: ['enactor/fence-cases.ts'],
  },
  {
    name: 'enactor that finds the log frozen and the fence not',
    part: HINT,
    before: [
      ...THREE_APPLIED,
      { type: 'do', part: { type: 'freeze' }, diesAfter: 'ledger.append CellFrozen' },
    ],
    covers: ['enactor/fence-cases.ts'],
  },
  {
    name: 'enactor that finds a flip nobody has told of',
    part: HINT,
    before: [...FOUR_PLANNED, { type: 'do', part: HINT, diesAfter: 'zone.change flip' }],
    covers: ['enactor/record.ts'],
  },
  {
    name: 'enactor that finds trees whose staging nobody has recorded',
    part: HINT,
    before: [...FOUR_PLANNED, { type: 'do', part: HINT, diesAfter: 'zone.change stage' }],
    covers: ['enactor/stage-trees.ts'],
  },
  {
    name: 'enactor that finds a name taken',
    part: SWEEP,
    before: [{ type: 'do', part: { type: 'raise-format' } }, { type: 'plan', version: 1 }, WEB_TAKEN],
    covers: ['enactor/record.ts'],
  },
  {
    name: 'enactor that finds its root protected',
    part: HINT,
    before: [...FOUR_PLANNED, PROTECTED_ROOT],
    covers: ['enactor'],
  },
  {
    name: 'enactor that finds the fence gone',
    part: SWEEP,
    before: [...THREE_APPLIED, MISSING_FENCE],
    covers: ['enactor/fence-cases.ts', 'enactor/record.ts'],
  },
  {
    name: 'enactor that has no room for a tree beside one that only a rollback root needs',
    part: HINT,
    before: NEARLY_FULL,
    recordLimit: NEARLY_FULL_LIMIT,
    covers: ['enactor/see-to-room.ts'],
  },
  {
    name: 'enactor that meets a limit of the zone that the log does not know',
    part: { ...HINT, asksLimit: true },
    before: [...FOUR_PLANNED, LOWER_LIMIT],
    covers: ['enactor/limit-reached.ts', 'enactor/confirm-zone.ts'],
  },
];

const OTHERS: readonly Work[] = [
  { name: 'janitor', part: { type: 'janitor' }, before: THREE_APPLIED, covers: ['janitor', 'cell'] },
  {
    name: 'planner of a first fleet',
    part: { type: 'planner', versions: [1] },
    before: [],
    covers: ['planner'],
  },
  {
    name: 'planner of another fleet',
    part: { type: 'planner', versions: [4] },
    before: THREE_APPLIED,
    covers: ['planner', 'cell'],
  },
  {
    name: 'auditor that finds drift',
    part: AUDIT,
    before: [...THREE_APPLIED, ALTERED_LEAF],
    covers: ['auditor'],
  },
  {
    name: 'auditor that finds events lost',
    part: AUDIT,
    before: [...THREE_APPLIED, EVENTS_LOST],
    covers: ['auditor'],
  },
  {
    name: 'auditor that finds the fence put back',
    part: AUDIT,
    before: [...THREE_APPLIED, FENCE_BEHIND],
    covers: ['auditor'],
  },
];

/** The works of the roles. The works of the operator's verbs are in a file of their own. */
export const ROLES_WORKS: readonly Work[] = [...ENACTOR, ...OTHERS];

/** Declares a fleet and plans it as one preparation. */
export function pushed(fleetOf: (scope: WorkflowDeps['writer']['scope']) => CellFleet): Preparation {
  return done(async (deps) => {
    const { scope } = deps.writer;
    await pushFleet(deps, { cells: [fleetOf(scope)], apply: true });
    return planCell(deps, { cell: scope.cell, append: true });
  });
}

/** The sample fleet with a second target behind api, in a zone of its own, so that one of the two can be removed. */
export function spareFleet(scope: WorkflowDeps['writer']['scope']): CellFleet {
  const fleet = sampleFleet(scope, 4, 2);
  const [first] = fleet.targets;
  if (first === undefined) return fleet;
  const spare = { ...first, id: 'api-2', az: 'az2', ipv4: ['192.0.2.251'] };
  return {
    ...fleet,
    targets: [...fleet.targets, spare],
    endpoints: fleet.endpoints.map((endpoint) =>
      endpoint.targets.includes(first.id)
        ? { ...endpoint, targets: [...endpoint.targets, spare.id] }
        : endpoint,
    ),
  };
}
