import { declaredFleet, fleetBody } from '../../lib/cell/cell-bodies.ts';
import type { AppendOnlyTable } from '../../lib/emulator/dynamodb/append-only-table.ts';
import { appendOnlyTable } from '../../lib/emulator/dynamodb/append-only-table.ts';
import type { Command } from '../../lib/ledger/decider/commands.ts';
import type { LedgerEvent } from '../../lib/ledger/decider/events.ts';
import { FORMATS } from '../../lib/ledger/decider/formats.ts';
import { execute } from '../../lib/ledger/execute.ts';
import type { Head, Ledger } from '../../lib/ledger/ledger.ts';
import { putPlan } from '../../lib/ledger/plan-bodies.ts';
import type { Release } from '../../lib/ledger/stored-event.ts';
import { declareFleet } from '../../lib/operator/push-fleet.ts';
import { desiredEndpoints } from '../../lib/plan/desired.ts';
import type { FleetEndpoint, FleetRoute } from '../../lib/plan/fleet-model.ts';
import { nextGeneration } from '../../lib/plan/generation.ts';
import { makePlan } from '../../lib/plan/make-plan.ts';
import { keptTable, ledgerIn } from './kept-ledgers.ts';
import { copyCell } from './ledger-of-format-3.ts';

/** The release that first wrote format 5. */
export const RELEASE_0_5: Release = { formats: FORMATS.slice(0, 5), pawl: '0.5.0' };

/**
 * A ledger in format 5 with every type of event: the events and bodies of the kept ledger of 0.4.0, and in each cell what
 * only format 5 can hold.
 */
export async function ledgerOfFormat5(): Promise<AppendOnlyTable> {
  const older = await ledgerIn(keptTable('0.4.0'));
  const table = appendOnlyTable();
  const ledger = await ledgerIn(table, RELEASE_0_5);
  for (const cell of await older.cells()) {
    const { last } = await copyCell(older, ledger, cell, inFormat5);
    let at = last?.at ?? 0;
    const occasion = { at: () => (at += 1_000), by: 'operator-ana' };
    for (const command of [routedFleet(ledger), planOfIt(ledger), ...BRANCHES]) {
      const outcome = await execute(ledger, cell, occasion, command);
      if (outcome.type !== 'appended')
        throw new Error(`${cell}: ${outcome.type} ${'reason' in outcome ? outcome.reason : ''}`);
    }
  }
  return table;
}

/** One branch stays evacuated, and one was. */
const BRANCHES: readonly (() => Command)[] = [
  () => ({ type: 'EvacuateBranch', branch: 'eu-west-1', reason: 'latency' }),
  () => ({ type: 'EvacuateBranch', branch: 'primary.us-east-1', reason: '' }),
  () => ({ type: 'RestoreBranch', branch: 'eu-west-1' }),
];

/** The fleet that stands, in which an endpoint with two targets or more fails over from the first to the others. */
function routedFleet(ledger: Ledger): (head: Head) => Promise<Command> {
  return async ({ cell, state }) => {
    if (state.fleet === null) throw new Error('there is no fleet');
    const declared = await declaredFleet(ledger, cell, state.fleet.digest);
    const next = { ...declared, endpoints: declared.endpoints.map(withFailover) };
    const text = fleetBody(next);
    await ledger.putBody(cell, text);
    return declareFleet(next, text, { before: declared, state });
  };
}

function withFailover(endpoint: FleetEndpoint): FleetEndpoint {
  const [first, ...others] = endpoint.targets;
  if (first === undefined || others.length === 0) return endpoint;
  const to = (...targets: readonly string[]): FleetRoute => ({
    type: 'targets',
    targets,
    answer: 'weighted',
  });
  const branches = [
    { id: 'primary', routing: { Failover: 'PRIMARY' }, route: to(first) },
    { id: 'secondary', routing: { Failover: 'SECONDARY' }, route: to(...others) },
  ] as const;
  return { ...endpoint, route: { type: 'branches', policy: 'failover', branches } };
}

/** A held plan of that fleet, whose body has nodes. */
function planOfIt(ledger: Ledger): (head: Head) => Promise<Command> {
  return async ({ cell, state }) => {
    if (state.fleet === null) throw new Error('there is no fleet');
    const fleet = await declaredFleet(ledger, cell, state.fleet.digest);
    const scope = { cell, zone: fleet.zone, zoneId: fleet.zoneId };
    const observations = Object.fromEntries(
      fleet.targets.map(({ id, capacity }) => [id, { health: 'healthy', capacity } as const]),
    );
    const generation = nextGeneration(state.highest);
    const { plan, newTrees } = makePlan({
      ...{ scope, generation, base: undefined, isUnretired: () => false },
      endpoints: desiredEndpoints({ fleet, observations, drained: [], evacuated: [], base: undefined }),
    });
    return {
      ...{ type: 'AppendPlan', generation, parent: 0, digest: await putPlan(ledger, plan) },
      ...{ origin: 'planner', lane: 'routine', disposition: 'held', pausesPlanner: false },
      ...{ findings: [], newTrees, capacityRemoved: {}, keptBack: [] },
      summary: { endpoints: 1, added: [], changed: [], removed: [], removedPermille: 0 },
    };
  };
}

function inFormat5(event: LedgerEvent): LedgerEvent {
  return event.type === 'FormatRaised' ? { ...event, format: 5 } : event;
}
