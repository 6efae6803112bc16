import { freeze } from '../../lib/operator/freeze.ts';
import { recordEvent } from '../../lib/operator/record-event.ts';
import { thaw } from '../../lib/operator/thaw.ts';
import type { CellName } from '../../lib/plan/names.ts';
import { cellName, dnsName } from '../../lib/plan/names.ts';
import { cellOfName, parseOwnedName } from '../../lib/plan/owned-names.ts';
import type { CellsOfOneZone, Commit } from './cells-of-one-zone.ts';
import { cellsOfOneZone, INSYNC_MS, SHARED_ZONE } from './cells-of-one-zone.ts';
import { waitOf } from './fence-wait.ts';
import { fleetWith } from './moved-fleets.ts';

/*
 * Two cells in one zone and a handover, with the workflows of production: one of them is stopped before each of its
 * calls in turn, somebody else runs from beginning to end, and it goes on, or it is dead. Every commit is held against
 * the rules of both cells, and so is the end, once everybody has run undisturbed.
 */

const OLD = cellName('use1-a');
const NEW = cellName('use1-b');
const BOTH = [OLD, NEW];
const [MOVED, KEPT] = [dnsName(`e000.${SHARED_ZONE}`), dnsName(`e001.${SHARED_ZONE}`)] as const;
const NAMES = [MOVED, KEPT];

/** Whoever runs while another one is stopped. */
export type Interloper = (world: CellsOfOneZone) => Promise<unknown>;

interface Stopped {
  readonly world: CellsOfOneZone;
  /** Runs a workflow, and stops it before its call of this number, from 0. Gives how many calls it made. */
  run(workflow: () => Promise<unknown>, at: number, meanwhile: Interloper | 'dies'): Promise<number>;
}

class Died extends Error {}

/** A world in which a file that moves the first endpoint has been pushed. */
async function pushed(): Promise<Stopped> {
  let atCall = async (): Promise<void> => undefined;
  const world = cellsOfOneZone({ atCall: () => atCall() });
  await world.push([fleetWith(OLD, world.zoneId, NAMES), fleetWith(NEW, world.zoneId, [])]);
  await world.rounds(BOTH);
  world.watch(NAMES);
  await world.push(moved(world));
  return {
    world,
    run: async (workflow, at, meanwhile) => {
      let calls = 0;
      let isDead = false;
      atCall = async () => {
        if (isDead) throw new Died();
        calls += 1;
        if (calls - 1 !== at) return;
        if (meanwhile === 'dies') {
          isDead = true;
          throw new Died();
        }
        const stopped = atCall;
        atCall = async () => undefined;
        await meanwhile(world);
        atCall = stopped;
      };
      try {
        await workflow();
      } catch (error) {
        if (!isDead) throw error;
      } finally {
        atCall = async () => undefined;
      }
      return calls;
    },
  };
}

const moved = (world: CellsOfOneZone) => [
  fleetWith(OLD, world.zoneId, [KEPT]),
  fleetWith(NEW, world.zoneId, [MOVED]),
];

async function offered(world: CellsOfOneZone): Promise<void> {
  await world.plan(OLD);
  await world.enact(OLD);
  await world.plan(NEW);
}

async function taken(world: CellsOfOneZone): Promise<void> {
  await offered(world);
  await world.enact(NEW);
}

async function given(world: CellsOfOneZone): Promise<void> {
  await taken(world);
  await world.enact(OLD);
  await world.plan(OLD);
  await world.enact(OLD);
}

/** Where a run begins, and who is stopped in it. */
export interface Main {
  readonly name: string;
  readonly before: (world: CellsOfOneZone) => Promise<void>;
  readonly who: (world: CellsOfOneZone) => Promise<unknown>;
}

export const MAINS: readonly Main[] = [
  {
    name: 'the enactor that offers',
    before: async (world) => void (await world.plan(OLD)),
    who: (world) => world.enact(OLD),
  },
  { name: 'the enactor that takes', before: offered, who: (world) => world.enact(NEW) },
  { name: 'the enactor that learns what was taken', before: taken, who: (world) => world.enact(OLD) },
  {
    name: 'the janitor of the cell that gave',
    before: async (world) => {
      await given(world);
      world.clock.shift(2 * INSYNC_MS);
    },
    who: (world) => world.clean(OLD),
  },
];

/** The giver flips the endpoint to another tree, because a target of it has failed. */
const failover: Interloper = async (world) => {
  const fleet = fleetWith(OLD, world.zoneId, [KEPT]);
  const targets = fleet.targets.map((target, index) =>
    index === 0 ? { ...target, health: 'unhealthy' as const } : target,
  );
  await world.push([{ ...fleet, targets }, fleetWith(NEW, world.zoneId, [MOVED])]);
  await world.plan(OLD);
  await world.enact(OLD);
};

const freezes: Interloper = async (world) => {
  const deps = { ...world.operator(), writer: world.writer(OLD, 'operator', 'operator-ana') };
  await freeze(deps, { cell: OLD, reason: 'looking', wait: waitOf(deps) });
};

