import type { Source } from '../../lib/fleet/sources/source.ts';
import { waitingLoosening } from '../../lib/ledger/decider/loosening.ts';
import { getPlan } from '../../lib/ledger/plan-bodies.ts';
import { adoptCell, adoptEndpoint } from '../../lib/operator/adopt.ts';
import { adoptNames } from '../../lib/operator/adopt-names.ts';
import { adoptRescue } from '../../lib/operator/adopt-rescue.ts';
import { approvePlan } from '../../lib/operator/approve.ts';
import { evacuateBranch, restoreBranch } from '../../lib/operator/branch-interventions.ts';
import { decideLoosening } from '../../lib/operator/decide-loosening.ts';
import { exportPlan } from '../../lib/operator/export-plan.ts';
import { foreseePush } from '../../lib/operator/foresee-push.ts';
import { giveBack } from '../../lib/operator/give-back.ts';
import { drainTarget, evacuateAz, restoreAz, restoreTarget } from '../../lib/operator/interventions.ts';
import type { KeptBackDecision } from '../../lib/operator/kept-back.ts';
import { approveKeptBack, lookAtKeptBack, rejectKeptBack } from '../../lib/operator/kept-back.ts';
import { observeTarget } from '../../lib/operator/observe-target.ts';
import { pausePlanner, resumePlanner } from '../../lib/operator/pause.ts';
import { proposePlan } from '../../lib/operator/propose.ts';
import { pushFleet } from '../../lib/operator/push-fleet.ts';
import { rejectPlan } from '../../lib/operator/reject.ts';
import { rescuePlan } from '../../lib/operator/rescue-plan.ts';
import { retryEndpoint } from '../../lib/operator/retry-endpoint.ts';
import { generation } from '../../lib/plan/generation.ts';
import { dnsName } from '../../lib/plan/names.ts';
import type { Plan } from '../../lib/plan/plan.ts';
import { NEWEST_LEDGER_FORMAT } from '../../lib/plan/stored-format.ts';
import { planCell } from '../../lib/planner/plan-cell.ts';
import type { WorkflowDeps } from '../../lib/simulator/engine/actor-roles.ts';
import { SAMPLE_CELL as cell, sampleFleet } from '../../lib/simulator/engine/sample-fleet.ts';
import type { Part, Preparation } from '../../lib/simulator/engine/scenario.ts';
import { waitOf } from '../support/fence-wait.ts';
import { MISSING_FENCE, OTHER_LEDGERS_FENCE, PROTECTED_ROOT, WEB_TAKEN } from './hand.ts';
import type { Work } from './works.ts';
import {
  done,
  FOUR_PLANNED,
  pushed,
  RAISED,
  spareFleet,
  THREE_APPLIED,
  THREE_APPLIED_BEFORE,
  workflow,
} from './works.ts';

const reason = 'the fault matrix';
const RESCUE: Part = { type: 'rescue' };

/** A plan that a preparation exports and the work reads, as a person has it in a file. */
function planInAFile(): { readonly reads: Preparation; readonly exports: Preparation; plan(): Plan } {
  let kept: Plan | undefined;
  return {
    reads: done(async ({ ledger }) => {
      const { state } = await ledger.head(cell);
      const oldest = state.history.at(-1);
      if (oldest !== undefined) kept = await getPlan(ledger, cell, oldest.digest);
    }),
    exports: done(async ({ writer }) => {
      const exported = await exportPlan(writer, {});
      if (exported.type === 'done') kept = exported.plan;
    }),
    plan: () => {
      if (kept === undefined) throw new Error('nobody has read the plan yet');
      return kept;
    },
  };
}

const PROPOSED = planInAFile();
const RESCUED = planInAFile();
const EXPORTED = planInAFile();

