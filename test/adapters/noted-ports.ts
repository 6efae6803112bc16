import type { RecordedEvent } from '../../lib/ledger/decider/events.ts';
import type { AppendOutcome, Head, Ledger } from '../../lib/ledger/ledger.ts';
import { canonicalJson } from '../../lib/plan/canonical.ts';
import type { Change } from '../../lib/plan/records.ts';
import type { EnvironmentLedger, EnvironmentPorts } from '../../lib/simulator/engine/environment.ts';
import { fingerprint } from '../../lib/simulator/fingerprint.ts';
import type { Zone } from '../../lib/zone/zone.ts';

/**
 * The number of records in one page. Route 53 gives up to 300. The zones here are small, so pages are small too: no
 * caller may succeed with the first page alone.
 */
const PAGE_RECORDS = 5;

/**
 * The same ports with small pages. They record every answer in words that do not depend on what stands behind the
 * ports.
 */
export function notedPorts(ports: EnvironmentPorts, note: (line: string) => void): EnvironmentPorts {
  const noted = async <T>(verb: string, call: Promise<T>, wordsOf: (value: T) => string): Promise<T> => {
    try {
      const value = await call;
      note(`${verb} = ${wordsOf(value)}`);
      return value;
    } catch (error) {
      note(`${verb} ! ${error instanceof Error ? error.name : 'thrown'}`);
      throw error;
    }
  };
  const ledger = (inner: EnvironmentLedger): EnvironmentLedger => ({
    ...inner,
    port: notedLedger(inner.port, noted),
    seenBy: (release) => notedLedger(inner.seenBy(release), noted),
    clone: (winners) => ledger(inner.clone(winners)),
  });
  return {
    ledger: (id) => ledger(ports.ledger(id)),
    zone: (core, zoneId) => notedZone(ports.zone(core, zoneId), noted),
  };
}

/**
 * The change with the mark that a search writes into a fence (the first event, and no digits): the logs of the two plays
 * have other hashes, and nothing else of the two zones may differ.
 */
function markedAlike<Written extends Change>(change: Written): Written {
  const { record } = change;
  if (record.type !== 'TXT' || record.values === undefined) return change;
  const values = record.values.map((value) => value.replace(/ head=\d+:[0-9a-f]+ /, ' head=1:000000000000 '));
  return { ...change, record: { ...record, values } };
}

type Noted = <T>(verb: string, call: Promise<T>, wordsOf: (value: T) => string) => Promise<T>;

function notedZone(zone: Zone, noted: Noted): Zone {
  return {
    id: zone.id,
    listRecords: (start, limit) =>
      noted('listRecords', zone.listRecords(start, Math.min(limit, PAGE_RECORDS)), wholly),
    change: (batch) =>
      // Nobody may parse a reason, and the two plays word it differently.
      noted('change', zone.change({ ...batch, changes: batch.changes.map(markedAlike) }), (outcome) =>
        outcome.type === 'accepted' ? `accepted ${outcome.changeId}` : outcome.type,
      ),
    changeStatus: (changeId) => noted('changeStatus', zone.changeStatus(changeId), (status) => status),
    describe: () => noted('describe', zone.describe(), wholly),
  };
}

function notedLedger(ledger: Ledger, noted: Noted): Ledger {
  return {
    id: ledger.id,
    cells: () => noted('cells', ledger.cells(), wholly),
    head: (cell) => noted('head', ledger.head(cell), wordsOfHead),
    append: (head, entry) => noted('append', ledger.append(head, entry), wordsOfAppend),
    events: (cell, range) =>
      noted('events', ledger.events(cell, range), (events) => wholly(events.map(withoutHashes))),
    putBody: (cell, text) => noted('putBody', ledger.putBody(cell, text), (digest) => digest),
    getBody: (cell, digest) => noted('getBody', ledger.getBody(cell, digest), fingerprint),
  };
}

function wordsOfAppend(outcome: AppendOutcome): string {
  switch (outcome.type) {
    case 'appended':
      return `appended ${wordsOfHead(outcome.head)}`;
    case 'lost':
      return outcome.winner === undefined ? 'lost' : `lost to ${wordsOfHead(outcome.winner)}`;
    case 'unknown':
      return 'unknown';
  }
}

const words = new WeakMap<Head, string>();

function wordsOfHead(head: Head): string {
  const known = words.get(head);
  if (known !== undefined) return known;
  const { number, state, last } = head;
  const text = `${number} ${wholly({ state, last: last === undefined ? null : withoutHashes(last) })}`;
  words.set(head, text);
  return text;
}

/** Hashes depend on nonces, and every ledger has its own nonces. */
function withoutHashes({ cell, number, at, by, event }: RecordedEvent): object {
  return { cell, number, at, by, event };
}

function wholly(value: unknown): string {
  return fingerprint(canonicalJson(value));
}
