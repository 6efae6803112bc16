import { enact } from '../../enactor/enact.ts';
import type { CellFleet } from '../../plan/fleet-model.ts';
import { DEFAULT_POLICY } from '../../plan/fleet-model.ts';
import { cellName, dnsName } from '../../plan/names.ts';
import type { SimulatedWorld } from '../engine/simulated-world.ts';
import { simulatedWorld } from '../engine/simulated-world.ts';
import { suspendingBlindZone } from './blind-zone.ts';
import { referenceEnact } from './reference-enactor.ts';

/** Where the schedule halts an actor: before its first write, before a root moves, or before the clean-up. */
export type Landmark = 'write' | 'flip' | 'clean-up';

/** The actors that enact and clean up in one play of the outage, in a world of their own. */
export interface Cast {
  readonly id: 'reference' | 'pawl';
  readonly title: string;
  readonly about: string;
  readonly world: SimulatedWorld;
  /** Starts a run of an enactor as an actor of its own. The actor runs to its first call. */
  startEnactor(actor: string, name: string): Promise<void>;
  /**
   * Starts the clean-up and returns its actor: one of its own, or the enactor that applied a plan and has not ended.
   */
  startCleanUp(afterEnactor: string): Promise<string>;
  /** The call that each landmark stands before: the port's verb and the beginning of its detail. */
  readonly landmarks: Readonly<Record<Landmark, RegExp>>;
}

/** The name that clients resolve. */
export const OUTAGE_ENDPOINT = dnsName('api.example.test');
/** The number of generations for which the reference's clean-up leaves a plan alone. */
const REFERENCE_KEEP = 10;

/** One endpoint of two targets whose addresses show the plan: plan 145 answers 192.0.2.145 and 198.51.100.145. */
export function outageFleet(generation: number): Omit<CellFleet, 'zoneId'> {
  const target = (id: string, address: string) => ({
    id,
    az: id,
    capacity: 100,
    health: 'healthy' as const,
    ipv4: [address],
    ipv6: [],
  });
  return {
    cell: cellName('use1-a'),
    zone: dnsName('example.test'),
    policy: {
      ...DEFAULT_POLICY,
      ...{ coalesceS: 0, capacityRemovedPercent: 100, endpointsChangedPercent: 100, blindPercent: 100 },
      ...{ retainGenerations: 1, retainMinutes: 0 },
    },
    targets: [target('az1', `192.0.2.${generation}`), target('az2', `198.51.100.${generation}`)],
    endpoints: [
      {
        name: OUTAGE_ENDPOINT,
        kind: 'addresses',
        ttl: 60,
        floor: 1,
        families: ['A'],
        targets: ['az1', 'az2'],
      },
    ],
  };
}

/** The enactor of 2025, which cleans up in its own process. */
export async function referenceCast(): Promise<Cast> {
  const world = await simulatedWorld({ fleet: outageFleet(1) });
  return {
    id: 'reference',
    title: 'The enactor of 2025',
    about:
      'Checks the version once, at the start; writes over whatever is there; cleans up by age in the same process.',
    world,
    startEnactor: (actor) =>
      world.startActor(actor, 'enactor', ({ suspend, ledger }) => {
        const { scope } = world;
        const zone = suspendingBlindZone(suspend, scope);
        return referenceEnact({ scope, ledger, zone }, { keepGenerations: REFERENCE_KEEP });
      }),
    startCleanUp: async (afterEnactor) => afterEnactor,
    landmarks: {
      write: /^zone\.upsert write/,
      flip: /^zone\.upsert point/,
      'clean-up': /^zone\.list clean-up/,
    },
  };
}

/** Pawl's production enactor and janitor, unmodified. */
export async function pawlCast(): Promise<Cast> {
  const world = await simulatedWorld({ fleet: outageFleet(1) });
  return {
    id: 'pawl',
    title: 'Pawl',
    about:
      'Every write carries the fence that it was decided on; the janitor proves in its batch that nothing points at what goes.',
    world,
    startEnactor: (actor, name) =>
      world.startActor(actor, 'enactor', ({ writer, deadline, ...deps }) =>
        enact({ ...deps, writer: { ...writer, name } }, { mode: 'sweep', deadline }),
      ),
    startCleanUp: async () => {
      await world.startJanitor('janitor');
      return 'janitor';
    },
    landmarks: {
      write: /^zone\.change (stage|flip)/,
      flip: /^zone\.change flip/,
      'clean-up': /^zone\.change retire/,
    },
  };
}
