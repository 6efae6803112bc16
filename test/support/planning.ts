import { serialiseCellFleet } from '../../lib/fleet/cell-fleet-codec.ts';
import type { SourceReading } from '../../lib/fleet/sources/source.ts';
import type { LedgerEvent, RecordedEvent } from '../../lib/ledger/decider/events.ts';
import { execute } from '../../lib/ledger/execute.ts';
import type { MemoryLedger } from '../../lib/ledger/memory-ledger.ts';
import { memoryLedger } from '../../lib/ledger/memory-ledger.ts';
import { canonicalJson } from '../../lib/plan/canonical.ts';
import type { CellFleet } from '../../lib/plan/fleet-model.ts';
import { NEWEST_LEDGER_FORMAT } from '../../lib/plan/stored-format.ts';
import { planCell } from '../../lib/planner/plan-cell.ts';
import type { PlanOutcome } from '../../lib/planner/planner.ts';
import type { VirtualTime } from '../../lib/simulator/ports/virtual-time.ts';
import { virtualTime } from '../../lib/simulator/ports/virtual-time.ts';
import { silentTelemetry } from '../../lib/telemetry/telemetry.ts';
import { asking } from './ledger-events.ts';
import type { SmallFleet } from './small-fleet.ts';

const START = 1_760_000_000_000;
const EVENTS_MAX = 1_000;

/** A planner alone in its cell, with a source whose reading the test sets. */
export interface Planning {
  readonly ledger: MemoryLedger;
  readonly time: VirtualTime;
  readonly fleet: CellFleet;
  /** Sets the source's reading from now on. */
  see(reading: SourceReading): void;
  declare(fleet: SmallFleet): Promise<void>;
  append(event: LedgerEvent): Promise<void>;
  plan(): Promise<PlanOutcome>;
  events(): Promise<readonly RecordedEvent[]>;
}

/**
 * A cell whose fleet is declared, with nothing planned. The source reports what the fleet says until a test sets a
 * reading.
 */
export async function planning(first: SmallFleet): Promise<Planning> {
  const ledger = memoryLedger('5be1c07a', { firstFormat: NEWEST_LEDGER_FORMAT });
  const time = virtualTime(START);
  const { cell } = first;
  const fleet: CellFleet = { ...first, zoneId: 'Z1' };
  let reading: SourceReading | undefined;
  const append = async (event: LedgerEvent): Promise<void> => {
    await execute(ledger, cell, { at: () => time.now(), by: 'operator' }, () => asking(event));
  };
  const declare = async (next: SmallFleet): Promise<void> => {
    const whole: CellFleet = { ...next, zoneId: 'Z1' };
    const { zone, zoneId, policy, endpoints, targets } = whole;
    const digest = await ledger.putBody(cell, canonicalJson(serialiseCellFleet(whole)));
    const counts = { endpoints: endpoints.length, targets: targets.length };
    await append({ type: 'FleetDeclared', digest, zone, zoneId, policy, ...counts });
  };
  const source = {
    kind: 'live' as const,
    observe: async ({ targets }: CellFleet): Promise<SourceReading> =>
      reading ?? {
        type: 'observed',
        observations: Object.fromEntries(
          targets.map(({ id, health, capacity }) => [id, { health, capacity }]),
        ),
      },
  };
  await declare(first);
  return {
    ledger,
    time,
    fleet,
    append,
    declare,
    see: (next) => {
      reading = next;
    },
    plan: () =>
      planCell(
        { ledger, source, clock: time, telemetry: silentTelemetry, name: 'planner' },
        { cell, append: true },
      ),
    events: () => ledger.events(cell, { after: 0, limit: EVENTS_MAX, order: 'forward' }),
  };
}
