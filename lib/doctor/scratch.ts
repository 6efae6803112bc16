import { invariant } from '../plan/invariant.ts';
import type { DnsName } from '../plan/names.ts';
import { dnsName, isWithin } from '../plan/names.ts';
import type { Change, RecordSet } from '../plan/records.ts';
import { recordKey, remove } from '../plan/records.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Listing } from '../zone/read-records.ts';
import { recordsUnder } from '../zone/read-records.ts';
import type { ChangeOutcome, ChangeStatus, Zone } from '../zone/zone.ts';
import { ZoneUnavailable } from '../zone/zone.ts';

/** The part of a zone that an examination may touch. It remembers every record that the examination tried to make. */
export interface Scratch {
  readonly zoneId: string;
  readonly name: DnsName;
  /** Sends a batch. @throws InvariantViolated when a change is not under the scratch name. */
  change(changes: readonly Change[], comment: string): Promise<ChangeOutcome>;
  /** The records at and under `suffix`. @throws InvariantViolated when it is not under the scratch name. */
  read(suffix: DnsName, pageRecords?: number): Promise<Listing>;
  changeStatus(changeId: string): Promise<ChangeStatus>;
  /** How many records the zone itself counts. */
  recordCount(): Promise<number>;
  sleep(ms: number): Promise<void>;
  /** Removes what was made; returns what is left and what may still land. */
  cleanUp(): Promise<{
    readonly leftBehind: readonly RecordSet[];
    readonly mayStillLand: readonly RecordSet[];
  }>;
  requests(): number;
}

const CLEAN_UP_PASSES = 3;
const CLEAN_UP_PAUSE_MS = 1_000;
/** Records deleted in one batch, far below every limit of Route 53. */
const CLEAN_UP_BATCH = 100;

/** `name` must have no records yet: records with the keys of those that were made here are taken for its own. */
export function scratchIn(plainZone: Zone, clock: Clock, name: DnsName): Scratch {
  const counted = countingZone(plainZone);
  const { zone } = counted;
  /** The keys of every record that was sent as a CREATE, whatever the answer was. */
  const made = new Set<string>();
  /** The records that must exist if the endpoint's answers are true; they are reported when the zone cannot be read. */
  const believed = new Map<string, RecordSet>();
  /** Records that were sent, and no answer came. */
  const doubtful = new Map<string, RecordSet>();

  const send = async (changes: readonly Change[], comment: string): Promise<ChangeOutcome> => {
    invariant(
      changes.every(({ record }) => isWithin(record.name, name)),
      `the doctor touches nothing outside ${name}`,
    );
    const creates = changes.filter(({ action }) => action === 'CREATE').map(({ record }) => record);
    // Recorded before sending: an endpoint that is not atomic may make some of them although it refuses the batch.
    for (const record of creates) made.add(recordKey(record));
    const outcome = await zone.change({ kind: 'scratch', changes, comment });
    if (outcome.type === 'accepted') believe(believed, changes);
    if (outcome.type === 'unknown') for (const record of creates) doubtful.set(recordKey(record), record);
    return outcome;
  };

  return {
    zoneId: zone.id,
    name,
    change: send,
    read: (suffix, pageRecords) => {
      invariant(isWithin(suffix, name), `the doctor reads nothing outside ${name}`);
      return recordsUnder(zone, suffix, pageRecords);
    },
    changeStatus: (changeId) => zone.changeStatus(changeId),
    recordCount: async () => (await zone.describe()).recordCount,
    sleep: (ms) => clock.sleep(ms),
    requests: counted.requests,
    cleanUp: async () => {
      let left = await ownRecords(zone, name, made);
      for (
        let pass = 1;
        pass <= CLEAN_UP_PASSES && (left?.length ?? believed.size + doubtful.size) > 0;
        pass += 1
      ) {
        if (pass > 1) await clock.sleep(CLEAN_UP_PAUSE_MS);
        // Where nothing can be listed, what must be there is removed all the same: an exact DELETE takes nothing else.
        await removeAll(send, left ?? [...believed.values()]);
        left = await ownRecords(zone, name, made);
      }
      const leftBehind = left ?? [...believed.values()];
      const there = new Set(leftBehind.map(recordKey));
      const mayStillLand = [...doubtful].filter(([key]) => !there.has(key)).map(([, record]) => record);
      return { leftBehind, mayStillLand };
    },
  };
}

/** A name below the scratch name. Every check works under its own label, so that none can disturb another. */
export function below(name: DnsName, labels: string): DnsName {
  return dnsName(`${labels}.${name}`);
}

/** The records that were made and still exist, exactly as they read now; undefined when they cannot be read. */
async function ownRecords(
  zone: Zone,
  name: DnsName,
  made: ReadonlySet<string>,
): Promise<readonly RecordSet[] | undefined> {
  if (made.size === 0) return [];
  try {
    const { records } = await recordsUnder(zone, name);
    return records.filter((record) => made.has(recordKey(record)));
  } catch (error) {
    if (error instanceof ZoneUnavailable) return undefined;
    throw error;
  }
}

function believe(believed: Map<string, RecordSet>, changes: readonly Change[]): void {
  for (const { action, record } of changes) {
    if (action === 'CREATE') believed.set(recordKey(record), record);
    else believed.delete(recordKey(record));
  }
}

type Send = (changes: readonly Change[], comment: string) => Promise<ChangeOutcome>;

/** Aliases first, because an endpoint may refuse to delete the target of a live alias; one by one where a batch fails. */
async function removeAll(send: Send, records: readonly RecordSet[]): Promise<void> {
  const aliasesFirst = [...records].sort(
    (a, b) => Number(a.alias === undefined) - Number(b.alias === undefined),
  );
  for (let at = 0; at < aliasesFirst.length; at += CLEAN_UP_BATCH) {
    const changes = aliasesFirst.slice(at, at + CLEAN_UP_BATCH).map(remove);
    if (await sent(send, changes)) continue;
    for (const change of changes) await sent(send, [change]);
  }
}

async function sent(send: Send, changes: readonly Change[]): Promise<boolean> {
  try {
    return (await send(changes, 'pawl doctor: clean up')).type === 'accepted';
  } catch (error) {
    // The next reading finds what could not be removed, and it is reported.
    if (error instanceof ZoneUnavailable) return false;
    throw error;
  }
}

function countingZone(plain: Zone): { readonly zone: Zone; readonly requests: () => number } {
  let requests = 0;
  const counted =
    <Arguments extends readonly unknown[], Result>(call: (...args: Arguments) => Promise<Result>) =>
    (...args: Arguments): Promise<Result> => {
      requests += 1;
      return call(...args);
    };
  const zone: Zone = {
    id: plain.id,
    listRecords: counted((start, limit) => plain.listRecords(start, limit)),
    change: counted((batch) => plain.change(batch)),
    changeStatus: counted((changeId) => plain.changeStatus(changeId)),
    describe: counted(() => plain.describe()),
  };
  return { zone, requests: () => requests };
}