/** A person proposes a plan without `web`, which waits for an approval. */
const proposeRemoval = done(async (deps) => {
  const { goal } = (await deps.ledger.head(cell)).state;
  if (goal === null) return undefined;
  const plan = await getPlan(deps.ledger, cell, goal.digest);
  return proposePlan(deps, { cell, plan: { ...plan, endpoints: plan.endpoints.slice(0, 1) }, apply: true });
});
const HELD: readonly Preparation[] = [...THREE_APPLIED, proposeRemoval];
/** A fleet without `web` was pushed, and no planner has looked at it yet. */
const REMOVAL_PUSHED: readonly Preparation[] = [
  ...THREE_APPLIED,
  done((deps) => pushFleet(deps, { cells: [sampleFleet(deps.writer.scope, 3, 1)], apply: true })),
];
/** A policy that retains trees for a minute was declared, and then one that retains them for none, which waits. */
const LOOSER_PUSHED: readonly Preparation[] = [
  ...THREE_APPLIED,
  ...[1, 0].map((retainMinutes) =>
    done((deps) => {
      const fleet = sampleFleet(deps.writer.scope, 3, 2);
      return pushFleet(deps, {
        cells: [{ ...fleet, policy: { ...fleet.policy, retainMinutes } }],
        apply: true,
      });
    }),
  ),
];
/** Route 53 has refused the root of `api`, and the log says so. */
const REFUSED: readonly Preparation[] = [...FOUR_PLANNED, PROTECTED_ROOT, { type: 'apply' }];

/** A person looks at what is kept back, and decides about what was shown. */
function decided(
  decide: (deps: WorkflowDeps, digest: string) => Promise<unknown>,
  decision: KeptBackDecision,
): Part {
  return workflow(async (deps) => {
    const look = await lookAtKeptBack(deps, { cell, endpoints: [], decision });
    return look.type === 'done' ? decide(deps, look.digest) : look;
  });
}

/** A person looks at the policy that waits, and decides about what was shown. */
function loosened(decision: KeptBackDecision): Part {
  return workflow(async (deps) => {
    const waiting = waitingLoosening((await deps.ledger.head(cell)).state);
    return decideLoosening(deps, { cell, decision, digest: waiting?.digest ?? '', reason });
  });
}

const SPARE: readonly Preparation[] = [...THREE_APPLIED, pushed(spareFleet), { type: 'apply' }];

/** The routed fleet is applied, whose clients get the nearer of two Regions. */
const ROUTED: readonly Preparation[] = [
  ...THREE_APPLIED,
  pushed((scope) => sampleFleet(scope, 1, 'routed')),
  { type: 'apply' },
];

const drain = workflow((deps) => drainTarget(deps, { cell, target: 'api-2', reason, apply: true }));
const evacuate = workflow((deps) => evacuateAz(deps, { cell, az: 'az2', reason, apply: true }));
const evacuateEurope = workflow((deps) =>
  evacuateBranch(deps, { cell, branch: 'eu-west-1', reason, apply: true }),
);
const pause = workflow((deps) => pausePlanner(deps, { cell, reason }));

const giving: Part = {
  type: 'workflow',
  writer: 'give-back',
  perform: (deps) => giveBack(deps, { cell, apply: true, waits: () => waitOf(deps) }),
};

