import { emulatedZone } from '../../emulator/emulated-zone.ts';
import type { Route53 } from '../../emulator/route53.ts';
import { createRoute53 } from '../../emulator/route53.ts';
import { Route53Error } from '../../emulator/route53-error.ts';
import type { Route53Deps } from '../../emulator/route53-state.ts';
import type { Weakness } from '../../emulator/settings.ts';
import type { Source } from '../../fleet/sources/source.ts';
import { staticSource } from '../../fleet/sources/static-source.ts';
import type { Head, Ledger } from '../../ledger/ledger.ts';
import type { MemoryLedger, MemoryLedgerOptions, Winners } from '../../ledger/memory-ledger.ts';
import { memoryLedger } from '../../ledger/memory-ledger.ts';
import type { Release } from '../../ledger/stored-event.ts';
import { invariant } from '../../plan/invariant.ts';
import type { CellName, DnsName } from '../../plan/names.ts';
import type { CellScope } from '../../plan/owned-names.ts';
import type { RecordSet } from '../../plan/records.ts';
import type { WrittenBy } from '../../plan/stored-format.ts';
import type { ChangeOutcome, Zone } from '../../zone/zone.ts';
import { restrictionsOf } from '../checkers/zone-obstacles.ts';
import type { ListingFault } from '../ports/faulty-listing.ts';
import { listedWith } from '../ports/faulty-listing.ts';
import type { Backends, Mailbox } from '../ports/port-call.ts';
import type { VirtualTime } from '../ports/virtual-time.ts';
import { virtualTime } from '../ports/virtual-time.ts';
import type { AnswerLens } from './answer-key.ts';
import { BY_EVENTS, BY_STATE, followHead } from './answer-key.ts';
import { unmarked } from './unmarked-fence.ts';

/** The time at which every simulation begins: milliseconds since 1970. */
export const EPOCH_MS = 1_760_000_000_000;
/** Milliseconds from a commit to INSYNC. */
const INSYNC_DELAY_MS = 30_000;
const LEDGER_ID = '5be1c07a';
/** The number of record sets that a zone may hold, unless something else is said. */
const RECORD_LIMIT = 10_000;

/** A ledger that can be read without its port, and copied. */
export interface EnvironmentLedger extends Pick<Ledger, 'id' | 'getBody'> {
  /** The port that calls go to. */
  readonly port: Ledger;
  /** The port that calls of another release go to. */
  seenBy(release: Release): Ledger;
  /** Returns at once what {@link Ledger.head} answers. */
  peek(cell: CellName): Head;
  /** The text of a body, where it can be read at once. */
  peekBody(cell: CellName, digest: string): string | undefined;
  /** Who wrote the newest event, and in which format; undefined before the first event. */
  written(cell: CellName): WrittenBy | undefined;
  /** A copy of the ledger. It gives or withholds the head that an append lost to. */
  clone(winners: Winners): EnvironmentLedger;
}

/** What stands behind an environment's ports: the port on the emulator's core itself, or an adapter between the two. */
export interface EnvironmentPorts {
  /** An empty ledger of this identity. */
  ledger(id: string): EnvironmentLedger;
  zone(core: Route53, zoneId: string): Zone;
}

/** No adapters: each port calls the emulator's core, or a ledger in memory. */
export function directPorts(options: Pick<MemoryLedgerOptions, 'hashing' | 'firstFormat'>): EnvironmentPorts {
  return { ledger: (id) => followedLedger(memoryLedger(id, options)), zone: emulatedZone };
}

export const DIRECT_PORTS = directPorts({ hashing: 'counted' });

export interface EnvironmentSettings {
  /** {@link DIRECT_PORTS} unless given. */
  readonly ports?: EnvironmentPorts;
  /** The properties of Route 53 that its emulator lacks here; none unless given. */
  readonly weaknesses?: ReadonlySet<Weakness>;
  /** Milliseconds from a commit to INSYNC; 30,000 unless given. */
  readonly insyncDelayMs?: number | undefined;
  /** The number of record sets that the zone may hold; 10,000 unless given. */
  readonly recordLimit?: number | undefined;
  /**
   * True in an environment that is watched and not searched: a sleep lasts as long as it was asked to, and a refusal
   * gives its reason. Otherwise the environment leaves out what makes two states differ and matters to nobody.
   */
  readonly exact?: boolean;
  /** Whether fences name the events that they were decided on; unless given where it is exact. */
  readonly isMarked?: boolean | undefined;
}

