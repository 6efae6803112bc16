import assert from 'node:assert/strict';
import { route53AnswerSource } from '../../../lib/emulator/dns/route53-answer-source.ts';
import { serveDns } from '../../../lib/emulator/dns/serve-dns.ts';
import { emulatedZone } from '../../../lib/emulator/emulated-zone.ts';
import { parseFleet } from '../../../lib/fleet/parse-fleet.ts';
import { resolveFleet } from '../../../lib/fleet/resolve-fleet.ts';
import type { AppendOutcome } from '../../../lib/ledger/ledger.ts';
import { adoptNames } from '../../../lib/operator/adopt-names.ts';
import { pausePlanner } from '../../../lib/operator/pause.ts';
import { pushFleet } from '../../../lib/operator/push-fleet.ts';
import type { CellFleet } from '../../../lib/plan/fleet-model.ts';
import { cellName, dnsName } from '../../../lib/plan/names.ts';
import type { RecordSet } from '../../../lib/plan/records.ts';
import { create, remove } from '../../../lib/plan/records.ts';
import { NEWEST_LEDGER_FORMAT } from '../../../lib/plan/stored-format.ts';
import { instant } from '../../../lib/runtime/clock.ts';
import { silentTelemetry } from '../../../lib/telemetry/telemetry.ts';
import { zoneWriter } from '../../../lib/wiring/zone-writer.ts';
import { seededRandomness } from '../../support/seeded-randomness.ts';
import type { TakenPerformed, TakenSetting, TakenWorld } from './taken-world.ts';
import {
  eventsOf,
  GIVE,
  PLAIN,
  pawlsIn,
  TAKE,
  TWO_CELLS,
  takenWorld,
  ungoverned,
  ZONE,
} from './taken-world.ts';

const M = cellName('m');
const H0 = dnsName(`h0.${ZONE}`);
const H1 = dnsName(`h1.${ZONE}`);
const ALL = { m: ['h0', 'h1', 'www'] } as const;
/** One of its names is free: nothing stands there before. */
const WITH_FREE = TWO_CELLS.replace(
  'endpoints: { h0',
  `endpoints: { new.${ZONE}: { kind: addresses, targets: [h0] }, h0`,
);
/** Longer than any command waits for a change, milliseconds. */
const SLOW_MS = 600_000;

/** A check in a world of its own. */
function within(setting: TakenSetting, check: (world: TakenWorld) => Promise<void>): () => Promise<void> {
  return async () => {
    const world = await takenWorld(setting);
    try {
      await check(world);
    } finally {
      await world.close();
    }
  };
}

async function takes(world: TakenWorld): Promise<TakenPerformed> {
  const taken = await world.pawl(TAKE);
  assert.equal(taken.exit, 0, taken.said);
  return taken;
}

async function gives(world: TakenWorld): Promise<TakenPerformed> {
  const given = await world.pawl(GIVE);
  assert.equal(given.exit, 0, given.said);
  return given;
}

/** A take-over that is asked before and after at a DNS server; a hand acts once the names have gone over. */
async function asked(world: TakenWorld, hand: () => void): Promise<TakenPerformed> {
  const dns = await serveDns(route53AnswerSource(world.core), {
    host: '127.0.0.1',
    port: 0,
    random: () => 0.5,
  });
  let isDone = false;
  world.meanwhile = () => {
    if (isDone || ungoverned(world, ALL) !== undefined) return;
    isDone = true;
    hand();
  };
  try {
    return await world.pawl(TAKE, { world: { dns } });
  } finally {
    await dns.close();
  }
}

function recordAt({ core, zoneId }: TakenWorld, name: string): RecordSet {
  const found = core.records(zoneId).find((record) => record.name === name);
  if (found === undefined) throw new Error(`nothing stands at ${name}`);
  return found;
}

function byHand(
  { core, zoneId }: TakenWorld,
  ...changes: Parameters<typeof core.changeResourceRecordSets>[1]['changes']
) {
  core.changeResourceRecordSets(zoneId, { changes, comment: 'by hand' });
}

/** The deps of a person in this world, and its fleets. */
function person(world: TakenWorld) {
  const { ledger, core } = world;
  const clock = { now: () => instant(world.now()), sleep: async () => undefined };
  const randomness = seededRandomness();
  const deps = { ledger, clock, randomness, telemetry: silentTelemetry, name: 'operator-ana' };
  const scope = { cell: M, zone: dnsName(ZONE), zoneId: world.zoneId };
  const zones = { ...deps, operator: deps.name, zone: (id: string) => emulatedZone(core, id) };
  return { ...deps, writer: zoneWriter(zones, 'operator', scope) };
}

