import type { LeaseTable } from '../../lease/lease-table.ts';
import { LeasesAway } from '../../lease/lease-table.ts';

export interface Gate {
  /** Whether the table cannot be reached now. */
  isAway(): boolean;
  /** A call is made, whatever comes of it. */
  asked(verb: keyof LeaseTable): void;
  /** The table did what a write asked for, or its condition did not hold. */
  wrote(verb: 'putRow' | 'putTick', applied: boolean): void;
}

/** A table of leases that is away whenever its gate says so, and whose calls are counted. */
export function gatedLeases(inner: LeaseTable, gate: Gate): LeaseTable {
  const through = async <T>(verb: keyof LeaseTable, call: () => Promise<T>): Promise<T> => {
    gate.asked(verb);
    if (gate.isAway()) throw new LeasesAway('The store is away.');
    return call();
  };
  return {
    readTick: (zone) => through('readTick', () => inner.readTick(zone)),
    readRow: (zone, group) => through('readRow', () => inner.readRow(zone, group)),
    readRows: (zone, after) => through('readRows', () => inner.readRows(zone, after)),
    putTick: async (...of) => {
      const written = await through('putTick', () => inner.putTick(...of));
      gate.wrote('putTick', written.type === 'applied');
      return written;
    },
    putRow: async (...of) => {
      const written = await through('putRow', () => inner.putRow(...of));
      gate.wrote('putRow', written.type === 'applied');
      return written;
    },
  };
}
