import { audit } from '../../lib/auditor/audit.ts';
import type { AuditOutcome } from '../../lib/auditor/auditor.ts';
import type { Writer } from '../../lib/cell/fenced-write.ts';
import { answer } from '../../lib/emulator/dns/answer.ts';
import type { AnswerSource } from '../../lib/emulator/dns/answer-source.ts';
import { zoneView as servedView } from '../../lib/emulator/dns/served-records.ts';
import { emulatedZone } from '../../lib/emulator/emulated-zone.ts';
import { BUILT_IN_PLACES } from '../../lib/emulator/places/built-in-places.ts';
import type { Route53 } from '../../lib/emulator/route53.ts';
import { createRoute53 } from '../../lib/emulator/route53.ts';
import { enact } from '../../lib/enactor/enact.ts';
import type { EnactOutcome } from '../../lib/enactor/enactor.ts';
import { staticSource } from '../../lib/fleet/sources/static-source.ts';
import type { RetireOutcome } from '../../lib/janitor/janitor.ts';
import { retire } from '../../lib/janitor/retire.ts';
import type { LedgerEvent } from '../../lib/ledger/decider/events.ts';
import type { Ledger } from '../../lib/ledger/ledger.ts';
import type { MemoryLedger } from '../../lib/ledger/memory-ledger.ts';
import { memoryLedger } from '../../lib/ledger/memory-ledger.ts';
import type { OperatorDeps } from '../../lib/operator/operator.ts';
import { pushFleet } from '../../lib/operator/push-fleet.ts';
import type { WriterRole } from '../../lib/plan/batch-kinds.ts';
import type { CellFleet } from '../../lib/plan/fleet-model.ts';
import type { CellName, DnsName } from '../../lib/plan/names.ts';
import { dnsName } from '../../lib/plan/names.ts';
import { cellOfName } from '../../lib/plan/owned-names.ts';
import type { Change, RecordSet } from '../../lib/plan/records.ts';
import { NEWEST_LEDGER_FORMAT } from '../../lib/plan/stored-format.ts';
import { planCell } from '../../lib/planner/plan-cell.ts';
import type { PlanOutcome } from '../../lib/planner/planner.ts';
import { instant } from '../../lib/runtime/clock.ts';
import { silentTelemetry } from '../../lib/telemetry/telemetry.ts';
import { guardedZone } from '../../lib/zone/guarded-zone.ts';
import { readOnlyZone } from '../../lib/zone/read-only-zone.ts';
import type { Zone } from '../../lib/zone/zone.ts';
import type { VirtualClock } from '../runtime/virtual-clock.ts';
import { seededRandomness, virtualClock } from '../runtime/virtual-clock.ts';

export const SHARED_ZONE = dnsName('example.test');
export const INSYNC_MS = 30_000;
const DAY_MS = 86_400_000;

/** One accepted batch, and who owned each watched name in every state that some name server could answer from then. */
export interface Commit {
  readonly kind: string;
  readonly by: string;
  readonly changes: readonly Change[];
  /** The cell that each name's root points at, as the newest state has it; `nobody` where it has none. */
  readonly owners: ReadonlyMap<DnsName, CellName | 'nobody'>;
}

/** Several cells in one zone, with the workflows of production on a clock that only sleeps move. */
export interface CellsOfOneZone {
  readonly core: Route53;
  readonly zoneId: string;
  readonly clock: VirtualClock;
  /** The ledger of every cell that has none of its own. */
  readonly ledger: MemoryLedger;
  readonly commits: readonly Commit[];
  /** Names without an answer at some commit, in one of the states that a name server could answer from. */
  readonly missing: readonly string[];
  /** From now on every commit asks for these names. */
  watch(names: readonly DnsName[]): void;
  records(): readonly RecordSet[];
  operator(ledger?: MemoryLedger): OperatorDeps;
  writer(cell: CellName, role: WriterRole, name?: string): Writer;
  /** Pushes fleets as a person does; throws where it is refused. */
  push(cells: readonly CellFleet[], from?: readonly CellName[]): Promise<void>;
  plan(cell: CellName): Promise<PlanOutcome>;
  enact(cell: CellName, mode?: 'hint' | 'sweep'): Promise<EnactOutcome>;
  clean(cell: CellName): Promise<RetireOutcome>;
  audit(cell: CellName): Promise<AuditOutcome>;
  /** Planner, enactor and, a minute later, janitor of each of these cells in turn, as often as is asked for. */
  rounds(cells: readonly CellName[], times?: number): Promise<void>;
  events(cell: CellName): Promise<readonly LedgerEvent[]>;
}

