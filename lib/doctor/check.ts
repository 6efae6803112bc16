import type { DnsName } from '../plan/names.ts';
import type { Change, RecordSet } from '../plan/records.ts';
import { recordKey, sameRecord } from '../plan/records.ts';
import type { CheckReport } from './report.ts';
import type { Scratch } from './scratch.ts';
import { below } from './scratch.ts';

/** One property of an endpoint and the way to try it. */
export interface Check extends Pick<CheckReport, 'id' | 'asserts' | 'severity' | 'gapMeans'> {
  /** Resolves when the property was seen to hold. @throws GapFound, or CannotTell. */
  run(bench: Bench): Promise<void>;
}

/** The endpoint did something that Route 53 does not. */
export class GapFound extends Error {
  override readonly name = 'GapFound';
}

/** Something interfered with the check, so that nothing follows about the property. */
export class CannotTell extends Error {
  override readonly name = 'CannotTell';
}

/** What one check works with: its own name in the zone, and the verbs that checks use. */
export interface Bench {
  readonly scratch: Scratch;
  readonly name: DnsName;
  /** A name below the check's own. */
  at(labels: string): DnsName;
  /** Makes the records that the check starts from; resolves with the change id. @throws CannotTell when that fails. */
  given(changes: readonly Change[]): Promise<string>;
  /** Sends a batch that must be accepted and leave exactly `after`. @throws GapFound, or CannotTell. */
  accepts(what: string, changes: readonly Change[], after: readonly RecordSet[]): Promise<void>;
  /** Sends a batch that must be refused and leave everything as it is. @throws GapFound, or CannotTell. */
  refuses(what: string, changes: readonly Change[]): Promise<void>;
}

export function benchFor(scratch: Scratch, check: Pick<Check, 'id'>): Bench {
  const name = below(scratch.name, check.id);
  const comment = `pawl doctor: ${check.id}`;
  const read = async () => (await scratch.read(name)).records;
  return {
    scratch,
    name,
    at: (labels) => below(name, labels),
    given: async (changes) => {
      const outcome = await scratch.change(changes, comment);
      if (outcome.type === 'accepted') return outcome.changeId;
      throw new CannotTell(`what the check starts from could not be made (${outcome.reason})`);
    },
    accepts: async (what, changes, after) => {
      const outcome = await scratch.change(changes, comment);
      if (outcome.type === 'unknown')
        throw new CannotTell(`the answer to ${what} was lost (${outcome.reason})`);
      if (outcome.type === 'rejected') throw new GapFound(`${what} was refused (${outcome.reason})`);
      if (!sameRecords(await read(), after))
        throw new GapFound(`${what} was accepted, but did something else`);
    },
    refuses: async (what, changes) => {
      const before = await read();
      const outcome = await scratch.change(changes, comment);
      if (outcome.type === 'unknown')
        throw new CannotTell(`the answer to ${what} was lost (${outcome.reason})`);
      if (outcome.type === 'accepted') throw new GapFound(`${what} was accepted`);
      if (!sameRecords(await read(), before)) throw new GapFound(`${what} was refused, but changed the zone`);
    },
  };
}

/** Equal as sets: the same record sets, each as a DELETE would match it. */
export function sameRecords(a: readonly RecordSet[], b: readonly RecordSet[]): boolean {
  const others = new Map(b.map((record) => [recordKey(record), record]));
  if (a.length !== b.length || others.size !== b.length) return false;
  return a.every((record) => {
    const other = others.get(recordKey(record));
    return other !== undefined && sameRecord(record, other);
  });
}
