import type { Writer } from '../../cell/fenced-write.ts';
import type { Source } from '../../fleet/sources/source.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { WriterRole } from '../../plan/batch-kinds.ts';
import type { CellScope } from '../../plan/owned-names.ts';
import type { Clock, Instant } from '../../runtime/clock.ts';
import type { Randomness } from '../../runtime/ids.ts';
import { silentTelemetry } from '../../telemetry/telemetry.ts';
import { guardedZone } from '../../zone/guarded-zone.ts';
import type { Suspend } from './port-call.ts';
import { suspendingClock, suspendingLedger, suspendingSource, suspendingZone } from './suspending-ports.ts';

/** What an actor's ports are made from. */
export interface PortContext {
  readonly suspend: Suspend;
  /** The time that the actor's clock shows. */
  readonly now: () => Instant;
  /** Nonces that no other actor makes. */
  readonly randomness: Randomness;
}

/** The cell that an actor works on. */
export interface Workplace {
  readonly scope: CellScope;
  /** The ledger's identity. */
  readonly ledger: string;
}

/** Everything that a workflow calls, in the hands of one actor. */
export interface ActorPorts {
  readonly name: string;
  readonly writer: Writer;
  readonly ledger: Ledger;
  readonly source: Source;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly telemetry: typeof silentTelemetry;
  /** For a port of the workflow's own. */
  readonly suspend: Suspend;
}

/**
 * The ports of one actor. Every actor gets its ports here and nowhere else, so that what one actor reads and writes
 * otherwise than the others is said here.
 *
 * @param role what the actor's batches may hold.
 */
export function actorPorts(
  { suspend, now, randomness }: PortContext,
  name: string,
  role: WriterRole,
  { scope, ledger }: Workplace,
): ActorPorts {
  const zone = guardedZone(suspendingZone(suspend, scope.zoneId), role, scope);
  return {
    name,
    writer: { zone, scope, randomness, role, name },
    ledger: suspendingLedger(suspend, ledger),
    source: suspendingSource(suspend),
    clock: suspendingClock(suspend, now),
    randomness,
    telemetry: silentTelemetry,
    suspend,
  };
}
