import type { Command } from '../ledger/decider/commands.ts';
import { EVENT_OF } from '../ledger/decider/commands.ts';
import type { EventType } from '../ledger/decider/events.ts';
import { execute } from '../ledger/execute.ts';
import type { Head } from '../ledger/ledger.ts';
import type { AuditorDeps } from './auditor.ts';

/** `overtaken`: the log has a write since then, so the finding may not hold any more. */
export type RecordOutcome = 'appended' | 'known' | 'overtaken' | 'failed';

/** Events of writes, after which an earlier reading of the zone may not hold. */
const WRITES: ReadonlySet<EventType> = new Set([
  'PlanApplied',
  'DriftRepaired',
  'TreesRetired',
  'FenceAhead',
]);
/** More events than this since the zone was read count as a write. */
const EVENTS_MAX = 500;

/** Appends a fact that held when the zone was read, whatever was appended since. */
export async function recordFact(deps: AuditorDeps, command: Command): Promise<RecordOutcome> {
  return append(deps, command, async () => true);
}

/**
 * Appends a finding, unless the log has a write since `basis` was read: the finding must not follow the record of the
 * repair that ended it.
 */
export async function recordFinding(
  deps: AuditorDeps,
  basis: Head,
  command: Command,
): Promise<RecordOutcome> {
  return append(deps, command, async (now) => {
    if (now.number === basis.number) return true;
    const range = { after: basis.number, limit: EVENTS_MAX, order: 'forward' } as const;
    const since = await deps.ledger.events(deps.scope.cell, range);
    return since.length < EVENTS_MAX && !since.some((recorded) => WRITES.has(recorded.event.type));
  });
}

async function append(
  deps: AuditorDeps,
  command: Command,
  holds: (now: Head) => Promise<boolean>,
): Promise<RecordOutcome> {
  const { ledger, scope, clock, name, telemetry, anchor } = deps;
  let overtaken = false;
  const occasion = { at: () => clock.now(), by: name, anchor };
  const outcome = await execute(ledger, scope.cell, occasion, async (now) => {
    overtaken = !(await holds(now));
    return overtaken ? undefined : command;
  });
  switch (outcome.type) {
    case 'appended':
      return 'appended';
    case 'recorded':
      return overtaken ? 'overtaken' : 'known';
    case 'refused':
    case 'unknown':
      telemetry.note('event not recorded', {
        event: EVENT_OF[command.type],
        reason: outcome.reason,
        cell: scope.cell,
      });
      return 'failed';
  }
}
