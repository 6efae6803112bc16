import type { Command } from 'commander';
import { Option } from 'commander';
import type { Ledger } from '../../ledger/ledger.ts';
import { DEFAULT_FOLDER } from '../../wiring/choose-world.ts';
import type { LeaseCuts } from '../../wiring/lease-cuts.ts';
import { NOTHING_CUT, readLeaseCuts, writeLeaseCuts } from '../../wiring/lease-cuts.ts';
import { EXIT } from '../command/exit-codes.ts';
import { BadInput } from '../command/failures.ts';
import type { Runtime } from '../command/new-command.ts';
import { newCommand } from '../command/new-command.ts';
import type { CommandResult, Session } from '../command/session.ts';

import { declaredGroups } from './declared-groups.ts';

interface CutFlags {
  readonly zone?: string;
  readonly store?: boolean;
  readonly end?: boolean;
  readonly folder?: string;
}

const AZ = /^[a-z0-9-]{1,64}$/;

export function leaseCutCommand(runtime: Runtime): Command {
  return newCommand(
    'cut',
    'Pull the plug on leases, in a local world: to watch what happens, and what does not.',
    [
      ['pawl lease cut --zone use1-az1', 'the holders of the zone reach no table'],
      ['pawl lease cut --store', 'nobody reaches the table'],
      ['pawl lease cut --end', 'all is as before'],
    ],
  )
    .addOption(new Option('--zone <az>', 'an availability zone').conflicts(['store', 'end']))
    .addOption(new Option('--store', 'the table itself').conflicts('end'))
    .option('--end', 'mend everything that is cut')
    .action((_: unknown, command: Command) =>
      runtime.run(command, (session) => cut(session, command.optsWithGlobals<CutFlags>())),
    );
}

async function cut(session: Session, flags: CutFlags): Promise<CommandResult> {
  const { zone, store, end, folder } = flags;
  if (zone === undefined && store !== true && end !== true)
    throw new BadInput('Nothing is said to be cut: give --zone, --store or --end, one of them.');
  if (zone !== undefined && !AZ.test(zone))
    throw new BadInput(`"${zone}" is not the id of an availability zone: use one such as use1-az1.`);
  const world = await session.world();
  if (world.kind !== 'local')
    throw new BadInput(
      'Leases are cut in a local world alone: run "npm start -- examples/leases.yaml" and cut there.',
    );
  if (zone !== undefined) await checkZone(await world.ledger(), zone);
  const at = folder ?? DEFAULT_FOLDER;
  const cuts = after(await readLeaseCuts(at), flags);
  await writeLeaseCuts(at, cuts);
  session.say(`${sentence(cuts)}\n`);
  return { exit: EXIT.done, document: cuts };
}

/** @throws BadInput when no fleet declares a lease there. */
async function checkZone(ledger: Ledger, zone: string): Promise<void> {
  const cells = await ledger.cells();
  const declared = await Promise.all(cells.map((cell) => declaredGroups(ledger, cell)));
  const zones = [
    ...new Set(declared.flat().flatMap(({ zone: each, groups }) => (groups.length > 0 ? [each.az] : []))),
  ].sort();
  if (zones.includes(zone)) return;
  const known = zones.length === 0 ? 'no target names a lease.' : `give one of ${zones.join(', ')}.`;
  throw new BadInput(`No target in ${zone} names a lease: ${known}`);
}

function after(cuts: LeaseCuts, { zone, end }: Pick<CutFlags, 'zone' | 'end'>): LeaseCuts {
  if (end === true) return NOTHING_CUT;
  if (zone === undefined) return { ...cuts, store: true };
  return { ...cuts, zones: [...new Set([...cuts.zones, zone])].sort() };
}

function sentence({ store, zones }: LeaseCuts): string {
  const what = [...(store ? ['the table'] : []), ...zones.map((az) => `the holders of ${az}`)];
  return what.length === 0
    ? 'Nothing is cut any more: everybody is heard within two periods.'
    : `Cut off: ${what.join(', ')}. "pawl lease cut --end" mends it.`;
}
