import { readFence } from '../../lib/cell/fence-reader.ts';
import { fencedWrite } from '../../lib/cell/fenced-write.ts';
import { renewedFence } from '../../lib/cell/next-fence.ts';
import { emulatedZone } from '../../lib/emulator/emulated-zone.ts';
import { createRoute53 } from '../../lib/emulator/route53.ts';
import { PROMPT_ROUTE53 } from '../../lib/emulator/settings.ts';
import { enact } from '../../lib/enactor/enact.ts';
import type { EnactOutcome } from '../../lib/enactor/enactor.ts';
import { execute } from '../../lib/ledger/execute.ts';
import { memoryLedger } from '../../lib/ledger/memory-ledger.ts';
import type { CellFleet } from '../../lib/plan/fleet-model.ts';
import type { CellScope } from '../../lib/plan/owned-names.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import { instant } from '../../lib/runtime/clock.ts';
import { silentTelemetry } from '../../lib/telemetry/telemetry.ts';
import { guardedZone } from '../../lib/zone/guarded-zone.ts';
import { allRecords } from '../../lib/zone/read-records.ts';
import type { Zone } from '../../lib/zone/zone.ts';
import { largeFleet } from '../bench/large-fleet.ts';
import { seededRandomness, virtualClock } from '../runtime/virtual-clock.ts';
import { declareAndPlan } from './declaration.ts';

const INSYNC_MS = 30_000;
const FAR_MS = 3_600_000;

/** Requests to Route 53, without the questions whether a change is everywhere. */
export interface Requests {
  readonly lists: number;
  readonly changes: number;
  /** Of the changes, those that Route 53 refused. */
  readonly refused: number;
}

/** A cell in a zone of its own, whose requests are counted. */
export interface CountedCell {
  readonly zone: Zone;
  readonly scope: CellScope;
  /** Every record of the zone, read beside the count. */
  records(): Promise<readonly RecordSet[]>;
  /** The types of all events of the log, the oldest first. */
  events(): Promise<readonly string[]>;
  /** Declares a fleet and plans it. */
  declare(change: (fleet: CellFleet) => CellFleet): Promise<void>;
  /**
   * Runs an enactor to its end.
   *
   * @param meanwhile what others do while it waits for its trees.
   */
  enact(
    mode: 'hint' | 'sweep',
    meanwhile?: () => Promise<unknown>,
  ): Promise<Requests & { readonly outcome: EnactOutcome }>;
  /** Another enactor writes the fence anew, which is all that others see of it. */
  moveFence(): Promise<void>;
}

/**
 * A cell of so many endpoints with so many IPv4 targets each. Time passes where the enactor waits alone.
 *
 * @param format of its log; unless given, the oldest.
 */
export async function countedCell(endpoints: number, targets: number, format?: number): Promise<CountedCell> {
  const clock = virtualClock();
  let ids = 0;
  const id = (prefix: string) => {
    ids += 1;
    return `${prefix}${String(ids).padStart(12, '0')}`;
  };
  const settings = { ...PROMPT_ROUTE53, insyncDelayMs: INSYNC_MS, recordLimit: 50_000 };
  const core = createRoute53(settings, { now: () => clock.now(), id });
  const { zone: apex } = largeFleet(1, 1, 1, '');
  const hosted = core.createHostedZone({ name: apex, callerReference: 'a test' });
  const fleet = largeFleet(1, endpoints, targets, hosted.zone.id);
  const scope = { cell: fleet.cell, zone: apex, zoneId: hosted.zone.id };
  const ledger = memoryLedger('5be1c07a');
  if (format !== undefined) {
    const occasion = { at: () => clock.now(), by: 'a-test' };
    await execute(ledger, scope.cell, occasion, () => ({ type: 'RaiseFormat', format }));
  }
  const bare = emulatedZone(core, hosted.zone.id);
  let lists = 0;
  let changes = 0;
  let refused = 0;
  let others: (() => Promise<unknown>) | undefined;
  const zone: Zone = {
    ...guardedZone(bare, 'enactor', scope),
    listRecords: (start, limit) => {
      lists += 1;
      return bare.listRecords(start, limit);
    },
    change: async (batch) => {
      changes += 1;
      const outcome = await guardedZone(bare, 'enactor', scope).change(batch);
      if (outcome.type === 'rejected') refused += 1;
      return outcome;
    },
    changeStatus: async (changeId) => {
      const act = others;
      others = undefined;
      await act?.();
      return bare.changeStatus(changeId);
    },
  };
  const randomness = seededRandomness();
  return {
    zone: bare,
    scope,
    records: async () => (await allRecords(bare)).records,
    events: async () => {
      const entries = await ledger.events(scope.cell, { after: 0, limit: 1_000, order: 'forward' });
      return entries.map(({ event }) => event.type);
    },
    declare: (change) => declareAndPlan({ ledger, clock, name: 'a-test' }, change(fleet)),
    moveFence: async () => {
      const reading = await readFence(bare, scope);
      if (reading.type !== 'fence') throw new Error('there is no fence to move');
      const writer = { zone: bare, scope, randomness, role: 'enactor', name: 'enactor-b' } as const;
      const next = renewedFence(reading.fence);
      const outcome = await fencedWrite(writer, { kind: 'stage', reading, next, changes: [], comment: '' });
      if (outcome.type !== 'applied') throw new Error(`the fence was not moved: ${outcome.reason}`);
    },
    enact: async (mode, meanwhile) => {
      others = meanwhile;
      const before = { lists, changes, refused };
      const writer = { zone, scope, randomness, role: 'enactor', name: 'enactor-a' } as const;
      const settings = { insyncPollMs: 2_000, unknownChangeMs: 300_000 };
      const outcome = await enact(
        { writer, ledger, clock, telemetry: silentTelemetry, settings },
        { mode, deadline: instant(clock.now() + FAR_MS) },
      );
      return {
        outcome,
        lists: lists - before.lists,
        changes: changes - before.changes,
        refused: refused - before.refused,
      };
    },
  };
}