export interface ZoneSettings {
  /** Ledgers of cells that another stack runs. */
  readonly ledgers?: ReadonlyMap<CellName, MemoryLedger>;
  /** Awaited before every call of a workflow to its ledger or to the zone; what it throws, the workflow gets. */
  readonly atCall?: () => Promise<void>;
  /** What stands between a writer and the zone. */
  readonly through?: (zone: Zone, by: { readonly cell: CellName; readonly role: WriterRole }) => Zone;
}

export function cellsOfOneZone({ ledgers = new Map(), atCall, through }: ZoneSettings = {}): CellsOfOneZone {
  const clock = virtualClock(1_790_000_000_000);
  let ids = 0;
  const core = createRoute53(
    { insyncDelayMs: INSYNC_MS, recordLimit: 10_000 },
    {
      now: () => clock.now(),
      id: (prefix) => {
        ids += 1;
        return `${prefix}${String(ids).padStart(8, '0')}`;
      },
    },
  );
  const { zone: hosted, changeId } = core.createHostedZone({ name: SHARED_ZONE, callerReference: 'shared' });
  core.settle(changeId);
  const zoneId = hosted.id;
  const randomness = seededRandomness();
  const ledger = memoryLedger('5be1c07a');
  const commits: Commit[] = [];
  const missing: string[] = [];
  let watched: readonly DnsName[] = [];

  const ledgerOf = (cell: CellName): Ledger => {
    const own = ledgers.get(cell) ?? ledger;
    return atCall === undefined ? own : interruptedLedger(own, atCall);
  };
  const deadline = () => instant(clock.now() + DAY_MS);

  function committed(kind: string, by: string, changes: readonly Change[]): void {
    for (const [version, records] of core.answerable(zoneId).entries()) {
      const source = sourceOf(zoneId, records);
      for (const name of watched)
        if (answer(source, { name, type: 'A' }, 0.5).answers.every(({ type }) => type !== 'A'))
          missing.push(`${name} after ${commits.length} ${kind} by ${by}, state ${version}`);
    }
    missing.push(...danglingBetween(core.answerable(zoneId), watched, `${commits.length} ${kind} by ${by}`));
    const all = core.records(zoneId);
    const owners = new Map(watched.map((name) => [name, ownerIn(all, name)]));
    commits.push({ kind, by, changes, owners });
  }

  function portOf(cell: CellName, role: WriterRole): Zone {
    const zone = emulatedZone(core, zoneId);
    const noting: Zone = {
      ...zone,
      change: async (batch) => {
        const outcome = await zone.change(batch);
        if (outcome.type === 'accepted') committed(batch.kind, `${role} of ${cell}`, batch.changes);
        return outcome;
      },
    };
    const scope = { cell, zone: SHARED_ZONE, zoneId };
    const reached = atCall === undefined ? noting : interruptedZone(noting, atCall);
    const guarded = guardedZone(reached, role, scope);
    return through === undefined ? guarded : through(guarded, { cell, role });
  }

  const base = { clock, telemetry: silentTelemetry };
  const settings = { insyncPollMs: 2_000, unknownChangeMs: 300_000 };
  const world: CellsOfOneZone = {
    core,
    zoneId,
    clock,
    ledger,
    commits,
    missing,
    watch: (names) => {
      watched = names;
    },
    records: () => core.records(zoneId),
    operator: (of = ledger) => ({ ...base, ledger: of, randomness, name: 'operator-ana' }),
    writer: (cell, role, name = `${role}-a`) => ({
      ...{ zone: portOf(cell, role), scope: { cell, zone: SHARED_ZONE, zoneId } },
      ...{ randomness, role, name },
    }),
    push: async (cells, from) => {
      const functionsRead = NEWEST_LEDGER_FORMAT;
      const outcome = await pushFleet(world.operator(), { cells, from, apply: true, functionsRead });
      if (outcome.type !== 'done') throw new Error(outcome.reason);
    },
    plan: async (cell) => {
      const deps = { ...base, ledger: ledgerOf(cell), source: staticSource(), name: 'planner' };
      return planCell(deps, { cell, append: true });
    },
    enact: (cell, mode = 'sweep') =>
      enact(
        { ...base, ledger: ledgerOf(cell), writer: world.writer(cell, 'enactor'), settings },
        { mode, deadline: deadline() },
      ),
    clean: (cell) =>
      retire(
        { ...base, ledger: ledgerOf(cell), writer: world.writer(cell, 'janitor'), settings },
        { deadline: deadline() },
      ),
    audit: (cell) =>
      audit(
        {
          ...{ ...base, ledger: ledgerOf(cell), name: 'auditor', settings },
          ...{ zone: readOnlyZone(emulatedZone(core, zoneId)), scope: { cell, zone: SHARED_ZONE, zoneId } },
        },
        { deadline: deadline() },
      ),
    rounds: async (cells, times = 1) => {
      for (let round = 0; round < times; round += 1) {
        for (const cell of cells) {
          await world.plan(cell);
          await world.enact(cell);
        }
        clock.shift(2 * INSYNC_MS);
        for (const cell of cells) await world.clean(cell);
      }
    },
    events: async (cell) => {
      const range = { after: 0, limit: 1_000, order: 'forward' } as const;
      return (await ledgerOf(cell).events(cell, range)).map(({ event }) => event);
    },
  };
  return world;
}

