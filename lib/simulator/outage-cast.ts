import { enact } from '../enactor/enact.ts';
import { retire } from '../janitor/retire.ts';
import type { CellFleet } from '../plan/fleet-model.ts';
import { DEFAULT_POLICY } from '../plan/fleet-model.ts';
import { invariant } from '../plan/invariant.ts';
import { cellName, dnsName } from '../plan/names.ts';
import { instant } from '../runtime/clock.ts';
import { silentTelemetry } from '../telemetry/telemetry.ts';
import type { ChangeOutcome } from '../zone/zone.ts';
import { referenceEnact } from './reference-enactor.ts';
import type { BlindZone } from './reference-zone.ts';
import { scheduledBlindZone } from './reference-zone.ts';
import { scheduledLedger } from './scheduled-ports.ts';
import type { ActorPorts, SimulatedWorld } from './world.ts';
import { simulatedWorld } from './world.ts';

/** Where the schedule halts an actor: before its first write, before a root moves, before it cleans up. */
export type Landmark = 'write' | 'flip' | 'clean-up';

/** Who plays the enactors and the clean-up in one telling of the outage, in a world of their own. */
export interface Cast {
  readonly id: 'reference' | 'pawl';
  readonly title: string;
  readonly about: string;
  readonly world: SimulatedWorld;
  /** Starts a run of an enactor as an actor of its own; it comes to its first call. */
  startEnactor(actor: string, name: string): Promise<void>;
  /** The actor that cleans up: one of its own, or the enactor that applied a plan and has not ended. */
  startCleanUp(afterEnactor: string): Promise<string>;
  /** What stands before a landmark: the port's verb and how its detail begins. */
  readonly landmarks: Readonly<Record<Landmark, RegExp>>;
  /** What the last write that was answered came to; undefined once it was taken. */
  takeAnswer(): ChangeOutcome | undefined;
}

/** The name that clients resolve. */
export const OUTAGE_ENDPOINT = dnsName('api.example.test');
/** How old a plan the reference's clean-up leaves alone, in generations. */
const REFERENCE_KEEP = 10;

const INSYNC = { insyncPollMs: 2_000, unknownChangeMs: 300_000 };
/** Simulated runs never end by their deadline. */
const FOREVER = instant(Number.MAX_SAFE_INTEGER);

/** One endpoint of two targets whose addresses tell the plan: plan 145 answers 192.0.2.145 and 198.51.100.145. */
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
  const answers = keptAnswers();
  return {
    id: 'reference',
    title: 'The enactor of 2025',
    about:
      'Checks the version once, at the start; writes over whatever is there; cleans up by age in the same process.',
    world,
    startEnactor: (actor) =>
      world.scheduler.start(actor, (suspend) => {
        const zone = keepingBlind(scheduledBlindZone(suspend, world.scope), answers);
        const ledger = scheduledLedger(suspend, world.ledger.id);
        return referenceEnact({ scope: world.scope, ledger, zone }, { keepGenerations: REFERENCE_KEEP });
      }),
    startCleanUp: async (afterEnactor) => afterEnactor,
    landmarks: {
      write: /^zone\.upsert write/,
      flip: /^zone\.upsert point/,
      'clean-up': /^zone\.list clean-up/,
    },
    takeAnswer: answers.take,
  };
}

/** Pawl's production enactor and janitor, unmodified. */
export async function pawlCast(): Promise<Cast> {
  const world = await simulatedWorld({ fleet: outageFleet(1) });
  const answers = keptAnswers();
  const rest = { telemetry: silentTelemetry, settings: INSYNC };
  return {
    id: 'pawl',
    title: 'Pawl',
    about:
      'Every write carries the fence that it was decided on; the janitor proves in its batch that nothing points at what goes.',
    world,
    startEnactor: (actor, name) =>
      world.startActor(actor, 'enactor', (ports) =>
        enact({ ...keeping(ports, name, answers), ...rest }, { mode: 'sweep', deadline: FOREVER }),
      ),
    startCleanUp: async () => {
      await world.startActor('janitor', 'janitor', (ports) =>
        retire({ ...keeping(ports, 'janitor', answers), ...rest }, { deadline: FOREVER }),
      );
      return 'janitor';
    },
    landmarks: {
      write: /^zone\.change (stage|flip)/,
      flip: /^zone\.change flip/,
      'clean-up': /^zone\.change retire/,
    },
    takeAnswer: answers.take,
  };
}

interface KeptAnswers {
  put(outcome: ChangeOutcome): ChangeOutcome;
  readonly take: () => ChangeOutcome | undefined;
}

function keptAnswers(): KeptAnswers {
  const kept: ChangeOutcome[] = [];
  return {
    put: (outcome) => {
      invariant(kept.length === 0, 'every answer is taken before the next');
      kept.push(outcome);
      return outcome;
    },
    take: () => kept.pop(),
  };
}

function keeping(ports: ActorPorts, name: string, answers: KeptAnswers): ActorPorts {
  const { zone } = ports.writer;
  const change: typeof zone.change = async (batch) => answers.put(await zone.change(batch));
  return { ...ports, writer: { ...ports.writer, name, zone: { ...zone, change } } };
}

function keepingBlind(zone: BlindZone, answers: KeptAnswers): BlindZone {
  return {
    list: (why) => zone.list(why),
    upsert: async (records, why) => answers.put(await zone.upsert(records, why)),
    remove: async (records, why) => answers.put(await zone.remove(records, why)),
  };
}
