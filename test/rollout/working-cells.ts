import { emulatedZone } from '../../lib/emulator/emulated-zone.ts';
import type { Route53 } from '../../lib/emulator/route53.ts';
import { enact } from '../../lib/enactor/enact.ts';
import type { Source } from '../../lib/fleet/sources/source.ts';
import type { Ledger } from '../../lib/ledger/ledger.ts';
import type { FleetTarget } from '../../lib/plan/fleet-model.ts';
import type { CellName } from '../../lib/plan/names.ts';
import { planCell } from '../../lib/planner/plan-cell.ts';
import type { Clock } from '../../lib/runtime/clock.ts';
import { instant } from '../../lib/runtime/clock.ts';
import type { Randomness } from '../../lib/runtime/ids.ts';
import { silentTelemetry } from '../../lib/telemetry/telemetry.ts';
import { enactorDeps } from '../../lib/wiring/run-enactor.ts';

/** Addresses that nothing listens at. A file that has one is as good as any to every lint. */
const NOBODYS = '203.0.113.';

/** Where cells are at work, in one process. */
export interface Workplace {
  readonly ledger: Ledger;
  readonly core: Route53;
  readonly zoneId: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly randomness: Randomness;
}

/** What a person has stopped of the roles. */
export interface Stopped {
  readonly planners?: readonly string[];
  readonly enactors?: readonly string[];
}

/** One round of the roles of every cell: a planner that checks what answers, then an enactor. */
export async function workOnce(place: Workplace, stopped: Stopped = {}): Promise<void> {
  for (const cell of await place.ledger.cells()) {
    if (stopped.planners?.includes(cell) !== true) await plan(place, cell);
    if (stopped.enactors?.includes(cell) !== true) await apply(place, cell);
  }
}

async function plan({ ledger, core, zoneId, clock }: Workplace, cell: CellName): Promise<void> {
  const time = asleep(clock);
  const source = checks(() => addresses(core, zoneId));
  await planCell(
    { ledger, source, clock: time, telemetry: silentTelemetry, name: 'planner' },
    { cell, append: true },
  );
}

async function apply(place: Workplace, cell: CellName): Promise<void> {
  const { ledger, core, zoneId, randomness } = place;
  const { fleet } = (await ledger.head(cell)).state;
  if (fleet === null) return;
  const clock = asleep(place.clock);
  const world = {
    zone: (id: string) => emulatedZone(core, id),
    quota: () => ({ recordLimit: async () => core.settings().recordLimit }),
    ...{ clock, randomness, telemetry: silentTelemetry, operator: 'enactor-a' },
  };
  const scope = { cell, zone: fleet.zone, zoneId };
  const deps = enactorDeps(world, ledger, { scope, insyncPollMs: 10, unknownChangeMs: 600_000 });
  await enact(deps, { mode: 'sweep', deadline: instant(clock.now() + 60_000) });
}

/** The roles' own time stands still while they wait: a round takes no time. */
function asleep({ now }: Pick<Clock, 'now'>): Clock {
  return { now, sleep: async () => undefined };
}

/** A health check begins to fail once clients are sent to an address at which nothing listens. */
function checks(live: () => ReadonlySet<string>): Source {
  const isDead = ({ ipv4 }: FleetTarget, answered: ReadonlySet<string>): boolean =>
    ipv4.some((address) => address.startsWith(NOBODYS) && answered.has(address));
  return {
    kind: 'live',
    observe: async ({ targets }) => {
      const answered = live();
      const seen = targets.map((target) => [
        target.id,
        { health: isDead(target, answered) ? 'unhealthy' : 'healthy', capacity: target.capacity } as const,
      ]);
      return { type: 'observed', observations: Object.fromEntries(seen) };
    },
  };
}

/** Every address in the zone. */
function addresses(core: Route53, zoneId: string): ReadonlySet<string> {
  return new Set(core.records(zoneId).flatMap(({ values }) => values ?? []));
}
