import type { Ledger } from '../../lib/ledger/ledger.ts';
import { LedgerUnavailable } from '../../lib/ledger/ledger.ts';
import type { World } from '../../lib/wiring/world.ts';
import type { Zone } from '../../lib/zone/zone.ts';
import { ZoneUnavailable } from '../../lib/zone/zone.ts';

/**
 * What may happen to one call of a port. `dies`: the caller is gone instead of making it, and asks for nothing more (to die
 * after a call is to die instead of the next one). `refused`: the service is down for it, or refuses the write. `beaten`:
 * another writer was quicker. `lost`: it took effect, and its answer was lost. `unsent`: it took none, and nobody knows.
 */
export type Trouble = 'dies' | 'refused' | 'beaten' | 'lost' | 'unsent';

export interface Troubled {
  /** Which call meets it, counted from 1. */
  readonly at: number;
  readonly trouble: Trouble;
}

/** The process that carried the command out is gone. */
class Died extends Error {
  override readonly name = 'Died';
}

/** What can happen to a call, by its site. */
export function troublesOf(site: string): readonly Trouble[] {
  if (site === 'clock.sleep') return ['dies'];
  if (site.startsWith('ledger.append')) return ['dies', 'refused', 'beaten', 'lost', 'unsent'];
  if (site.startsWith('zone.change ')) return ['dies', 'refused', 'lost', 'unsent'];
  return ['dies', 'refused'];
}

export interface CountedPorts {
  readonly world: Partial<World>;
  /** Each call that was made, by the port's verb and what it wrote. */
  readonly sites: readonly string[];
}

/** The ports of a command, of which one call meets trouble; none where none is given. */
export function troubledPorts(
  { ledger, zone, zoneIds, clock }: Pick<World, 'ledger' | 'zone' | 'zoneIds' | 'clock'>,
  troubled?: Troubled,
): CountedPorts {
  const sites: string[] = [];
  /** What happens to the call that begins now. @throws Died. */
  const begun = (site: string): Trouble | undefined => {
    sites.push(site);
    if (troubled === undefined || sites.length < troubled.at) return undefined;
    // What is dead asks for nothing more, even where somebody catches what its last call threw.
    if (troubled.trouble === 'dies') throw new Died('the process is gone');
    return sites.length === troubled.at ? troubled.trouble : undefined;
  };
  const mortal =
    <Args extends readonly unknown[], Result>(
      site: string,
      call: (...args: Args) => Promise<Result>,
      down: () => Error,
    ) =>
    async (...args: Args): Promise<Result> => {
      if (begun(site) !== undefined) throw down();
      return call(...args);
    };
  const noLedger = () => new LedgerUnavailable('The ledger does not answer.');
  const noZone = () => new ZoneUnavailable('Route 53 does not answer.');
  return {
    sites,
    world: {
      ledger: async () => {
        const whole = await ledger();
        return {
          ...whole,
          cells: mortal('ledger.cells', () => whole.cells(), noLedger),
          head: mortal('ledger.head', (cell: Parameters<Ledger['head']>[0]) => whole.head(cell), noLedger),
          events: mortal(
            'ledger.events',
            (...of: Parameters<Ledger['events']>) => whole.events(...of),
            noLedger,
          ),
          putBody: mortal(
            'ledger.putBody',
            (...of: Parameters<Ledger['putBody']>) => whole.putBody(...of),
            noLedger,
          ),
          getBody: mortal(
            'ledger.getBody',
            (...of: Parameters<Ledger['getBody']>) => whole.getBody(...of),
            noLedger,
          ),
          append: async (head, entry) => {
            switch (begun(`ledger.append ${entry.event.type}`)) {
              case 'refused':
                throw noLedger();
              case 'beaten':
                return { type: 'lost' };
              case 'unsent':
                return { type: 'unknown', reason: 'no answer came' };
              case 'lost':
                await whole.append(head, entry);
                return { type: 'unknown', reason: 'no answer came' };
              default:
                return whole.append(head, entry);
            }
          },
        };
      },
      zone: (id) => troubledZone(zone(id), begun, noZone),
      zoneIds: mortal('zoneIds', (names: Parameters<World['zoneIds']>[0]) => zoneIds(names), noZone),
      clock: {
        now: () => clock.now(),
        sleep: async (ms, signal) => {
          if (signal === undefined) begun('clock.sleep');
          await clock.sleep(ms, signal);
        },
      },
    },
  };
}

function troubledZone(whole: Zone, begun: (site: string) => Trouble | undefined, noZone: () => Error): Zone {
  const read =
    <Args extends readonly unknown[], Result>(site: string, call: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      if (begun(site) !== undefined) throw noZone();
      return call(...args);
    };
  return {
    id: whole.id,
    listRecords: read('zone.listRecords', (...of: Parameters<Zone['listRecords']>) =>
      whole.listRecords(...of),
    ),
    changeStatus: read('zone.changeStatus', (id: string) => whole.changeStatus(id)),
    describe: read('zone.describe', () => whole.describe()),
    change: async (batch) => {
      switch (begun(`zone.change ${batch.kind}`)) {
        case 'refused':
          return { type: 'rejected', reason: 'a test refuses it' };
        case 'unsent':
          return { type: 'unknown', reason: 'no answer came' };
        case 'lost':
          await whole.change(batch);
          return { type: 'unknown', reason: 'no answer came' };
        default:
          return whole.change(batch);
      }
    },
  };
}