function fleetsIn(text: string, { zoneId }: TakenWorld): readonly CellFleet[] {
  const parsed = parseFleet(text, 'taken.yaml');
  if (parsed.type === 'invalid') throw new Error('this is no fleet');
  const resolved = resolveFleet(parsed.fleet, new Map([[dnsName(ZONE), zoneId]]));
  if (resolved.type !== 'resolved') throw new Error('the zone is not there');
  return resolved.cells;
}

function commentsOf({ batches }: TakenWorld, what: RegExp): readonly string[] {
  return batches.map(({ comment }) => comment).filter((comment) => what.test(comment));
}

/**
 * What taking a zone over and giving it back must and must not do, one function each. They are run by tests, and by workers
 * on a library with a bug in it.
 */
export const TAKE_OVER_CHECKS: Readonly<Record<string, () => Promise<void>>> = {
  'a zone is governed at the end, and every name answered all the while': within({}, async (world) => {
    const { said } = await takes(world);
    assert.match(said, /3 names of 1 cell answer through Pawl/);
    assert.equal(ungoverned(world, ALL), undefined);
    assert.deepEqual(world.wrong, []);
  }),

  'all names of a cell go over in one flip, however quick its roles are': within({}, async (world) => {
    world.restless = true;
    await takes(world);
    const events = await eventsOf(world.ledger, 'm');
    assert.deepEqual(
      events.filter(({ type }) => type === 'EndpointRefused' || type === 'EndpointsKeptBack'),
      [],
    );
    assert.equal(events.filter(({ type }) => type === 'PlanApplied').length, 1);
  }),

  'what does not pass the check is not begun': within({ file: TWO_CELLS }, async (world) => {
    const deps = person(world);
    const [first] = fleetsIn(TWO_CELLS, world);
    assert.ok(first !== undefined);
    await pushFleet(deps, { cells: [first], apply: true, functionsRead: NEWEST_LEDGER_FORMAT });
    await pausePlanner(deps, { cell: M, reason: 'looking' });
    const { number } = world.ledger.peek(M);
    const refused = await world.pawl(TAKE);
    assert.equal(refused.exit, 1, refused.said);
    assert.match(refused.said, /The planner of cell m is paused/);
    assert.equal(world.ledger.peek(M).number, number);
    assert.deepEqual(await world.ledger.cells(), [M]);
  }),

  'a name that would be kept back is not begun': within(
    { file: TWO_CELLS.replace('ipv4: 198.51.100.2', 'health: unhealthy, ipv4: 198.51.100.2') },
    async (world) => {
      const refused = await world.pawl(TAKE);
      assert.equal(refused.exit, 1, refused.said);
      assert.match(refused.said, /h1.example.test would be kept back/);
      assert.deepEqual(await world.ledger.cells(), []);
    },
  ),

  'a name that the file leaves out stays as it is': within({ file: TWO_CELLS }, async (world) => {
    await takes(world);
    assert.equal(ungoverned(world, { m: ['h0'], n: ['h1'] }), undefined);
    const adopted = (await eventsOf(world.ledger, 'm')).flatMap((event) =>
      event.type === 'EndpointAdopted' ? [event.name] : [],
    );
    assert.deepEqual(adopted, [H0]);
    const { adopted: would, left } = adoptedOf(
      await adoptNames(person(world), { cell: M, names: [H0, dnsName(`www.${ZONE}`)], apply: true }),
    );
    assert.deepEqual([would, left], [[], [`www.${ZONE}`]]);
    assert.equal(world.ledger.peek(M).state.adopted.includes(dnsName(`www.${ZONE}`)), false);
  }),

  'a name of another cell is left': within({ file: TWO_CELLS }, async (world) => {
    await takes(world);
    const { adopted, left } = adoptedOf(
      await adoptNames(person(world), { cell: M, declared: [H0, H1], apply: true }),
    );
    assert.deepEqual([adopted, left], [[], [H1]]);
  }),

  'a flip that nobody has told of is no record of somebody else': within(
    { file: WITH_FREE },
    async (world) => {
      world.rolesLedger = {
        ...world.ledger,
        append: async (head, entry): Promise<AppendOutcome> => {
          if (entry.event.type === 'PlanApplied') return { type: 'unknown', reason: 'no answer came' };
          return world.ledger.append(head, entry);
        },
      };
      const dead = await world.pawl(`${TAKE} --within 5`);
      assert.equal(dead.exit, 3, dead.said);
      world.rolesLedger = undefined;
      await takes(world);
      const was = (await eventsOf(world.ledger, 'm')).flatMap((event) =>
        event.type === 'EndpointAdopted' ? event.was : [],
      );
      assert.equal(was.length, 1);
      assert.ok(was.every((text) => !text.includes('_pawl')));
    },
  ),

  'it goes on with the file that it wrote': within({}, async (world) => {
    world.atWork = false;
    const dead = await world.pawl(`${TAKE} --within 5`);
    assert.equal(dead.exit, 3, dead.said);
    const text = await world.fileText();
    await world.work();
    world.atWork = true;
    const { said } = await takes(world);
    assert.match(said, /3 names of 1 cell answer through Pawl/);
    assert.equal(await world.fileText(), text);
  }),

  'a second run finds nothing left to do, says so and asks nothing': within({}, async (world) => {
    await takes(world);
    const { number } = world.ledger.peek(M);
    world.batches.length = 0;
    // Nobody could answer a question here.
    const again = await world.pawl(TAKE.replace(' --yes', ''));
    assert.equal(again.exit, 0, again.said);
    assert.match(again.said, /Nothing is left to adopt or to declare/);
    assert.equal(world.ledger.peek(M).number, number);
    assert.deepEqual(world.batches, []);
  }),

  'names that Route 53 refuses are waited for no longer, and the exit says it': within({}, async (world) => {
    const { core, zoneId } = world;
    core.createResourceRecordSetProtections(zoneId, [{ name: H0, type: 'A' }]);
    const taken = await world.pawl(TAKE);
    assert.equal(taken.exit, 1, taken.said);
    assert.match(taken.said, /h0.example.test waits: "pawl status" says what for/);
    assert.equal(ungoverned(world, { m: ['h1', 'www'] }), undefined);
    assert.deepEqual(world.wrong, []);
  }),

  'names that are kept back are waited for no longer, and the exit says it': within(
    // Its health check fails as soon as somebody looks.
    { records: [...PLAIN, { name: dnsName(`bad.${ZONE}`), type: 'A', ttl: 60, values: ['203.0.113.9'] }] },
    async (world) => {
      const began = world.now();
      const taken = await world.pawl(TAKE);
      assert.equal(taken.exit, 1, taken.said);
      assert.match(taken.said, /bad.example.test waits: "pawl status" says what for/);
      assert.ok(world.now() - began < SLOW_MS, 'it waited until its time was over');
      assert.deepEqual(world.wrong, []);
    },
  ),

  'an answer that is missing afterwards ends with exit 1': within({}, async (world) => {
    const taken = await asked(world, () => byHand(world, remove(recordAt(world, H1))));
    assert.equal(taken.exit, 1, taken.said);
    assert.match(taken.said, /Without an answer now: h1.example.test A/);
  }),

  'an answer that nobody planned ends with exit 1': within({}, async (world) => {
    const taken = await asked(world, () =>
      byHand(
        world,
        remove(recordAt(world, H1)),
        create({ name: H1, type: 'A', ttl: 60, values: ['192.0.2.66'] }),
      ),
    );
    assert.equal(taken.exit, 1, taken.said);
    assert.match(taken.said, /With an answer that nobody planned: h1.example.test A/);
  }),

  'answers that stay are said to stay': within({}, async (world) => {
    const taken = await asked(world, () => undefined);
    assert.equal(taken.exit, 0, taken.said);
    assert.match(taken.said, /3 questions asked before and after. All answer as before, or as planned./);
  }),

  'a cell that is given back is taken back first': within({}, async (world) => {
    await takes(world);
    await gives(world);
    const refused = await world.pawl(TAKE);
    assert.equal(refused.exit, 1, refused.said);
    assert.match(refused.said, /Cell m is given back/);
    await world.pawl('thaw m');
    await world.pawl('resume m');
    world.atWork = false;
    const early = await world.pawl(`${TAKE} --within 5`);
    assert.equal(early.exit, 3, early.said);
    world.atWork = true;
    await takes(world);
    assert.equal(ungoverned(world, ALL), undefined);
    assert.deepEqual(world.wrong, []);
  }),

  'an adoption comes after the format of its cell': within({}, async (world) => {
    await takes(world);
    const [first] = await eventsOf(world.ledger, 'm');
    assert.equal(first?.type, 'FormatRaised');
  }),

  'plain records come back as they were, and nothing of Pawl is left': within({}, async (world) => {
    const before = plainIn(world);
    await takes(world);
    const { said } = await gives(world);
    assert.match(said, /m is given back/);
    assert.deepEqual(pawlsIn(world), []);
    assert.deepEqual(plainIn(world), before);
    assert.deepEqual(world.wrong, []);
  }),

  'rollback roots go with the roots': within({}, async (world) => {
    await takes(world);
    let left: readonly string[] = ['nobody looked'];
    world.beforeBatch = {
      comment: /give-back m/,
      act: () => {
        world.beforeBatch = {
          comment: /give-back m/,
          act: () => {
            left = pawlsIn(world).filter((name) => name.startsWith('rollback.'));
          },
        };
      },
    };
    await gives(world);
    assert.deepEqual(left, []);
  }),

  'trees go once the plain records are at every server': within({}, async (world) => {
    await takes(world);
    const { core } = world;
    core.configure({ insyncDelayMs: 30_000 });
    const soon: string[] = [];
    let plain = '';
    world.beforeBatch = {
      comment: /give-back m/,
      act: () => {
        const look = () => {
          plain = world.batches.at(-1)?.id ?? plain;
          if (core.getChange(plain).status !== 'INSYNC') soon.push(plain);
        };
        world.beforeBatch = { comment: /give-back m/, act: look };
      },
    };
    await gives(world);
    assert.notEqual(plain, '');
    assert.deepEqual(soon, []);
  }),

  'whoever goes on waits for the plain records of a dead one': within({}, async (world) => {
    await takes(world);
    const { core } = world;
    const { sites } = await copied(GIVE, 60_000);
    core.configure({ insyncDelayMs: 60_000 });
    const at = sites.indexOf('zone.change plain') + 2;
    const dead = await world.pawl(GIVE, { troubled: { at, trouble: 'dies' } });
    assert.notEqual(dead.exit, 0);
    const plain = world.batches.at(-1)?.id ?? '';
    assert.equal(core.getChange(plain).status, 'PENDING');
    core.configure({ insyncDelayMs: SLOW_MS });
    const late = await world.pawl(GIVE);
    assert.equal(late.exit, 3, late.said);
    assert.ok(
      pawlsIn(world).some((name) => name.startsWith('g')),
      'trees are there still',
    );
  }),

  'a root that a hand puts back keeps its tree': within({}, async (world) => {
    await takes(world);
    const root = recordAt(world, H0);
    world.beforeBatch = {
      comment: /give-back m/,
      act: () => {
        world.beforeBatch = {
          comment: /give-back m/,
          act: () => byHand(world, remove(recordAt(world, H0)), create(root)),
        };
      },
    };
    await gives(world);
    assert.deepEqual(pawlsIn(world), []);
    assert.deepEqual(world.wrong, []);
  }),

  'nobody else writes to a cell while it is given back': within({}, async (world) => {
    await takes(world);
    world.core.configure({ insyncDelayMs: 5_000 });
    world.restless = true;
    world.batches.length = 0;
    await gives(world);
    // An enactor that finds half a freeze completes it.
    assert.deepEqual(commentsOf(world, /^pawl (?!freeze).* by enactor-a/), []);
    assert.deepEqual(pawlsIn(world), []);
  }),

  'a fence that is made after it goes on above the last one': within({}, async (world) => {
    await takes(world);
    await world.pawl('freeze m --reason looking');
    await world.pawl('thaw m');
    const before = seqOf(world);
    await gives(world);
    await world.pawl('thaw m');
    await world.work();
    assert.ok(seqOf(world) > before, 'the fence went back');
  }),

  'what is left half given back is not called given back': within({}, async (world) => {
    await takes(world);
    const { sites } = await copied(GIVE, 0);
    const at = sites.indexOf('zone.change end');
    assert.ok(at > 0);
    await world.pawl(GIVE, { troubled: { at: at + 1, trouble: 'dies' } });
    const { said } = await gives(world);
    assert.doesNotMatch(said, /given back already/);
    assert.deepEqual(pawlsIn(world), []);
  }),
};