/** One zone and one ledger in memory, looked at from one of their cells. A copy at any point costs a few small maps. */
export interface Environment extends Backends {
  readonly scope: CellScope;
  /** Every cell of the zone, the scenario's first one first. */
  readonly scopes: readonly CellScope[];
  readonly route53: Route53;
  /** The ledger behind the port, for reading without a call. */
  readonly memory: EnvironmentLedger;
  readonly time: VirtualTime;
  /** The number of record sets that the zone may hold while nobody restricts it. */
  readonly recordLimit: number;
  /** The targets that do not serve now, by id. */
  failed(): ReadonlySet<string>;
  /** From now on exactly these targets do not serve. */
  setFailed(targets: ReadonlySet<string>): void;
  /** How listings of the zone are wrong now; undefined: they are right. */
  listingFault(): ListingFault | undefined;
  setListingFault(fault: ListingFault | undefined): void;
  records(): readonly RecordSet[];
  /** The same environment, looked at from this cell; from the first one unless given. */
  at(cell?: CellName): Environment;
  /** When every change committed so far is INSYNC, milliseconds since 1970. */
  insyncAt(): number;
  /** Whether a change of this id was committed. */
  knowsChange(id: string): boolean;
  /** @param winners whether a lost append gets the head that won; `withheld` unless given. */
  clone(winners?: Winners): Environment;
  /**
   * Equal for environments that nobody can tell apart. They are compared by their clocks; with `timeless` they are
   * compared by which changes are INSYNC, and by the state that the log ends in instead of its events.
   */
  key(timeless?: boolean, lens?: AnswerLens): string;
}

interface Parts {
  readonly scope: CellScope;
  readonly scopes: readonly CellScope[];
  readonly ports: EnvironmentPorts;
  readonly route53: Route53;
  readonly memory: EnvironmentLedger;
  readonly time: VirtualTime;
  readonly counts: Counts;
  readonly insyncDelayMs: number;
  readonly recordLimit: number;
  readonly exact: boolean;
  readonly isMarked: boolean;
}

/** What changes in an environment besides its zone and its ledger. */
interface Counts {
  ids: number;
  failed: ReadonlySet<string>;
  listing: ListingFault | undefined;
  /** Whether somebody has asked for a successor. */
  asked: boolean;
  /** The instants at which changes become INSYNC. Those of the past are dropped now and then. */
  insync: readonly number[];
}

