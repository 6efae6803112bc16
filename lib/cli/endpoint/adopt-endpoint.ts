import type { Command } from 'commander';
import { nearest } from '../../fleet/suggestion.ts';
import type { Head, Ledger } from '../../ledger/ledger.ts';
import { adoptCell, adoptEndpoint } from '../../operator/adopt.ts';
import type { HealthReaders } from '../../operator/health-readers.ts';
import type { DnsName } from '../../plan/names.ts';
import { dnsName } from '../../plan/names.ts';
import { declaredFleet, knownCell, scopeOf } from '../command/cells.ts';
import { EXIT } from '../command/exit-codes.ts';
import { BadInput, done } from '../command/failures.ts';
import type { Runtime } from '../command/new-command.ts';
import { newCommand } from '../command/new-command.ts';
import type { CommandResult, Session } from '../command/session.ts';
import { confirm } from '../command/session.ts';
import { operatorZoneDeps } from '../command/workflow-deps.ts';
import { tame } from '../printing/paper.ts';
import { recordsView } from '../printing/records-view.ts';
import { adoptAll, adoptFile } from './adopt-many.ts';

interface AdoptFlags {
  readonly cell?: string;
  readonly all?: boolean;
  readonly file?: string;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
}

export function adoptCommand(runtime: Runtime): Command {
  return newCommand(
    'adopt',
    "Take over the records at an endpoint's name, or a cell whose fence is another ledger's.",
    [
      ['pawl adopt api.example.com', 'the next flip replaces what stands there'],
      ['pawl adopt --cell use1-a --all', 'everything that stands at its endpoints, asked once'],
      ['pawl adopt --file names.txt', 'the names in a file, one a line'],
      ['pawl adopt --cell use1-a', "its fence becomes this ledger's"],
    ],
  )
    .argument('[name]', "the endpoint's name")
    .argument('[cell]', 'the same as --cell')
    .option('--cell <cell>', "take over this cell's fence; with --all the records at its endpoints")
    .option('--all', 'with --cell: everything that stands at the endpoints of the cell')
    .option('--file <file>', 'what stands at the names in this file, one a line')
    .option('--yes', 'do not ask')
    .option('--dry-run', 'show what would be taken over, and write nothing')
    .action((name: string | undefined, _: string | undefined, flags: AdoptFlags, command: Command) =>
      runtime.run(command, (session) => adopt(session, name, flags)),
    );
}

async function adopt(session: Session, name: string | undefined, flags: AdoptFlags): Promise<CommandResult> {
  const ways = [name !== undefined, flags.cell !== undefined, flags.file !== undefined].filter(
    Boolean,
  ).length;
  if (ways !== 1 || (flags.all === true && flags.cell === undefined))
    throw new BadInput(
      'Say what to adopt: the name of an endpoint, --file FILE, --cell CELL --all, or --cell CELL for its fence, and only one of them.',
    );
  if (name !== undefined) return adoptName(session, dnsName(name), flags);
  if (flags.file !== undefined) return adoptFile(session, flags.file, flags);
  return flags.all === true
    ? adoptAll(session, flags.cell ?? '', flags)
    : adoptFence(session, flags.cell ?? '', flags);
}

async function adoptName(session: Session, name: DnsName, flags: AdoptFlags): Promise<CommandResult> {
  const world = await session.world();
  const ledger = await world.ledger();
  const head = await declaringCell(ledger, name);
  const { cell } = head;
  const deps = operatorZoneDeps(world, ledger, scopeOf(head));
  const shown = done(await adoptEndpoint(deps, { cell, name, apply: false }));
  session.say(recordsView(shown.records, session.paper));
  const { healthReaders } = shown;
  if (healthReaders !== undefined) session.say(healthReadersText(name, healthReaders));
  if (shown.change === 'already' || flags.dryRun === true) {
    session.say(shown.change === 'already' ? `${name} is ${cell}'s already.\n` : '');
    const { change, records } = shown;
    return { exit: EXIT.done, document: { cell, name, change, records, healthReaders } };
  }
  await confirm(session, `Hand ${name} over to cell ${cell}, to be replaced by its next flip?`, flags.yes);
  const { change, records } = done(await adoptEndpoint(deps, { cell, name, apply: true }));
  session.say(`${name} is ${cell}'s now.\n`);
  return { exit: EXIT.done, document: { cell, name, change, records, healthReaders } };
}

/** A line for each alias that loses its failover when Pawl answers at a name. */
function healthReadersText(name: DnsName, readers: HealthReaders): string {
  if (readers.type === 'unread') {
    const reason = readers.reason.replace(/\.$/, '');
    return `Whether aliases elsewhere in the zone go by the health of ${name} could not be looked at: ${reason}.\n`;
  }
  const lines = readers.aliases.map(({ name: by, type, setIdentifier }) => {
    const set = setIdentifier === undefined ? '' : ` (${tame(setIdentifier)})`;
    return `Warning: ${by} ${type}${set} is an alias to ${name} that evaluates its health, which an endpoint does not report: from the flip on it counts as healthy, and nothing fails over from it.\n`;
  });
  return lines.join('');
}

/** The cell whose fleet declares the name. @throws BadInput when none does. */
async function declaringCell(ledger: Ledger, name: DnsName): Promise<Head> {
  const known: DnsName[] = [];
  for (const cell of await ledger.cells()) {
    const head = await ledger.head(cell);
    const { endpoints = [] } = (await declaredFleet(ledger, head)) ?? {};
    if (endpoints.some((endpoint) => endpoint.name === name)) return head;
    known.push(...endpoints.map((endpoint) => endpoint.name));
  }
  const near = nearest(name, known);
  throw new BadInput(
    near === undefined
      ? `No cell's fleet declares ${name}: declare it, push the fleet, then adopt it.`
      : `No cell's fleet declares ${name}: did you mean ${near}? Else declare it and push the fleet first.`,
  );
}

async function adoptFence(session: Session, text: string, flags: AdoptFlags): Promise<CommandResult> {
  const world = await session.world();
  const ledger = await world.ledger();
  const head = await knownCell(ledger, text);
  const { cell } = head;
  const deps = operatorZoneDeps(world, ledger, scopeOf(head));
  const shown = done(await adoptCell(deps, { cell, apply: false }));
  const { fence } = shown;
  session.say(
    `The fence of ${cell} is at @${fence.generation}, seq ${fence.seq}, of ledger ${fence.ledger}.\n`,
  );
  if (shown.change === 'already' || flags.dryRun === true) {
    session.say(shown.change === 'already' ? `It is this ledger's already.\n` : '');
    return { exit: EXIT.done, document: { cell, ...shown } };
  }
  await confirm(
    session,
    `Take it over for this ledger, ${ledger.id}? The other one must not write any more.`,
    flags.yes,
  );
  const adopted = done(await adoptCell(deps, { cell, apply: true }));
  session.say(`${cell} is this ledger's now, fence seq ${adopted.seq}.\n`);
  return { exit: EXIT.done, document: { cell, ...adopted } };
}
