import type { Writer } from '../../lib/cell/fenced-write.ts';
import { emulatedZone } from '../../lib/emulator/emulated-zone.ts';
import { cellName, dnsName } from '../../lib/plan/names.ts';
import type { CellScope } from '../../lib/plan/owned-names.ts';
import type { Batch, Zone } from '../../lib/zone/zone.ts';
import type { Account } from '../emulator/account.ts';
import { account } from '../emulator/account.ts';
import { seededRandomness } from '../runtime/virtual-clock.ts';

export interface GivenWriter {
  readonly writer: Writer;
  readonly scope: CellScope;
  readonly core: Account;
  /** Every batch that was sent, in order. */
  readonly sent: readonly Batch[];
}

/** An enactor's writer on an emulated zone, whose `change` may be another's. */
export function givenWriter(change?: Zone['change']): GivenWriter {
  const core = account({ insyncDelayMs: 30_000 });
  const scope = { cell: cellName('use1-a'), zone: dnsName('example.test'), zoneId: core.zoneId };
  const sent: Batch[] = [];
  const zone = emulatedZone(core.core, core.zoneId);
  const watched: Zone = {
    ...zone,
    change: (batch) => {
      sent.push(batch);
      return (change ?? zone.change)(batch);
    },
  };
  const writer: Writer = {
    zone: watched,
    scope,
    randomness: seededRandomness(),
    role: 'enactor',
    name: 'enactor-a',
  };
  return { writer, scope, core, sent };
}
