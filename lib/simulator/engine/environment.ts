import { emulatedZone } from '../../emulator/emulated-zone.ts';
import type { Route53 } from '../../emulator/route53.ts';
import { createRoute53 } from '../../emulator/route53.ts';
import type { Route53Deps } from '../../emulator/route53-state.ts';
import type { Weakness } from '../../emulator/settings.ts';
import { staticSource } from '../../fleet/sources/static-source.ts';
import type { Head, Ledger } from '../../ledger/ledger.ts';
import type { MemoryLedger, Winners } from '../../ledger/memory-ledger.ts';
import { memoryLedger } from '../../ledger/memory-ledger.ts';
import type { Release } from '../../ledger/stored-event.ts';
import type { CellName, DnsName } from '../../plan/names.ts';
import type { CellScope } from '../../plan/owned-names.ts';
import type { RecordSet } from '../../plan/records.ts';
import type { WrittenBy } from '../../plan/stored-format.ts';
import type { ChangeOutcome, Zone } from '../../zone/zone.ts';
import type { Backends } from '../ports/port-call.ts';
import type { VirtualTime } from '../ports/virtual-time.ts';
import { virtualTime } from '../ports/virtual-time.ts';
import type { AnswerLens } from './answer-key.ts';
import { BY_EVENTS, BY_STATE, followHead } from './answer-key.ts';

/** Where every simulated world begins: milliseconds since 1970. */
export const EPOCH_MS = 1_760_000_000_000;
/** Milliseconds from a commit to INSYNC. */
const INSYNC_DELAY_MS = 30_000;
const LEDGER_ID = '5be1c07a';
const RECORD_LIMIT = 10_000;

/** A ledger that can be looked into past its port, and copied. */
export interface EnvironmentLedger extends Pick<Ledger, 'id' | 'getBody'> {
  /** Where calls go. */
  readonly port: Ledger;
  /** Where the calls of another release go. */
  seenBy(release: Release): Ledger;
  /** What {@link Ledger.head} answers, at once. */
  peek(cell: CellName): Head;
  /** Who wrote the newest event, and in which format; undefined before the first. */
  written(cell: CellName): WrittenBy | undefined;
  /** A ledger of its own that goes on from here, and gives or withholds the head that an append lost to. */
  clone(winners: Winners): EnvironmentLedger;
}

/**
 * What stands behind an environment's ports: the port on the emulator's core itself, or an adapter on the way to it.
 */
export interface EnvironmentPorts {
  /** An empty ledger of this identity. */
  ledger(id: string): EnvironmentLedger;
  zone(core: Route53, zoneId: string): Zone;
}

/** No adapters: each call of a port is one of the emulator's core or of a ledger in memory. */
export function directPorts(hashing: 'counted' | 'sha256'): EnvironmentPorts {
  return { ledger: (id) => followedLedger(memoryLedger(id, { hashing })), zone: emulatedZone };
}

export const DIRECT_PORTS = directPorts('counted');

export interface EnvironmentSettings {
  /** {@link DIRECT_PORTS} unless given. */
  readonly ports?: EnvironmentPorts;
  /** What the emulated Route 53 does worse than the real one; nothing unless given. */
  readonly weaknesses?: ReadonlySet<Weakness>;
  /** Milliseconds from a commit to INSYNC; 30,000 unless given. */
  readonly insyncDelayMs?: number | undefined;
  /** Record sets that the zone may hold; 10,000 unless given. */
  readonly recordLimit?: number | undefined;
  /**
   * True for an environment that is watched and not searched: a sleep takes as long as it was asked to, and a refusal
   * says why. Otherwise whatever makes two worlds differ and matters to nobody is left out.
   */
  readonly exact?: boolean;
}

/** One cell's zone and ledger in memory, which can be copied at any point for the price of a few small maps. */
export interface Environment extends Backends {
  readonly scope: CellScope;
  readonly route53: Route53;
  /** The ledger behind the port, to look at. */
  readonly memory: EnvironmentLedger;
  readonly time: VirtualTime;
  records(): readonly RecordSet[];
  /** When everything committed so far is at every name server, milliseconds since 1970. */
  insyncAt(): number;
  /** @param winners whether an append that lost is given the head that won; `withheld` unless given. */
  clone(winners?: Winners): Environment;
  /**
   * Equal for environments that nobody can tell apart: by any clock, or, without time, by what is everywhere yet, and
   * by what the log comes to instead of how.
   */
  key(timeless?: boolean, lens?: AnswerLens): string;
}