/** An empty zone and an empty ledger for one cell, or for several. */
export function emptyEnvironment(
  cell: CellName | readonly [CellName, ...CellName[]],
  zone: DnsName,
  {
    ports = DIRECT_PORTS,
    weaknesses = new Set(),
    insyncDelayMs = INSYNC_DELAY_MS,
    recordLimit = RECORD_LIMIT,
    exact = false,
    isMarked = exact,
  }: EnvironmentSettings = {},
): Environment {
  const time = virtualTime(EPOCH_MS);
  const counts: Counts = { ids: 0, failed: new Set(), listing: undefined, asked: false, insync: [] };
  const route53 = createRoute53({ insyncDelayMs, recordLimit, weaknesses }, countedDeps(time, counts));
  const { zone: made } = route53.createHostedZone({ name: zone, callerReference: 'simulated' });
  const [first, ...others] = typeof cell === 'string' ? ([cell] as const) : cell;
  const scope = { cell: first, zone, zoneId: made.id };
  const scopes = [scope, ...others.map((other) => ({ ...scope, cell: other }))];
  const memory = ports.ledger(LEDGER_ID);
  const own = { scope, scopes, ports, route53, memory, time, counts };
  return environmentOf({ ...own, insyncDelayMs, recordLimit, exact, isMarked });
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
  const { scope, scopes, route53, memory, time, counts, recordLimit, exact } = parts;
  const insyncAt = () => counts.insync.at(-1) ?? 0;
  return {
    scope,
    scopes,
    route53,
    memory,
    time,
    recordLimit,
    zone: simulatedZone(parts),
    ledger: memory.port,
    seenBy: memory.seenBy,
    source: observedSource(counts),
    mailbox: mailboxOf(counts),
    // Whoever waits for name servers asks every two seconds. Here time passes at once to the only instant that matters.
    // A wait for a change that is INSYNC already takes no time, so that states which differ in nothing else stay equal.
    sleepUntil: (ms) => time.advanceTo(exact ? ms : insyncAt()),
    limitNow: () => route53.settings().recordLimit,
    happen: ({ afterMs, failed }) => {
      time.advanceTo(time.now() + afterMs);
      counts.failed = new Set(failed);
    },
    failed: () => counts.failed,
    setFailed: (targets) => {
      counts.failed = targets;
    },
    listingFault: () => counts.listing,
    setListingFault: (fault) => {
      counts.listing = fault;
    },
    records: () => route53.records(scope.zoneId),
    at: (cell = scopes[0]?.cell) => {
      const there = scopes.find((candidate) => candidate.cell === cell);
      invariant(there !== undefined, `no cell is called ${cell}`);
      return environmentOf({ ...parts, scope: there });
    },
    insyncAt,
    knowsChange: (id) => isCommitted(route53, id),
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

function isCommitted(route53: Route53, id: string): boolean {
  try {
    return route53.getChange(id).id === id;
  } catch (error) {
    if (error instanceof Route53Error) return false;
    throw error;
  }
}

function mailboxOf(counts: Counts): Mailbox {
  return {
    put: () => {
      counts.asked = true;
    },
    holdsMessage: () => counts.asked,
  };
}

/** Health as the fleet file says it, except for the targets that do not serve now. */
function observedSource(counts: Pick<Counts, 'failed'>): Source {
  const declared = staticSource();
  return {
    ...declared,
    observe: async (fleet, before) => {
      const targets = fleet.targets.map((target) =>
        counts.failed.has(target.id) ? { ...target, health: 'unhealthy' as const } : target,
      );
      return declared.observe({ ...fleet, targets }, before);
    },
  };
}

/** The zone's port. In a search a refusal gives no reason, because nobody may parse messages. */
function simulatedZone({ ports, route53, scope, time, counts, insyncDelayMs, exact, isMarked }: Parts): Zone {
  const zone = ports.zone(route53, scope.zoneId);
  return {
    ...zone,
    listRecords: async (start, limit) =>
      listedWith(counts.listing, await zone.listRecords(start, limit), limit),
    change: async (batch): Promise<ChangeOutcome> => {
      const outcome = await zone.change(
        isMarked ? batch : { ...batch, changes: batch.changes.map(unmarked) },
      );
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
    peekBody: (cell, digest) => memory.peekBody(cell, digest),
    written: (cell) => memory.written(cell),
    getBody: (cell, digest) => memory.getBody(cell, digest),
    clone: (winners) => followedLedger(memory.clone(winners)),
    port: followed(memory),
    seenBy: (release) => followed(memory.seenBy(release)),
  };
}

/** Empty where Route 53 refuses nothing that it did not refuse at the beginning, as in most runs. */
function restrictionsKey({ route53, scope, recordLimit: own }: Parts): string {
  const { protections, recordLimit, healthChecks } = restrictionsOf(route53, scope.zoneId);
  if (protections.length + healthChecks.size === 0 && recordLimit === own) return '';
  const keys = protections.map(({ name, type }) => `${name} ${type}`);
  return ` ${keys.sort().join()} ${recordLimit} ${[...healthChecks].sort().join()} `;
}

function listingKey({ listing }: Counts): string {
  return listing === undefined ? '' : ` ${listing.type} ${listing.place}`;
}

function keyOf(parts: Parts, timeless: boolean, lens: AnswerLens): string {
  const { route53, scope, scopes, memory, time, counts } = parts;
  const now = time.now();
  const versions = route53.answerable(scope.zoneId).map(lens.records);
  const pending = counts.insync.filter((at) => at > now).map((at) => at - now);
  const logs = scopes.map(({ cell }) => lens.head(memory.peek(cell)));
  const outside = `${counts.ids}${restrictionsKey(parts)}${[...counts.failed].sort().join()}${counts.asked ? ' asked' : ''}${listingKey(counts)}`;
  return `${versions.join()} ${pending.join()} ${timeless ? '' : now - EPOCH_MS} ${outside} ${logs.join()}`;
}
