import type { EnactorDeps } from '../../enactor/enactor.ts';
import { policyInEffect } from '../../ledger/decider/loosening.ts';
import type { Head, Ledger } from '../../ledger/ledger.ts';
import type { FenceWait } from '../../operator/fence-wait.ts';
import type { OperatorDeps, OperatorZoneDeps } from '../../operator/operator.ts';
import type { CellScope } from '../../plan/owned-names.ts';
import { instant } from '../../runtime/clock.ts';
import type { CellSettings } from '../../wiring/role-run.ts';
import type { World } from '../../wiring/world.ts';
import { zoneWriter } from '../../wiring/zone-writer.ts';
import { scopeOf } from './cells.ts';

/** Between two looks at a PENDING change: an emulator is quick, AWS generally takes up to a minute. */
const POLL_MS = { local: 250, aws: 2_000 } as const;
const UNKNOWN_CHANGE_MS = 600_000;

/** What an operator's workflow needs of a world besides its ledger. */
export type OperatorsWorld = Pick<World, 'clock' | 'randomness' | 'telemetry' | 'operator'>;

/** The deps of an operator's workflow in a world. */
export function operatorDeps(world: OperatorsWorld, ledger: Ledger): OperatorDeps {
  const { clock, randomness, telemetry, operator } = world;
  return { ledger, clock, randomness, telemetry, name: operator };
}

/** The same for a workflow that writes to the cell's zone. */
export function operatorZoneDeps(world: World, ledger: Ledger, scope: CellScope): OperatorZoneDeps {
  return { ...operatorDeps(world, ledger), writer: zoneWriter(world, 'operator', scope) };
}

/** How to wait for staged trees without the ledger, which has the cell's policy. */
export function insyncSettings({ kind }: World): EnactorDeps['settings'] {
  return { insyncPollMs: POLL_MS[kind], unknownChangeMs: UNKNOWN_CHANGE_MS };
}

/** Twice what a change generally takes until it is INSYNC (GetChange, API reference), milliseconds. */
const FENCE_WAIT_MS = 120_000;

/** How long a command waits, from now on, for the fence that it writes. */
export function fenceWait(world: World): FenceWait {
  return { settings: insyncSettings(world), deadline: instant(world.clock.now() + FENCE_WAIT_MS) };
}

/** The settings of a role that a person runs by hand. */
export function cellSettings(world: World, head: Head): CellSettings {
  const { insyncPollMs } = insyncSettings(world);
  return {
    scope: scopeOf(head),
    insyncPollMs,
    unknownChangeMs: policyInEffect(head.state).unknownChangeS * 1_000,
  };
}