function interruptedZone(zone: Zone, atCall: () => Promise<void>): Zone {
  const after = async <Result>(call: () => Promise<Result>): Promise<Result> => {
    await atCall();
    return call();
  };
  return {
    id: zone.id,
    listRecords: (start, limit) => after(() => zone.listRecords(start, limit)),
    changeStatus: (changeId) => after(() => zone.changeStatus(changeId)),
    describe: () => after(() => zone.describe()),
    change: (batch) => after(() => zone.change(batch)),
  };
}

function interruptedLedger(ledger: Ledger, atCall: () => Promise<void>): Ledger {
  const after = async <Result>(call: () => Promise<Result>): Promise<Result> => {
    await atCall();
    return call();
  };
  return {
    id: ledger.id,
    cells: () => after(() => ledger.cells()),
    head: (cell) => after(() => ledger.head(cell)),
    append: (head, entry) => after(() => ledger.append(head, entry)),
    events: (cell, range) => after(() => ledger.events(cell, range)),
    putBody: (cell, text) => after(() => ledger.putBody(cell, text)),
    getBody: (cell, digest) => after(() => ledger.getBody(cell, digest)),
  };
}

/** A name server may have the root of one state and the tree of another: none may be without the other's. */
function danglingBetween(
  states: readonly (readonly RecordSet[])[],
  names: readonly DnsName[],
  after: string,
): readonly string[] {
  const there = states.map((records) => new Set(records.map(({ name, type }) => `${name} ${type}`)));
  const watched = new Set(names);
  return states.flatMap((records, state) =>
    records.flatMap(({ name, type, alias }) =>
      alias !== undefined && watched.has(name) && there.some((each) => !each.has(`${alias.name} ${type}`))
        ? [`${name} after ${after}, root of state ${state}`]
        : [],
    ),
  );
}

function sourceOf(zoneId: string, records: readonly RecordSet[]): AnswerSource {
  const view = servedView(zoneId, SHARED_ZONE, records);
  return {
    zoneFor: () => view,
    zoneById: (id) => (id === zoneId ? view : undefined),
    isElsewhere: () => true,
    healthOf: () => true,
    places: BUILT_IN_PLACES,
    cidrBlocks: () => [],
  };
}

function ownerIn(records: readonly RecordSet[], name: DnsName): CellName | 'nobody' {
  const root = records.find((record) => record.name === name && record.type === 'A');
  const cell = root?.alias === undefined ? undefined : cellOfName(root.alias.name, { zone: SHARED_ZONE });
  return cell ?? 'nobody';
}
