import type { Command } from 'commander';
import type { HandoverCommand } from '../../operator/record-handover.ts';
import { recordHandover } from '../../operator/record-handover.ts';
import type { CellName, DnsName } from '../../plan/names.ts';
import { cellName, dnsName } from '../../plan/names.ts';
import { EXIT } from '../command/exit-codes.ts';
import { BadInput, done } from '../command/failures.ts';
import type { Runtime } from '../command/new-command.ts';
import { newCommand } from '../command/new-command.ts';
import type { CommandResult, Session } from '../command/session.ts';
import { confirm } from '../command/session.ts';
import { operatorDeps } from '../command/workflow-deps.ts';
import { some } from '../printing/event-text.ts';

interface Flags {
  readonly cell: string;
  readonly to?: string;
  readonly from?: string;
  readonly ledger?: string;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
}

const LEDGER = /^[0-9a-f]{8}$/;

/** A command with its verbs: each records one half of a handover. */
export function handoverCommand(): Command {
  return newCommand('handover', 'Hand endpoints over between cells of one zone that have a ledger each.', [
    ['pawl fleet push fleet.yaml', 'in one ledger: a file in which an endpoint has moved does all of it'],
  ]);
}

export function handoverOfferCommand(runtime: Runtime): Command {
  return newCommand(
    'offer',
    'Let another cell of the zone take endpoints: until it has, they are as they were. Shows what is meant, then asks.',
    [['pawl handover offer www.example.com --cell use1 --to use1-a --ledger 5be1c07a', '']],
  )
    .argument('<names...>', 'the endpoints')
    .requiredOption('--cell <cell>', 'the cell that gives')
    .requiredOption('--to <cell>', 'the cell that takes')
    .option(
      '--ledger <id>',
      'the ledger of the cell that takes, 8 digits ("pawl handover await" says it); by default this one',
    )
    .option('--yes', 'do not ask')
    .option('--dry-run', 'say what would be offered, and write nothing')
    .action((names: readonly string[], flags: Flags, command: Command) =>
      runtime.run(command, (session) => offer(session, names.map(dnsName), flags)),
    );
}

export function handoverAwaitCommand(runtime: Runtime): Command {
  return newCommand(
    'await',
    'Take endpoints over once another cell of the zone offers them, and say by which ledger it has to. Shows what is meant, then asks.',
    [
      [
        'pawl handover await www.example.com --cell use1-a --from use1',
        'before the fleet that declares it is pushed',
      ],
    ],
  )
    .argument('<names...>', 'the endpoints')
    .requiredOption('--cell <cell>', 'the cell that takes')
    .requiredOption('--from <cell>', 'the cell that gives')
    .option('--yes', 'do not ask')
    .option('--dry-run', 'say what would be awaited, and write nothing')
    .action((names: readonly string[], flags: Flags, command: Command) =>
      runtime.run(command, (session) => awaiting(session, names.map(dnsName), flags)),
    );
}

export function handoverWithdrawCommand(runtime: Runtime): Command {
  return newCommand(
    'withdraw',
    'Take offers back, and await endpoints no longer. The other cell may take an endpoint until "pawl status" shows no offer of it. Does not ask.',
    [['pawl handover withdraw www.example.com --cell use1', '']],
  )
    .argument('<names...>', 'the endpoints')
    .requiredOption('--cell <cell>', 'the cell that offers or awaits them')
    .option('--dry-run', 'say what would be withdrawn, and write nothing')
    .action((names: readonly string[], flags: Flags, command: Command) =>
      runtime.run(command, (session) => withdraw(session, names.map(dnsName), flags)),
    );
}

async function offer(session: Session, names: readonly DnsName[], flags: Flags): Promise<CommandResult> {
  if (flags.ledger !== undefined && !LEDGER.test(flags.ledger))
    throw new BadInput(`"${flags.ledger}" is not the id of a ledger: that has 8 hexadecimal digits.`);
  const cell = cellName(flags.cell);
  const to = cellName(flags.to ?? '');
  const world = await session.world();
  const ledger = flags.ledger ?? (await world.ledger()).id;
  const command = { type: 'OfferEndpoints', names, to, ledger } as const;
  return tell(session, cell, [command], {
    flags,
    asks: `Let cell ${to} of ledger ${ledger} take ${some(names)} from ${cell}?`,
    said: (news) => `${cell} offers ${some(news)} to ${to}, and answers until ${to} has taken it.`,
  });
}

async function awaiting(session: Session, names: readonly DnsName[], flags: Flags): Promise<CommandResult> {
  const cell = cellName(flags.cell);
  const from = cellName(flags.from ?? '');
  const world = await session.world();
  const { id } = await world.ledger();
  const command = { type: 'AwaitEndpoints', names, from } as const;
  return tell(session, cell, [command], {
    flags,
    asks: `Take ${some(names)} over from ${from} once it offers them?`,
    said: (news) =>
      `${cell} takes ${some(news)} over once its fleet declares it and ${from} offers it: "pawl handover offer ${news.join(' ')} --cell ${from} --to ${cell} --ledger ${id}" where ${from} lives.`,
  });
}

async function withdraw(session: Session, names: readonly DnsName[], flags: Flags): Promise<CommandResult> {
  const cell = cellName(flags.cell);
  const commands = [
    { type: 'AwaitEndpoints', names, from: null },
    { type: 'WithdrawOffers', names },
  ] as const;
  return tell(session, cell, commands, {
    flags: { ...flags, yes: true },
    asks: '',
    said: (news) => `${cell} neither offers nor awaits ${some(news)} any more.`,
  });
}

interface Told {
  readonly flags: Flags;
  readonly asks: string;
  readonly said: (news: readonly DnsName[]) => string;
}

/** Shows what is news, asks, and records it. */
async function tell(
  session: Session,
  cell: CellName,
  commands: readonly HandoverCommand[],
  { flags, asks, said }: Told,
): Promise<CommandResult> {
  const world = await session.world();
  const deps = operatorDeps(world, await world.ledger());
  const { functionsRead } = world;
  const news = new Set<DnsName>();
  for (const command of commands) {
    const shown = done(await recordHandover(deps, { cell, command, apply: false, functionsRead }));
    for (const name of shown.names) news.add(name);
  }
  const names = [...news];
  const changes = names.length > 0 && flags.dryRun !== true;
  const sentence = names.length === 0 ? `The log of ${cell} says so already.` : said(names);
  if (changes) {
    await confirm(session, asks, flags.yes);
    for (const command of commands)
      done(await recordHandover(deps, { cell, command, apply: true, functionsRead }));
  }
  session.say(`${sentence}${names.length > 0 && !changes ? ' Nothing was written.' : ''}\n`);
  return { exit: EXIT.done, document: { cell, names, changed: changes, ledger: deps.ledger.id } };
}
