import type { PageWorld } from '../../../lib/cli/page/page-world.ts';
import { pageWorld } from '../../../lib/cli/page/page-world.ts';
import { worldViews } from '../../../lib/cli/page/world-views.ts';
import { emulatedZone } from '../../../lib/emulator/emulated-zone.ts';
import { LedgerUnavailable } from '../../../lib/ledger/ledger.ts';
import type { PageViews } from '../../../lib/page/page-views.ts';
import { silentTelemetry } from '../../../lib/telemetry/telemetry.ts';
import type { Zone } from '../../../lib/zone/zone.ts';
import { ZoneUnavailable } from '../../../lib/zone/zone.ts';
import { countedLedger } from '../../support/counted-ledger.ts';
import type { Rehearsal } from '../rehearsal.ts';

export interface LookedWorld {
  readonly views: PageViews;
  /** What the views have of it: reads alone. */
  readonly handle: PageWorld;
  /** The same world as it is given to whoever may write. */
  readonly world: PageWorld;
  /** Calls of the world by verb: `head`, `listRecords`. */
  calls(): Readonly<Record<string, number>>;
  forgetCalls(): void;
  /** From now on this answers nothing, or does again. */
  away(what: 'ledger' | 'zone', isAway: boolean): void;
}

/** The world of a rehearsal as the page sees it, with every call of it counted. */
export function lookedWorld({ ledger, core, clock }: Rehearsal, place = ''): LookedWorld {
  const { counted, calls } = countedLedger(ledger);
  const isAway = { ledger: false, zone: false };
  const counting = (zone: Zone): Zone => {
    const call = <T>(verb: string, made: () => Promise<T>): Promise<T> => {
      calls.set(verb, (calls.get(verb) ?? 0) + 1);
      if (isAway.zone) throw new ZoneUnavailable('Route 53 does not answer.');
      return made();
    };
    return {
      id: zone.id,
      listRecords: async (...args) => call('listRecords', () => zone.listRecords(...args)),
      change: async (batch) => call('change', () => zone.change(batch)),
      changeStatus: async (id) => call('changeStatus', () => zone.changeStatus(id)),
      describe: async () => call('describe', () => zone.describe()),
    };
  };
  const world: PageWorld = {
    ...{ kind: 'aws', title: 'a world', clock, telemetry: silentTelemetry, operator: 'operator-ana' },
    zone: (id) => counting(emulatedZone(core, id)),
    ledger: async () => ({
      ...counted,
      cells: async () => {
        if (isAway.ledger) throw new LedgerUnavailable('The ledger does not answer.');
        return counted.cells();
      },
    }),
  };
  const handle = pageWorld(world);
  return {
    views: worldViews(handle, place),
    handle,
    world,
    calls: () => Object.fromEntries([...calls].sort()),
    forgetCalls: () => calls.clear(),
    away: (what, away) => {
      isAway[what] = away;
    },
  };
}
