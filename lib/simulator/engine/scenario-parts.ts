import { audit } from '../../auditor/audit.ts';
import { evacuateBranch } from '../../operator/branch-interventions.ts';
import { drainTarget } from '../../operator/interventions.ts';
import { fenceRecord, readFenceRecords } from '../../plan/fence.ts';
import { invariant } from '../../plan/invariant.ts';
import { dnsName } from '../../plan/names.ts';
import { fenceName } from '../../plan/owned-names.ts';
import { create, remove } from '../../plan/records.ts';
import type { TargetEvent } from '../ports/port-call.ts';
import { floorOfTwo, repushed } from './policy-pushes.ts';
import { SAMPLE_CELL, SAMPLE_ZONE } from './sample-fleet.ts';
import type { Part, Preparation } from './scenario.ts';

export const hint = { type: 'enactor', mode: 'hint' } as const;
export const sweep = { type: 'enactor', mode: 'sweep' } as const;
/** It may ask Route 53 how many records the zone may hold. */
export const askingHint = { ...hint, asksLimit: true } as const;
export const askingSweep = { ...sweep, asksLimit: true } as const;
/** As deployed: it does not stand by, and asks for a successor where it staged. */
export const handingHint = { ...hint, handsOver: true } as const;
export const handingSweep = { ...sweep, handsOver: true } as const;
/** Begins when the message is delivered: at once, late, once more, or never. */
export const successor = { ...handingHint, follows: true } as const;
export const minute = { type: 'minute' } as const;
export const janitor = { type: 'janitor' } as const;
export const livePlanner = { type: 'planner', versions: [5] } as const;
/** Asks what is observed, and plans what follows. */
export const observer = { type: 'planner', versions: [] } as const;
export const freeze = { type: 'freeze' } as const;
/** A rollback to the very tree that the janitor is about to retire. */
export const rollbackToRetired = { type: 'rollback', to: 1 } as const;

/** A person drains one of the two targets of `api`. */
export const drainApi: Part = {
  type: 'workflow',
  writer: 'operator',
  perform: (deps) =>
    drainTarget(deps, { cell: SAMPLE_CELL, target: 'api-1', reason: 'simulated', apply: true }),
};

/** A person evacuates the Region of Europe. */
export const evacuateEurope: Part = {
  type: 'workflow',
  writer: 'operator',
  perform: (deps) =>
    evacuateBranch(deps, { cell: SAMPLE_CELL, branch: 'eu-west-1', reason: 'simulated', apply: true }),
};

export const raise = { type: 'raise-format' } as const;
export const oldHint = { ...hint, release: 'before' } as const;
export const oldSweep = { ...sweep, release: 'before' } as const;
export const oldJanitor = { ...janitor, release: 'before' } as const;

/** Version 1 is planned, in the newest format. */
export const FIRST_PLAN: readonly Preparation[] = [{ type: 'raise' }, { type: 'plan', version: 1 }];
/** Version 1 is applied and INSYNC, and version 2 is appended. */
export const ONE_AHEAD: readonly Preparation[] = [
  ...FIRST_PLAN,
  { type: 'apply' },
  { type: 'plan', version: 2 },
];
/** Three versions were applied, so that there is a tree to retire. A fourth version is appended. */
export const OLD_TREES: readonly Preparation[] = [
  ...ONE_AHEAD,
  { type: 'apply' },
  { type: 'plan', version: 3 },
  { type: 'apply' },
  { type: 'plan', version: 4 },
];
/** The same in the newest format that the release before knows. */
export const OLD_FORMAT: readonly Preparation[] = [
  { type: 'raise', release: 'before' },
  ...OLD_TREES.slice(1),
];
/** The same, and from then on Route 53 refuses every change of the root of `api`. */
export const PROTECTED_ROOT: readonly Preparation[] = [
  ...OLD_TREES,
  {
    type: 'hinder',
    hindrance: { type: 'protect', name: dnsName(`api.${SAMPLE_ZONE}`), recordType: 'A' },
  },
];

/** The same, after the ledger has lost its newest events: the fence names one that the log does not have. */
export const LOST_EVENTS: readonly Preparation[] = [
  ...OLD_TREES,
  {
    type: 'tamper',
    changes: (scope, records) => {
      const there = records.filter(({ name }) => name === fenceName(scope));
      const reading = readFenceRecords(there);
      invariant(reading.type === 'fence', 'there is no fence to alter');
      const fence = { ...reading.fence, head: { number: 900, digits: 'badc0ffee000' }, nonce: 'lost0900' };
      return [...there.map(remove), create(fenceRecord(fence, scope))];
    },
  },
];

/** A target in two of `api` is more than the policy lets go without a person. */
export const CAREFUL: readonly Preparation[] = [
  ...ONE_AHEAD,
  { type: 'apply' },
  { type: 'do', part: repushed({ capacityRemovedPercent: 34 }) },
];
/** Loosens the guard, and drops what it guards in the same push. */
export const looserPush = repushed({ capacityRemovedPercent: 100 }, ['api-2']);

/** Its floor keeps a target in two of `api`. */
export const FLOOR_OF_TWO: readonly Preparation[] = [
  ...ONE_AHEAD,
  { type: 'apply' },
  { type: 'do', part: floorOfTwo },
];

/** Has the log know the zone's room, and what of it is the cell's. */
export const auditZone = {
  type: 'workflow',
  writer: 'operator',
  perform: (deps) =>
    audit({ ...deps, zone: deps.writer.zone, scope: deps.writer.scope }, { deadline: deps.deadline }),
} as const satisfies Part;

/** Two versions were applied in a zone that has no room for a third beside them, as an audit recorded. */
export const CROWDED: readonly Preparation[] = [
  ...FIRST_PLAN,
  { type: 'apply' },
  { type: 'do', part: auditZone },
  { type: 'plan', version: 2 },
  { type: 'apply' },
  { type: 'plan', version: 3 },
];

/** Version 1 is applied and INSYNC. */
export const APPLIED: readonly Preparation[] = [...FIRST_PLAN, { type: 'apply' }];

const MINUTE_MS = 60_000;

function seen(minutes: number, ...failed: readonly string[]): TargetEvent {
  return { afterMs: minutes * MINUTE_MS, failed };
}

/** One target after the other fails, each after the window of what was taken before is over; then some come back. */
export const slowLosses: Part = {
  type: 'planner',
  versions: [],
  after: [
    seen(20, 'api-1'),
    seen(20, 'api-1', 'api-2'),
    seen(20, 'api-1', 'api-2', 'api-3'),
    seen(20, 'api-1', 'api-2', 'api-3', 'api-4'),
    seen(20, 'api-2', 'api-3', 'api-4'),
    seen(20, 'api-2', 'api-3'),
  ],
};

/** One target leaves and comes back four times in sixteen minutes, and leaves once more. */
export const flapping: Part = {
  type: 'planner',
  versions: [],
  after: Array.from({ length: 9 }, (_, index) => (index % 2 === 0 ? seen(2, 'api-1') : seen(2))),
};