const withdraws: Interloper = async (world) => {
  await world.push([fleetWith(OLD, world.zoneId, NAMES), fleetWith(NEW, world.zoneId, [])]);
  await world.enact(OLD);
};

/** The same by the giver alone, as where the other cell has a ledger of its own. */
const withdrawsAlone: Interloper = async (world) => {
  const deps = world.operator();
  await recordEvent(deps, OLD, () => ({ type: 'WithdrawOffers', names: [MOVED] }));
  await world.enact(OLD);
};

export const INTERLOPERS: Readonly<Record<string, Interloper | 'dies'>> = {
  'dies itself': 'dies',
  'the enactor of the giver': (world) => world.enact(OLD),
  'the enactor of the taker': (world) => world.enact(NEW),
  'a minute, and both janitors': async (world) => {
    world.clock.shift(2 * INSYNC_MS);
    for (const cell of BOTH) await world.clean(cell);
  },
  'the giver, which fails over': failover,
  'a freeze of the giver': freezes,
  'a person who takes it back': withdraws,
  'the giver, which takes its offer back': withdrawsAlone,
  'the enactor, the planner and the janitor of the giver, at once': async (world) => {
    await world.enact(OLD);
    await world.plan(OLD);
    await world.clean(OLD);
  },
  'everybody, to the end': (world) => world.rounds(BOTH, 2),
};

/** Whose names a commit touched, and whether it might. */
function breaches(commits: readonly Commit[]): readonly string[] {
  const found: string[] = [];
  let owner: CellName | 'nobody' = OLD;
  for (const [index, { kind, by, changes, owners }] of commits.entries()) {
    const writer = by.split(' ').at(-1);
    const at = `commit ${index}, ${kind} by ${by}`;
    for (const { record, action } of changes) {
      const cell = cellOfName(record.name, { zone: SHARED_ZONE });
      if (cell !== undefined && cell !== writer) {
        const scope = { cell, zone: SHARED_ZONE, zoneId: '' };
        const what = parseOwnedName(record.name, scope)?.kind;
        const isFence = what === 'fence';
        const isGoing = action === 'DELETE' && (what === 'offer' || what === 'rollback');
        if (kind !== 'handover' || !(isFence || isGoing)) found.push(`${at}: ${action} ${record.name}`);
      }
      if (record.name === MOVED && kind !== 'handover' && owner !== writer)
        found.push(`${at}: ${action} ${record.name}, which is of ${owner}`);
    }
    const now: CellName | 'nobody' = owners.get(MOVED) ?? owner;
    const fences = changes.filter(({ record }) => record.name.startsWith('fence.'));
    if (now !== owner && kind !== 'handover') found.push(`${at}: the owner is ${now} and was ${owner}`);
    if (now !== owner && fences.length !== 4) found.push(`${at}: ${fences.length / 2} fences moved`);
    owner = now;
  }
  return found;
}

/** Everybody runs undisturbed; then the logs and the zone agree on who owns what. Gives what is not so. */
async function atRest(world: CellsOfOneZone): Promise<readonly string[]> {
  const { frozen } = (await world.ledger.head(OLD)).state;
  if (frozen !== null) {
    const deps = { ...world.operator(), writer: world.writer(OLD, 'operator', 'operator-ana') };
    await thaw(deps, { cell: OLD });
  }
  world.clock.shift(3_700_000);
  await world.rounds(BOTH, 3);
  world.clock.shift(3_700_000);
  await world.rounds(BOTH, 2);
  const owner = world.commits.at(-1)?.owners.get(MOVED) ?? OLD;
  const found: string[] = [];
  for (const cell of BOTH) {
    const { owned, offers, awaited } = (await world.ledger.head(cell)).state;
    if (owned.includes(MOVED) !== (owner === cell))
      found.push(`the log of ${cell} is wrong about ${MOVED}, which ${owner} has`);
    const isOneSided = awaited.length > 0 && cell === NEW && owner === OLD && offers.length === 0;
    if (offers.length + (isOneSided ? 0 : awaited.length) > 0) found.push(`${cell} still offers or awaits`);
    const { type } = await world.audit(cell);
    if (type !== 'clean' && type !== 'unplanned') found.push(`the audit of ${cell} is ${type}`);
  }
  return found;
}

/** How many calls a workflow makes when nobody stops it. */
async function callsOf(main: Main): Promise<number> {
  const { world, run } = await pushed();
  await main.before(world);
  return run(() => main.who(world), -1, 'dies');
}

/** What is broken when this one is stopped before each of its calls while that one runs; empty when nothing is. */
export async function brokenBy(main: Main, meanwhile: Interloper | 'dies'): Promise<readonly string[]> {
  const calls = await callsOf(main);
  if (calls < 4) return [`${main.name} made ${calls} calls`];
  for (let at = 0; at < calls; at += 1) {
    const { world, run } = await pushed();
    await main.before(world);
    await run(() => main.who(world), at, meanwhile);
    const ends = await atRest(world);
    const found = [...world.missing, ...breaches(world.commits), ...ends];
    if (found.length > 0) return found.map((each) => `stopped before call ${at}: ${each}`);
  }
  return [];
}
