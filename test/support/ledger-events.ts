import type { CommandNamed } from '../../lib/ledger/decider/commands.ts';
import { COMMAND_OF } from '../../lib/ledger/decider/commands.ts';
import type { LedgerEvent, PlanAppended, PlanApplied } from '../../lib/ledger/decider/events.ts';
import { sha256 } from '../../lib/plan/canonical.ts';
import type { CellPolicy } from '../../lib/plan/fleet-model.ts';
import { generation, seq } from '../../lib/plan/generation.ts';
import { cellName, dnsName } from '../../lib/plan/names.ts';

/** The cell of the ledger's tests. */
export const CELL = cellName('use1-a');
export const LEDGER = '5be1c07a';
export const ZONE = dnsName('example.test');

export const POLICY: CellPolicy = {
  coalesceS: 10,
  capacityRemovedPercent: 30,
  capacityWindowS: 900,
  endpointsChangedPercent: 50,
  blindPercent: 50,
  retainGenerations: 3,
  retainMinutes: 60,
  unknownChangeS: 300,
};

/** The command that asks for an event. */
export function asking<Event extends LedgerEvent>(
  event: Event,
): CommandNamed<(typeof COMMAND_OF)[Event['type']]>;
export function asking(event: LedgerEvent) {
  return { ...event, type: COMMAND_OF[event.type] };
}

/** The digest of a plan's body. The body need not exist. */
export function digestOf(generation: number): string {
  return sha256(`plan ${generation}`);
}

export function fleetDeclared(digest = sha256('fleet')): LedgerEvent & { type: 'FleetDeclared' } {
  return {
    type: 'FleetDeclared',
    digest,
    zone: ZONE,
    zoneId: 'Z1',
    policy: POLICY,
    endpoints: 1,
    targets: 2,
  };
}

export function drained(target: string): LedgerEvent {
  return { type: 'TargetDrained', target, reason: 'maintenance' };
}

export function planAppended(number: number, more: Partial<PlanAppended> = {}): PlanAppended {
  return {
    type: 'PlanAppended',
    generation: generation(number),
    parent: number - 1,
    digest: digestOf(number),
    origin: 'planner',
    lane: 'routine',
    disposition: 'approved',
    pausesPlanner: false,
    findings: [],
    summary: {
      endpoints: 1,
      added: [],
      changed: [dnsName('api.example.test')],
      removed: [],
      removedPermille: 0,
    },
    newTrees: { api: `g${String(number).padStart(6, '0')}` },
    ...more,
  };
}

export function planApplied(number: number, fenceSeq: number, more: Partial<PlanApplied> = {}): PlanApplied {
  return {
    type: 'PlanApplied',
    generation: generation(number),
    seq: seq(fenceSeq),
    digest: digestOf(number),
    changeId: `C${number}`,
    enactor: 'enactor-a',
    reason: 'flip',
    endpoints: [dnsName('api.example.test')],
    rollbacks: {},
    durationMs: 1_200,
    ...more,
  };
}

export function planStaged(
  number: number,
  ...trees: readonly string[]
): LedgerEvent & { type: 'PlanStaged' } {
  return {
    type: 'PlanStaged',
    generation: generation(number),
    digest: digestOf(number),
    changes: [{ changeId: `S${number}`, trees }],
  };
}