const FENCES: readonly Work[] = [
  {
    name: 'person who gives a cell back',
    part: giving,
    before: THREE_APPLIED,
    covers: ['operator/give-back.ts', 'cell/fenced-write.ts'],
  },
  {
    name: 'person who adopts many names',
    part: workflow((deps) => adoptNames(deps, { cell, apply: true })),
    before: [RAISED, { type: 'plan', version: 1 }, WEB_TAKEN],
    covers: ['operator/adopt-names.ts'],
  },
  {
    name: 'freeze',
    part: { type: 'freeze' },
    before: THREE_APPLIED,
    covers: [
      ...['operator/freeze.ts', 'operator/fence-wait.ts', 'operator/record-event.ts'],
      'cell/swap-fence.ts',
    ],
  },
  {
    name: 'freeze without a fence',
    part: { type: 'freeze' },
    before: [...THREE_APPLIED, MISSING_FENCE],
    covers: ['operator/freeze.ts'],
  },
  {
    name: 'thaw',
    part: { type: 'thaw' },
    before: [...THREE_APPLIED, { type: 'freeze' }],
    covers: ['operator/thaw.ts', 'cell/swap-fence.ts'],
  },
  {
    name: 'adopt --cell',
    part: workflow((deps) => adoptCell(deps, { cell, apply: true })),
    before: [...THREE_APPLIED, OTHER_LEDGERS_FENCE],
    covers: ['operator/adopt.ts'],
  },
  {
    name: 'adopt of an endpoint',
    part: workflow((deps) => adoptEndpoint(deps, { cell, name: dnsName('web.example.test'), apply: true })),
    before: [RAISED, { type: 'plan', version: 1 }, WEB_TAKEN],
    covers: ['operator/adopt.ts'],
    again: true,
  },
  {
    name: 'adopt of an endpoint, shown',
    part: workflow((deps) => adoptEndpoint(deps, { cell, name: dnsName('web.example.test'), apply: false })),
    before: [RAISED, { type: 'plan', version: 1 }, WEB_TAKEN],
    covers: ['operator/adopt.ts', 'operator/health-readers.ts'],
  },
  {
    name: 'rescue --to-rollback',
    part: RESCUE,
    before: FOUR_PLANNED,
    covers: ['operator/rescue-to-rollback.ts', 'operator/rescue-reading.ts'],
  },
  {
    name: 'rescue --plan',
    part: {
      type: 'workflow',
      writer: 'rescue',
      perform: ({ writer, clock, settings, deadline }) =>
        rescuePlan(writer, clock, { plan: RESCUED.plan(), settings, deadline }),
    },
    before: [...THREE_APPLIED, RESCUED.reads],
    covers: ['operator/rescue-plan.ts', 'operator/rescue-writes.ts', 'operator/rescue-reading.ts'],
  },
  {
    name: 'rescue without a fence',
    part: RESCUE,
    before: [...THREE_APPLIED, MISSING_FENCE],
    covers: ['operator/rescue-writes.ts'],
  },
  {
    name: 'rescue adopt',
    part: workflow((deps) => adoptRescue(deps, { cell, plan: EXPORTED.plan(), apply: true })),
    before: [...THREE_APPLIED, { type: 'do', part: RESCUE }, EXPORTED.exports],
    covers: ['operator/adopt-rescue.ts', 'operator/append-plan.ts', 'operator/known-capacities.ts'],
  },
];

const PLANS: readonly Work[] = [
  {
    name: 'rollback',
    part: { type: 'rollback' },
    before: THREE_APPLIED,
    covers: ['operator/rollback.ts', 'operator/append-plan.ts', 'cell'],
  },
  {
    name: 'rollback to what the log alone remembers',
    part: { type: 'rollback', to: 200 },
    before: THREE_APPLIED,
    covers: ['operator/rollback.ts'],
  },
  {
    name: 'plan --from',
    part: workflow((deps) => proposePlan(deps, { cell, plan: PROPOSED.plan(), apply: true })),
    before: [...THREE_APPLIED, PROPOSED.reads],
    covers: ['operator/propose.ts'],
  },
  {
    name: 'approve',
    part: workflow(async (deps) => {
      const { newest } = (await deps.ledger.head(cell)).state;
      if (newest === null) return undefined;
      return approvePlan(deps, { cell, generation: newest.generation, digest: newest.digest });
    }),
    before: HELD,
    covers: ['operator/approve.ts'],
  },
  {
    name: 'reject',
    part: workflow(async (deps) => {
      const { newest } = (await deps.ledger.head(cell)).state;
      return rejectPlan(deps, { cell, generation: newest?.generation ?? generation(1), reason });
    }),
    before: HELD,
    covers: ['operator/reject.ts'],
  },
];

