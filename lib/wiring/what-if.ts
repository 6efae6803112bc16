import type { LedgerEvent } from '../ledger/decider/events.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { whatIfLedger } from '../ledger/what-if-ledger.ts';
import type { CellName } from '../plan/names.ts';
import { whatIfZone } from '../zone/what-if-zone.ts';
import type { Batch } from '../zone/zone.ts';
import type { World } from './world.ts';

/** Something that a run would have written. */
export type Write =
  | { readonly type: 'batch'; readonly zoneId: string; readonly batch: Batch }
  | { readonly type: 'event'; readonly cell: CellName; readonly event: LedgerEvent };

export interface WhatIf {
  readonly world: World;
  readonly ledger: Ledger;
  /** What the run on them would have written so far, in order. */
  readonly writes: readonly Write[];
}

/**
 * The same world for a dry run: the real workflow reads what is there, and its writes go no further than this process.
 * It shows what one run would do if nobody else wrote anything meanwhile.
 */
export function whatIf(world: World, ledger: Ledger): WhatIf {
  const writes: Write[] = [];
  return {
    world: {
      ...world,
      zone: (zoneId) =>
        whatIfZone(world.zone(zoneId), (batch) => {
          writes.push({ type: 'batch', zoneId, batch });
        }),
    },
    ledger: whatIfLedger(ledger, (cell, event) => {
      writes.push({ type: 'event', cell, event });
    }),
    writes,
  };
}
