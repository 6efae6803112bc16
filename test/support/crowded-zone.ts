import type { Source } from '../../lib/fleet/sources/source.ts';
import type { retire } from '../../lib/janitor/retire.ts';
import type { CellFleet, FleetTarget, Observations } from '../../lib/plan/fleet-model.ts';
import { dnsName } from '../../lib/plan/names.ts';
import { planCell } from '../../lib/planner/plan-cell.ts';
import type { PlanOutcome } from '../../lib/planner/planner.ts';
import type { SimulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';
import { simulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';
import { silentTelemetry } from '../../lib/telemetry/telemetry.ts';
import { auditNow } from './auditing.ts';
import { finish } from './drive.ts';
import type { SmallFleet } from './small-fleet.ts';
import { smallFleet, target } from './small-fleet.ts';

/** How large a cell is, and how much room its zone has. */
export interface Crowd {
  readonly endpoints: number;
  readonly targets: number;
  /** Each target has an address of each family. */
  readonly dualStack: boolean;
  readonly recordLimit: number;
  readonly policy?: Partial<CellFleet['policy']>;
}

/** One cell in a zone with little room, its targets, and the roles that work on it. */
export interface CrowdedCell {
  readonly world: SimulatedWorld;
  /** Has the sources say how this target is from now on. */
  observe(target: string, health: FleetTarget['health']): void;
  /** Gives every target another address. */
  readdress(generation: number): Promise<void>;
  /** A planner's run that a person would ask for: it does not wait for other changes. */
  plan(): Promise<PlanOutcome>;
  enact(): Promise<unknown>;
  /** A janitor's runs until it has nothing to do. Each waits until its own deletion is everywhere. */
  clean(): Promise<void>;
  audit(): Promise<unknown>;
  /** All of them once, in the order in which a change goes through them. */
  round(): Promise<void>;
  /** How many names of the cell answer with this target. */
  answering(target: string): number;
  /** An independent copy. */
  copy(): CrowdedCell;
}

/** More runs than a janitor needs to empty a zone. */
const CLEANINGS_MAX = 60;

const INSYNC_MS = 1_000;
const RETAIN_MINUTES = 10_080;

/** Makes the cell and applies its first plan; an audit has told the log how large the zone is. */
export async function crowdedCell(crowd: Crowd): Promise<CrowdedCell> {
  const { recordLimit } = crowd;
  const settings = { fleet: crowdedFleet(crowd, 0), insyncDelayMs: INSYNC_MS, recordLimit };
  const cell = cellIn(await simulatedWorld(settings), crowd, new Map());
  await cell.audit();
  await cell.round();
  return cell;
}

function cellIn(world: SimulatedWorld, crowd: Crowd, seen: Map<string, FleetTarget['health']>): CrowdedCell {
  const { recordLimit } = crowd;
  const source: Source = {
    kind: 'live',
    observe: async ({ targets }) => ({ type: 'observed', observations: observed(targets, seen) }),
  };
  const request = { cell: world.scope.cell, append: true, immediate: true };
  const deps = { ledger: world.ledger, source, clock: world.time, telemetry: silentTelemetry };
  const plan = () => planCell({ ...deps, name: 'planner' }, request);
  const enact = async (): Promise<unknown> => {
    const name = `enactor-${world.scheduler.steps().length}`;
    await world.startEnactor(name, 'hint');
    return finish(world, name);
  };
  const clean = async (): Promise<void> => {
    for (let runs = 0; runs < CLEANINGS_MAX; runs += 1) {
      world.time.advanceTo(world.time.now() + 2 * INSYNC_MS);
      const name = `janitor-${world.scheduler.steps().length}`;
      await world.startJanitor(name);
      const outcome = (await finish(world, name)) as Awaited<ReturnType<typeof retire>>;
      if (outcome.type !== 'retired') return;
    }
    throw new Error('the janitor does not come to an end');
  };
  const audit = () => auditNow(world, { settings: { recordLimit, unknownChangeMs: 300_000 } });
  return {
    world,
    plan,
    enact,
    clean,
    audit,
    observe: (id, health) => seen.set(id, health),
    readdress: (generation) => world.declare(crowdedFleet(crowd, generation)),
    round: async () => {
      await plan();
      await enact();
      await clean();
      await audit();
    },
    answering: (id) => answering(world, id),
    copy: () => cellIn(world.copy(), crowd, new Map(seen)),
  };
}

function observed(
  targets: readonly FleetTarget[],
  seen: ReadonlyMap<string, FleetTarget['health']>,
): Observations {
  return Object.fromEntries(
    targets.map(({ id, capacity, health }) => [id, { health: seen.get(id) ?? health, capacity }]),
  );
}

function answering(world: SimulatedWorld, id: string): number {
  const records = world.records();
  const live = new Set(
    records.flatMap(({ name, alias }) =>
      alias === undefined || name.startsWith('rollback.') ? [] : [alias.name],
    ),
  );
  const with_ = records.filter(({ name, setIdentifier }) => live.has(name) && setIdentifier === id);
  return new Set(with_.map(({ name }) => name)).size;
}

/** The endpoints that answer with the addresses of this generation of the fleet. */
export function changed({ world }: CrowdedCell, generation: number): number {
  const records = world.records();
  const live = new Map(
    records.flatMap(({ name, alias }) =>
      alias === undefined || name.startsWith('rollback.') ? [] : [[alias.name, name] as const],
    ),
  );
  const isNew = (value: string): boolean => value.startsWith(`198.51.${generation}.`);
  const there = records.filter(({ name, values }) => live.has(name) && values?.some(isNew) === true);
  return new Set(there.map(({ name }) => live.get(name))).size;
}

/** The fleet of such a cell; every generation has other addresses. */
export function crowdedFleet(crowd: Crowd, generation: number): SmallFleet {
  // The policy keeps all that a test ever applies.
  const fleet = smallFleet(1, { retainGenerations: 5, retainMinutes: RETAIN_MINUTES, ...crowd.policy });
  const [first] = fleet.endpoints;
  if (first === undefined) throw new Error('the small fleet has no endpoint');
  const targets = Array.from({ length: crowd.targets }, (_, index) =>
    target(`t-${index + 1}`, 1, {
      az: `az${index % 3}`,
      ipv4: [`198.51.${generation % 256}.${index + 1}`],
      ipv6: crowd.dualStack ? [`2001:db8::${(generation + 1).toString(16)}:${(index + 1).toString(16)}`] : [],
    }),
  );
  return {
    ...fleet,
    targets,
    endpoints: Array.from({ length: crowd.endpoints }, (_, index) => ({
      ...first,
      name: dnsName(`e${String(index + 1).padStart(2, '0')}.example.test`),
      families: crowd.dualStack ? (['A', 'AAAA'] as const) : (['A'] as const),
      targets: targets.map(({ id }) => id),
    })),
  };
}