/** What a command calls in a world like these, where names are taken over already, and changes take so long from then on. */
async function copied(line: string, insyncDelayMs: number): Promise<TakenPerformed> {
  const world = await takenWorld();
  try {
    await takes(world);
    world.core.configure({ insyncDelayMs });
    return await world.pawl(line);
  } finally {
    await world.close();
  }
}

function adoptedOf(outcome: Awaited<ReturnType<typeof adoptNames>>): {
  readonly adopted: readonly string[];
  readonly left: readonly string[];
} {
  if (outcome.type !== 'done') throw new Error(outcome.reason);
  return {
    adopted: outcome.adopted.map(({ name }) => name),
    left: outcome.left.map(({ name }) => name),
  };
}

/** The records that are no zone's own, without order: weights as parts of the largest, since Pawl has its own scale. */
function plainIn({ core, zoneId }: TakenWorld): readonly string[] {
  const records = core.records(zoneId).filter(({ name }) => name !== ZONE);
  return records
    .map(({ name, type, ttl, values, weight }) => {
      const largest = Math.max(...records.map((each) => (each.name === name ? (each.weight ?? 0) : 0)));
      const part = weight === undefined ? 'always' : (weight / largest).toFixed(1);
      return `${name} ${type} ${ttl} ${values?.join() ?? ''} ${part}`;
    })
    .sort();
}

function seqOf({ core, zoneId }: TakenWorld): number {
  const fence = core.records(zoneId).find(({ name }) => name === `fence.m._pawl.${ZONE}`);
  return Number(/ seq=(\d+) /.exec(fence?.values?.join() ?? '')?.[1] ?? 0);
}
