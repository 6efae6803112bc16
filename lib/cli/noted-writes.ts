import type { Entry, Ledger } from '../ledger/ledger.ts';
import { canonicalJson } from '../plan/canonical.ts';
import type { Fence } from '../plan/fence.ts';
import { parseFence } from '../plan/fence.ts';
import type { CellName, DnsName } from '../plan/names.ts';
import type { Change, RecordSet } from '../plan/records.ts';
import type { World } from '../wiring/world.ts';
import type { Batch, Zone } from '../zone/zone.ts';

// See docs/adr/0043-a-command-can-be-asked-for-again.md.
/** What one command has sent to the ledger and to Route 53, as far as their answers say. */
export interface NotedWrites {
  /** The same world; what is written in it is noted. */
  world(world: World): World;
  /** What is known to be done, in order: clauses for a person. */
  done(): readonly string[];
  /** What may have been done. */
  doubtful(): readonly Doubt[];
}

/** A write that may have been taken. */
export interface Doubt {
  /** The clause that follows "whether". */
  readonly asked: string;
  /** Why the answer does not say it. */
  readonly reason: string;
}

/** A write that was taken, or whose answer does not say. */
interface NotedWrite {
  readonly place: string;
  /** Whether it leaves the place another than it was, so that no write on its way there can be taken any more. */
  readonly moves: boolean;
  readonly done: string;
  /** Present when the answer does not say whether it was taken. */
  readonly doubt: Doubt | undefined;
  /** Shows in what is read later that the write was taken; absent where nothing shows it. */
  readonly mark: string | undefined;
  isDone: boolean;
}

export function noteWrites(): NotedWrites {
  let writes: readonly NotedWrite[] = [];
  const notes: Notes = {
    sent: (write) => {
      const settles = ({ place, isDone }: NotedWrite) =>
        write.isDone && write.moves && !isDone && place === write.place;
      writes = [...writes.filter((before) => !settles(before)), write];
    },
    seen: (mark) => {
      for (const write of writes) if (write.mark === mark) write.isDone = true;
    },
  };
  return {
    world: (world) => ({
      ...world,
      ledger: async () => {
        const ledger = await world.ledger();
        return { ...ledger, ...notedLedger(ledger, notes) };
      },
      zone: (id) => notedZone(world.zone(id), notes),
    }),
    done: () => unique(writes.filter(({ isDone }) => isDone).map(({ done }) => done)),
    doubtful: () => {
      const doubts = writes.flatMap(({ isDone, doubt }) => (isDone || doubt === undefined ? [] : [doubt]));
      return [...new Map(doubts.map((doubt) => [doubt.asked, doubt])).values()];
    },
  };
}

interface Notes {
  sent(write: NotedWrite): void;
  /** Something was read that carries this mark. */
  seen(mark: string): void;
}

function notedLedger(ledger: Ledger, notes: Notes): Pick<Ledger, 'append' | 'head'> {
  return {
    append: async (head, entry) => {
      const outcome = await ledger.append(head, entry);
      if (outcome.type === 'lost') return outcome;
      const { type } = entry.event;
      notes.sent({
        place: `log ${head.cell}`,
        moves: true,
        done: `${type} is event ${head.number + 1} of ${head.cell}`,
        doubt: doubtOf(outcome, `${type} is in the log of ${head.cell}`),
        mark: markOf(head.cell, head.number + 1, entry),
        isDone: outcome.type === 'appended',
      });
      return outcome;
    },
    head: async (cell) => {
      const head = await ledger.head(cell);
      if (head.last !== undefined) notes.seen(markOf(cell, head.number, head.last));
      return head;
    },
  };
}

/** The same for an event that was sent and for the one that stands there: nobody else appends it at that millisecond. */
function markOf(cell: CellName, number: number, { event, at, by }: Entry): string {
  return canonicalJson({ cell, number, event, at, by });
}

function notedZone(zone: Zone, notes: Notes): Zone {
  return {
    ...zone,
    change: async (batch) => {
      const outcome = await zone.change(batch);
      if (outcome.type === 'rejected') return outcome;
      const fence = fencesIn(batch, 'CREATE')[0];
      // A batch that asserts its fence leaves it as it is.
      const moves =
        fence !== undefined && !fencesIn(batch, 'DELETE').some(({ nonce }) => nonce === fence.nonce);
      const about = fence === undefined ? '' : ` (fence seq ${fence.seq}${fence.frozen ? ', frozen' : ''})`;
      const text = `Route 53 took the batch "${batch.comment}"${about}`;
      notes.sent({
        place: `zone ${zone.id} ${fence?.name ?? ''}`,
        moves,
        done: text,
        doubt: doubtOf(outcome, text),
        mark: moves ? `nonce ${fence.nonce}` : undefined,
        isDone: outcome.type === 'accepted',
      });
      return outcome;
    },
    listRecords: async (start, limit) => {
      const page = await zone.listRecords(start, limit);
      for (const record of page.records)
        for (const { nonce } of fencesOf(record)) notes.seen(`nonce ${nonce}`);
      return page;
    },
  };
}

function doubtOf(
  outcome: { readonly type: 'appended' | 'accepted' } | { readonly type: 'unknown'; readonly reason: string },
  asked: string,
): Doubt | undefined {
  return outcome.type === 'unknown' ? { asked, reason: outcome.reason } : undefined;
}

function fencesIn({ changes }: Batch, action: Change['action']): readonly (Fence & { name: DnsName })[] {
  return changes
    .filter((change) => change.action === action)
    .flatMap(({ record }) => fencesOf(record).map((fence) => ({ ...fence, name: record.name })));
}

function fencesOf({ type, values = [] }: RecordSet): readonly Fence[] {
  return type === 'TXT' ? values.flatMap((value) => parseFence(value) ?? []) : [];
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