interface Parts {
  readonly scope: CellScope;
  readonly ports: EnvironmentPorts;
  readonly route53: Route53;
  readonly memory: EnvironmentLedger;
  readonly time: VirtualTime;
  readonly counts: Counts;
  readonly insyncDelayMs: number;
  readonly exact: boolean;
}

interface Counts {
  ids: number;
  /** INSYNC instants of changes, those of the past left out now and then. */
  insync: readonly number[];
}

/** An empty zone and an empty ledger for one cell. */
export function emptyEnvironment(
  cell: CellName,
  zone: DnsName,
  {
    ports = DIRECT_PORTS,
    weaknesses = new Set(),
    insyncDelayMs = INSYNC_DELAY_MS,
    recordLimit = RECORD_LIMIT,
    exact = false,
  }: EnvironmentSettings = {},
): Environment {
  const time = virtualTime(EPOCH_MS);
  const counts: Counts = { ids: 0, insync: [] };
  const route53 = createRoute53({ insyncDelayMs, recordLimit, weaknesses }, countedDeps(time, counts));
  const { zone: made } = route53.createHostedZone({ name: zone, callerReference: 'simulated' });
  const scope = { cell, zone, zoneId: made.id };
  const memory = ports.ledger(LEDGER_ID);
  return environmentOf({ scope, ports, route53, memory, time, counts, insyncDelayMs, exact });
}

function countedDeps(time: VirtualTime, counts: Counts): Route53Deps {
  return {
    now: () => time.now(),
    id: (prefix) => {
      counts.ids += 1;
      return `${prefix}${String(counts.ids).padStart(8, '0')}`;
    },
  };
}

function environmentOf(parts: Parts): Environment {
  const { scope, route53, memory, time, counts, exact } = parts;
  const insyncAt = () => counts.insync.at(-1) ?? 0;
  return {
    scope,
    route53,
    memory,
    time,
    zone: simulatedZone(parts),
    ledger: memory.port,
    seenBy: memory.seenBy,
    source: staticSource(),
    // Whoever waits for name servers asks every two seconds; here the one time that matters comes at once, and a wait
    // for what is everywhere already takes no time, so that worlds which differ in nothing else stay the same.
    sleepUntil: (ms) => time.advanceTo(exact ? ms : insyncAt()),
    records: () => route53.records(scope.zoneId),
    insyncAt,
    clone: (winners = 'withheld') => {
      const copied = virtualTime(time.now());
      const own = { ...counts };
      return environmentOf({
        ...parts,
        route53: route53.clone(countedDeps(copied, own)),
        memory: memory.clone(winners),
        time: copied,
        counts: own,
      });
    },
    key: (timeless = false, lens = timeless ? BY_STATE : BY_EVENTS) => keyOf(parts, timeless, lens),
  };
}

/** The zone's port. A refusal that a search meets says only that it is one: nobody may parse messages. */
function simulatedZone({ ports, route53, scope, time, counts, insyncDelayMs, exact }: Parts): Zone {
  const zone = ports.zone(route53, scope.zoneId);
  return {
    ...zone,
    change: async (batch): Promise<ChangeOutcome> => {
      const outcome = await zone.change(batch);
      if (outcome.type === 'rejected') return exact ? outcome : REJECTED;
      if (outcome.type === 'unknown') return outcome;
      const now = time.now();
      counts.insync = [...counts.insync.filter((at) => at > now), now + insyncDelayMs];
      return outcome;
    },
  };
}

const REJECTED: ChangeOutcome = { type: 'rejected', reason: 'the batch was refused' };

function followedLedger(memory: MemoryLedger): EnvironmentLedger {
  const followed = (port: Ledger): Ledger => ({
    ...port,
    append: async (head, entry) => {
      const before = memory.peek(head.cell);
      const outcome = await port.append(head, entry);
      if (outcome.type === 'appended') followHead(before, outcome.head);
      return outcome;
    },
  });
  return {
    id: memory.id,
    peek: (cell) => memory.peek(cell),
    written: (cell) => memory.written(cell),
    getBody: (cell, digest) => memory.getBody(cell, digest),
    clone: (winners) => followedLedger(memory.clone(winners)),
    port: followed(memory),
    seenBy: (release) => followed(memory.seenBy(release)),
  };
}

function keyOf({ route53, scope, memory, time, counts }: Parts, timeless: boolean, lens: AnswerLens): string {
  const now = time.now();
  const versions = route53.answerable(scope.zoneId).map(lens.records);
  const pending = counts.insync.filter((at) => at > now).map((at) => at - now);
  const head = memory.peek(scope.cell);
  const log = lens.head(head);
  return `${versions.join()} ${pending.join()} ${timeless ? '' : now - EPOCH_MS} ${counts.ids} ${log}`;
}
