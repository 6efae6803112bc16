import type { Writer } from '../../cell/fenced-write.ts';
import type { Source } from '../../fleet/sources/source.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { WriterRole } from '../../plan/batch-kinds.ts';
import type { CellScope } from '../../plan/owned-names.ts';
import type { Clock, Instant } from '../../runtime/clock.ts';
import { instant } from '../../runtime/clock.ts';
import type { Randomness } from '../../runtime/ids.ts';
import { silentTelemetry } from '../../telemetry/telemetry.ts';
import { guardedZone } from '../../zone/guarded-zone.ts';
import type { PendingCall, Suspend } from './port-call.ts';
import type { ActorRelease } from './releases.ts';
import { releaseOf } from './releases.ts';
import { suspendingClock, suspendingLedger, suspendingSource, suspendingZone } from './suspending-ports.ts';

/** What an actor's ports need. */
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
  /** The number of record sets that the zone may hold while nobody restricts it. */
  readonly recordLimit: number;
}

/** What makes the ports of one actor differ from those of another. */
export interface PortSettings {
  /** What its batches may contain. */
  readonly writer: WriterRole;
  readonly release: ActorRelease;
  /** Milliseconds by which its clock is ahead; less than 0: behind. */
  readonly skewMs: number;
}

/** Everything that one actor's workflow can call. */
export interface ActorPorts {
  readonly name: string;
  readonly writer: Writer;
  readonly ledger: Ledger;
  readonly source: Source;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly telemetry: typeof silentTelemetry;
  /** For ports that belong to one workflow alone. */
  readonly suspend: Suspend;
}

/**
 * The ports of one actor. No actor gets its ports elsewhere. So everything in which one actor reads and writes
 * differently from the others stands here.
 */
export function actorPorts(
  context: PortContext,
  name: string,
  { writer: role, release, skewMs }: PortSettings,
  { scope, ledger }: Workplace,
): ActorPorts {
  const { now, randomness } = context;
  const suspend = release === undefined ? context.suspend : suspendAs(release, context.suspend);
  const zone = guardedZone(suspendingZone(suspend, scope.zoneId), role, scope);
  return {
    name,
    writer: { zone, scope, randomness, role, name },
    ledger: suspendingLedger(suspend, ledger),
    source: suspendingSource(suspend),
    clock: { ...suspendingClock(suspend, now), now: () => instant(now() + skewMs) },
    randomness,
    telemetry: silentTelemetry,
    suspend,
  };
}

/** Sends an actor's calls to the ledger as its release reads and writes it. */
function suspendAs(release: ActorRelease, suspend: Suspend): Suspend {
  return (call) => suspend(calledBy(release, call));
}

function calledBy(release: ActorRelease, call: Omit<PendingCall, 'actor'>): Omit<PendingCall, 'actor'> {
  return {
    ...call,
    release,
    perform: (backends) => call.perform({ ...backends, ledger: backends.seenBy(releaseOf(release)) }),
  };
}
