import type { Command } from 'commander';
import { LedgerUnavailable } from '../../ledger/ledger.ts';
import type { FreezeDeps } from '../../operator/freeze.ts';
import { freeze } from '../../operator/freeze.ts';
import type { CellName } from '../../plan/names.ts';
import { cellName, dnsName } from '../../plan/names.ts';
import type { World } from '../../wiring/world.ts';
import { zoneWriter } from '../../wiring/zone-writer.ts';
import { knownCell, scopeOf } from '../command/cells.ts';
import { EXIT } from '../command/exit-codes.ts';
import { BadInput, done } from '../command/failures.ts';
import { hostedZoneId } from '../command/hosted-zone-id.ts';
import type { Runtime } from '../command/new-command.ts';
import { newCommand } from '../command/new-command.ts';
import type { CommandResult, Session } from '../command/session.ts';
import { fenceWait, operatorZoneDeps } from '../command/workflow-deps.ts';

interface FreezeFlags {
  readonly reason: string;
  readonly fenceOnly?: boolean;
  readonly zone?: string;
  readonly zoneId?: string;
  readonly dryRun?: boolean;
}

export function freezeCommand(runtime: Runtime): Command {
  return newCommand('freeze', "Stop every write to a cell's zone until a thaw. Does not ask.", [
    ['pawl freeze use1-a --reason "looking into use1-a"', ''],
    ['pawl freeze use1-a --fence-only --zone example.com', 'while the ledger is down'],
  ])
    .argument('<cell>', 'the cell')
    .option('--reason <text>', 'why, for whoever finds it frozen', 'no reason was given')
    .option('--fence-only', 'write to the fence alone; needs no ledger, but the zone')
    .option('--zone <name>', "with --fence-only: the name of the cell's zone")
    .option('--zone-id <id>', 'with --fence-only: its id, where several zones have that name')
    .option('--dry-run', 'say what would be frozen, and write nothing')
    .action((cell: string, flags: FreezeFlags, command: Command) =>
      runtime.run(command, (session) => freezeCell(session, cellName(cell), flags)),
    );
}

async function freezeCell(session: Session, cell: CellName, flags: FreezeFlags): Promise<CommandResult> {
  const { reason } = flags;
  const fenceOnly = flags.fenceOnly === true;
  const world = await session.world();
  const depsOf = () => (fenceOnly ? fenceDeps(world, cell, flags) : ledgerDeps(world, cell));
  const deps = await withHint(cell, depsOf);
  if (flags.dryRun === true) {
    session.say(`${cell} would be frozen: no write to ${deps.writer.scope.zone} would go through.\n`);
    return { exit: EXIT.done, document: { cell, frozen: false } };
  }
  const { seq } = done(
    await withHint(cell, () => freeze(deps, { cell, reason, fenceOnly, wait: fenceWait(world) })),
  );
  session.say(
    `${cell} is frozen at fence seq ${seq}: no write of Pawl's goes through until "pawl thaw ${cell}".\n` +
      (fenceOnly ? 'The ledger has no record of it: freeze again when it is back.\n' : ''),
  );
  return { exit: EXIT.done, document: { cell, frozen: true, seq } };
}

async function ledgerDeps(world: World, cell: CellName): Promise<FreezeDeps> {
  const ledger = await world.ledger();
  return operatorZoneDeps(world, ledger, scopeOf(await knownCell(ledger, cell)));
}

/** Whoever is told that the ledger is down is told what needs none. */
async function withHint<T>(cell: CellName, perform: () => Promise<T>): Promise<T> {
  try {
    return await perform();
  } catch (error) {
    if (!(error instanceof LedgerUnavailable)) throw error;
    const instead = `"pawl freeze ${cell} --fence-only --zone ZONE" needs no ledger`;
    throw new LedgerUnavailable(`${error.message.replace(/\.$/, '')}: ${instead}.`, { cause: error });
  }
}

async function fenceDeps(world: World, cell: CellName, { zone, zoneId }: FreezeFlags): Promise<FreezeDeps> {
  if (zone === undefined)
    throw new BadInput('Without the ledger nobody knows which zone the cell lives in: give --zone too.');
  const scope = { cell, zone: dnsName(zone), zoneId: await hostedZoneId(world, zoneId ?? zone) };
  const { clock, randomness, telemetry, operator } = world;
  return { clock, randomness, telemetry, name: operator, writer: zoneWriter(world, 'operator', scope) };
}