const OBSTACLES: readonly Work[] = [
  {
    name: 'approve of what is kept back',
    part: decided((deps, digest) => approveKeptBack(deps, { cell, endpoints: [], digest }), 'approve'),
    before: REMOVAL_PUSHED,
    covers: ['operator/kept-back.ts', 'operator/append-plan.ts'],
  },
  {
    name: 'reject of what is kept back',
    part: decided((deps, digest) => rejectKeptBack(deps, { cell, endpoints: [], digest, reason }), 'reject'),
    before: REMOVAL_PUSHED,
    covers: ['operator/kept-back.ts'],
  },
  {
    name: 'approve of a looser policy',
    part: loosened('approve'),
    before: LOOSER_PUSHED,
    covers: ['operator/decide-loosening.ts'],
  },
  {
    name: 'reject of a looser policy',
    part: loosened('reject'),
    before: LOOSER_PUSHED,
    covers: ['operator/decide-loosening.ts'],
  },
  {
    name: 'retry',
    part: workflow((deps) => retryEndpoint(deps, { cell, name: dnsName('api.example.test') })),
    before: REFUSED,
    covers: ['operator/retry-endpoint.ts'],
  },
  {
    name: 'foresight of a push',
    part: workflow((deps) =>
      foreseePush(deps, { cells: [sampleFleet(deps.writer.scope, 4, 2)], source: deps.source }),
    ),
    before: THREE_APPLIED,
    covers: ['operator/foresee-push.ts'],
  },
  {
    name: 'planner that keeps an endpoint back',
    part: { type: 'planner', versions: [] },
    before: REMOVAL_PUSHED,
    covers: ['planner'],
  },
  {
    name: 'planner of a blind source',
    part: workflow((deps) => planCell({ ...deps, source: blindSource(deps) }, { cell, append: true })),
    before: THREE_APPLIED,
    covers: ['planner'],
  },
];

function blindSource({ source }: WorkflowDeps): Source {
  return {
    kind: 'live',
    observe: async (fleet) => {
      await source.observe(fleet, {});
      return { type: 'blind', reason };
    },
  };
}

const FLEETS: readonly Work[] = [
  { name: 'pause', part: pause, before: THREE_APPLIED, covers: ['operator/pause.ts'] },
  {
    name: 'resume',
    part: workflow((deps) => resumePlanner(deps, { cell })),
    before: [...THREE_APPLIED, { type: 'do', part: pause }],
    covers: ['operator/pause.ts'],
  },
  {
    name: 'fleet push',
    part: workflow((deps) => pushFleet(deps, { cells: [sampleFleet(deps.writer.scope, 4, 2)], apply: true })),
    before: THREE_APPLIED,
    covers: ['operator/push-fleet.ts', 'cell'],
  },
  {
    name: 'fleet push of a new cell',
    part: workflow((deps) =>
      pushFleet(deps, {
        cells: [sampleFleet(deps.writer.scope, 4, 2)],
        apply: true,
        functionsRead: NEWEST_LEDGER_FORMAT,
      }),
    ),
    before: [],
    covers: ['operator/push-fleet.ts'],
  },
  {
    name: 'upgrade',
    part: { type: 'raise-format' },
    before: THREE_APPLIED_BEFORE,
    covers: ['operator/raise-format.ts', 'operator/record-event.ts'],
  },
  {
    name: 'target observe',
    part: workflow((deps) => observeTarget(deps, { cell, target: 'api-2', capacity: 50 })),
    before: SPARE,
    covers: ['operator/observe-target.ts', 'cell'],
  },
  { name: 'target drain', part: drain, before: SPARE, covers: ['operator/interventions.ts'] },
  {
    name: 'target restore',
    part: workflow((deps) => restoreTarget(deps, { cell, target: 'api-2', apply: true })),
    before: [...SPARE, { type: 'do', part: drain }],
    covers: ['operator/interventions.ts'],
  },
  { name: 'az evacuate', part: evacuate, before: SPARE, covers: ['operator/interventions.ts'] },
  {
    name: 'az restore',
    part: workflow((deps) => restoreAz(deps, { cell, az: 'az2', apply: true })),
    before: [...SPARE, { type: 'do', part: evacuate }],
    covers: ['operator/interventions.ts'],
  },
  {
    name: 'branch evacuate',
    part: evacuateEurope,
    before: ROUTED,
    covers: ['operator/branch-interventions.ts'],
  },
  {
    name: 'branch restore',
    part: workflow((deps) => restoreBranch(deps, { cell, branch: 'eu-west-1', apply: true })),
    before: [...ROUTED, { type: 'do', part: evacuateEurope }],
    covers: ['operator/branch-interventions.ts'],
  },
];

/** The works of the operator. */
export const OPERATORS_WORKS: readonly Work[] = [...FENCES, ...PLANS, ...OBSTACLES, ...FLEETS];
