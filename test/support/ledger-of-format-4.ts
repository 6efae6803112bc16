import { declaredFleet, fleetBody } from '../../lib/cell/cell-bodies.ts';
import type { AppendOnlyTable } from '../../lib/emulator/dynamodb/append-only-table.ts';
import { appendOnlyTable } from '../../lib/emulator/dynamodb/append-only-table.ts';
import type { Command } from '../../lib/ledger/decider/commands.ts';
import type { LedgerEvent } from '../../lib/ledger/decider/events.ts';
import { FORMATS } from '../../lib/ledger/decider/formats.ts';
import { floorsInEffect } from '../../lib/ledger/decider/loosening.ts';
import { execute } from '../../lib/ledger/execute.ts';
import type { Head, Ledger } from '../../lib/ledger/ledger.ts';
import type { Release } from '../../lib/ledger/stored-event.ts';
import { declareFleet } from '../../lib/operator/push-fleet.ts';
import { nextGeneration, seq } from '../../lib/plan/generation.ts';
import { waitingFloors } from '../../lib/plan/lowered-floors.ts';
import { keptTable, ledgerIn } from './kept-ledgers.ts';
import { copyCell } from './ledger-of-format-3.ts';

/** The release that first wrote format 4. */
export const RELEASE_0_4: Release = { formats: FORMATS.slice(0, 4), pawl: '0.4.0' };

/**
 * A ledger in format 4 with every type of event: the events and bodies of the kept ledger of 0.3.0, and in each cell what
 * only format 4 can hold.
 */
export async function ledgerOfFormat4(): Promise<AppendOnlyTable> {
  const older = await ledgerIn(keptTable('0.3.0'));
  const table = appendOnlyTable();
  const ledger = await ledgerIn(table, RELEASE_0_4);
  for (const cell of await older.cells()) {
    const { last } = await copyCell(older, ledger, cell, inFormat4);
    let at = last?.at ?? 0;
    const occasion = { at: () => (at += 1_000), by: 'enactor-a' };
    for (const command of [
      ...[movedFence, personsPlan, refusalOfIt, contradiction],
      ...[loosened(ledger), approval, withFloor(ledger, 3), withFloor(ledger, 2), approval],
      ...[withFloor(ledger, 1), loosened(ledger), rejection],
    ]) {
      const outcome = await execute(ledger, cell, occasion, command);
      if (outcome.type !== 'appended')
        throw new Error(`${cell}: ${outcome.type} ${'reason' in outcome ? outcome.reason : ''}`);
    }
  }
  return table;
}

function inFormat4(event: LedgerEvent): LedgerEvent {
  return event.type === 'FormatRaised' ? { ...event, format: 4 } : event;
}

/** The fence of the applied plan is moved by a change that is known. */
function movedFence({ state: { applied, owned } }: Head): Command {
  if (applied === null) throw new Error('nothing is applied');
  const { generation, digest } = applied;
  return {
    ...{ type: 'RecordApplied', generation, digest, seq: seq(applied.seq + 1), changeId: 'C0FORMAT4' },
    ...{ enactor: 'janitor', reason: 'observed', endpoints: owned, rollbacks: {} },
  };
}

function personsPlan({ state }: Head): Command {
  return {
    ...{ type: 'AppendPlan', generation: nextGeneration(state.highest), parent: state.goal?.generation ?? 0 },
    ...{ digest: state.goal?.digest ?? '', lane: 'urgent', disposition: 'approved', pausesPlanner: false },
    ...{ findings: [], newTrees: {}, capacityRemoved: {}, keptBack: [], origin: 'approval' },
    capacityReturned: { api: 20 },
    summary: { endpoints: 1, added: [], changed: [], removed: [], removedPermille: 0 },
  };
}

function refusalOfIt({ state: { goal, owned, adopted, fleet } }: Head): Command {
  const name = owned[0] ?? adopted[0] ?? fleet?.zone;
  if (goal === null || name === undefined) throw new Error('there is no plan');
  return {
    ...{ type: 'RecordRefusal', name, step: 'flip', generation: goal.generation, records: [`${name} A`] },
    ...{ reason: 'Tried to change a protected record.', batches: 7, attempt: 1 },
  };
}

/** The fleet that stands, with a policy by which what was taken counts for a minute less. */
function loosened(ledger: Ledger): (head: Head) => Promise<Command> {
  return async ({ cell, state }) => {
    if (state.fleet === null) throw new Error('there is no fleet');
    const declared = await declaredFleet(ledger, cell, state.fleet.digest);
    const capacityWindowS = declared.policy.capacityWindowS - 60;
    const next = { ...declared, policy: { ...declared.policy, capacityWindowS } };
    const text = fleetBody(next);
    await ledger.putBody(cell, text);
    return declareFleet(next, text, { before: declared, state });
  };
}

/** The fleet that stands, with this floor of every endpoint. */
function withFloor(ledger: Ledger, floor: number): (head: Head) => Promise<Command> {
  return async ({ cell, state }) => {
    if (state.fleet === null) throw new Error('there is no fleet');
    const declared = await declaredFleet(ledger, cell, state.fleet.digest);
    const next = { ...declared, endpoints: declared.endpoints.map((endpoint) => ({ ...endpoint, floor })) };
    const text = fleetBody(next);
    await ledger.putBody(cell, text);
    return declareFleet(next, text, { before: declared, state });
  };
}

function approval({ state }: Head): Command {
  return { type: 'ApproveLoosening', ...shown(state) };
}

function rejection({ state }: Head): Command {
  return { type: 'RejectLoosening', ...shown(state), reason: 'a rollback needs more' };
}

function shown(state: Head['state']) {
  const { fleet, loosening } = state;
  if (fleet === null || loosening === null) throw new Error('no looser policy waits');
  const floors = waitingFloors(floorsInEffect(state));
  const lower = Object.keys(floors).length === 0 ? {} : { floors };
  return { inEffect: loosening.inEffect, policy: fleet.policy, ...lower };
}

function contradiction(): Command {
  return { type: 'ReportContradiction', number: 999, digits: '0badf00d0bad', found: '5be1c07ad00d' };
}
