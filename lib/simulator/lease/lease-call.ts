import type { LeaseRow } from '../../lease/lease-row.ts';
import type { Tick } from '../../lease/lease-rule.ts';
import type { HearingZone, LeaseTable, RowVersion } from '../../lease/lease-table.ts';
import { LeasesAway } from '../../lease/lease-table.ts';
import { cellName } from '../../plan/names.ts';

/** The one hearing zone of a search. */
export const SEARCHED_ZONE: HearingZone = { cell: cellName('use1-a'), az: 'use1-az1' };

/** A call of the port that an actor has made. It is plain data, so that a state can hold it. */
export type LeaseCall =
  | { readonly verb: 'readTick' }
  | { readonly verb: 'readRow'; readonly group: string }
  | { readonly verb: 'readRows'; readonly after: string | undefined }
  | { readonly verb: 'putTick'; readonly tick: Tick; readonly known: Tick | undefined }
  | { readonly verb: 'putRow'; readonly row: LeaseRow; readonly known: RowVersion | undefined };

/** How a call ends for its caller. `away`: the table cannot be reached, and certainly nothing was written. */
export type CallAnswer = { readonly type: 'value'; readonly value: unknown } | { readonly type: 'away' };

export const NO_ANSWER: CallAnswer = {
  type: 'value',
  value: { type: 'unknown', reason: 'No answer came.' },
};

export function isWrite({ verb }: LeaseCall): boolean {
  return verb === 'putTick' || verb === 'putRow';
}

/** A table whose verbs all end in `suspend`. */
export function suspendingLeases(suspend: (call: LeaseCall) => Promise<CallAnswer>): LeaseTable {
  const asked = async (call: LeaseCall): Promise<unknown> => {
    const answer = await suspend(call);
    if (answer.type === 'away') throw new LeasesAway('The table of leases is away.');
    return answer.value;
  };
  return {
    readTick: () => asked({ verb: 'readTick' }) as ReturnType<LeaseTable['readTick']>,
    putTick: (_, tick, known) => asked({ verb: 'putTick', tick, known }) as ReturnType<LeaseTable['putTick']>,
    readRow: (_, group) => asked({ verb: 'readRow', group }) as ReturnType<LeaseTable['readRow']>,
    readRows: (_, after) => asked({ verb: 'readRows', after }) as ReturnType<LeaseTable['readRows']>,
    putRow: (_, row, known) => asked({ verb: 'putRow', row, known }) as ReturnType<LeaseTable['putRow']>,
  };
}

/** Carries a call out. */
export async function performed(call: LeaseCall, table: LeaseTable): Promise<CallAnswer> {
  return { type: 'value', value: await outcomeIn(call, table) };
}

function outcomeIn(call: LeaseCall, table: LeaseTable): Promise<unknown> {
  switch (call.verb) {
    case 'readTick':
      return table.readTick(SEARCHED_ZONE);
    case 'readRow':
      return table.readRow(SEARCHED_ZONE, call.group);
    case 'readRows':
      return table.readRows(SEARCHED_ZONE, call.after);
    case 'putTick':
      return table.putTick(SEARCHED_ZONE, call.tick, call.known);
    case 'putRow':
      return table.putRow(SEARCHED_ZONE, call.row, call.known);
  }
}
