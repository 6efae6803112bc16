import type { Command } from 'commander';
import { audit } from '../../auditor/audit.ts';
import type { AuditOutcome } from '../../auditor/auditor.ts';
import { DEFAULT_RECORD_LIMIT } from '../../auditor/auditor.ts';
import type { Resolver } from '../../auditor/resolver.ts';
import { instant } from '../../runtime/clock.ts';
import { auditorDeps } from '../../wiring/run-auditor.ts';
import { serverAnswers } from '../../wiring/server-answers.ts';
import type { World } from '../../wiring/world.ts';
import { meantCells } from '../cells.ts';
import { runGround } from '../dry-run.ts';
import type { ExitCode } from '../exit-codes.ts';
import { EXIT } from '../exit-codes.ts';
import { newCommand } from '../new-command.ts';
import { wholeNumber } from '../option-values.ts';
import { progress } from '../progress.ts';
import { cellSettings } from '../role-settings.ts';
import type { Runtime } from '../runtime.ts';
import type { CommandResult, Session } from '../session.ts';
import type { AuditedCell } from '../views/audit-view.ts';
import { auditView } from '../views/audit-view.ts';

interface AuditFlags {
  readonly dns: boolean;
  readonly recordLimit: number;
  readonly within: number;
  readonly dryRun?: boolean;
}

const RECORD_LIMIT_MAX = 1_000_000;

/** Of several cells the worst counts; what could not be judged is no better than what is wrong. */
const EXITS: Readonly<Record<AuditOutcome['type'], ExitCode>> = {
  clean: EXIT.done,
  unplanned: EXIT.done,
  idle: EXIT.done,
  frozen: EXIT.done,
  drift: EXIT.refused,
  regressed: EXIT.refused,
  unanswered: EXIT.refused,
  'other-ledger': EXIT.refused,
  unsettled: EXIT.unknown,
};

export function auditCommand(runtime: Runtime): Command {
  return newCommand(
    'audit',
    'Look at the whole zone of one cell, or of all, and record what is not as planned: one run of an auditor.',
    [
      ['pawl audit', 'exits with 1 when something is wrong'],
      ['pawl audit use1-a --no-dns', 'without asking the DNS server for every name'],
    ],
  )
    .argument('[cell]', 'this cell alone')
    .option('--no-dns', 'do not ask the DNS server')
    .option(
      '--record-limit <number>',
      'record sets that the zone may hold, where AWS has raised it',
      wholeNumber(1, RECORD_LIMIT_MAX),
      DEFAULT_RECORD_LIMIT,
    )
    .option('--within <seconds>', 'begin nothing new after this', wholeNumber(1, 3_600), 300)
    .option('--dry-run', 'show what is found and would be recorded, and write nothing')
    .action((cell: string | undefined, flags: AuditFlags, command: Command) =>
      runtime.run(command, (session) => auditCells(session, cell, flags)),
    );
}

async function auditCells(
  session: Session,
  text: string | undefined,
  flags: AuditFlags,
): Promise<CommandResult> {
  const world = await session.world();
  const ledger = await world.ledger();
  const cells = await meantCells(ledger, text);
  const ground = runGround(session, world, ledger, flags.dryRun);
  const resolver = resolverOf(world, flags);
  const bar = progress(session, world.clock, 'cell', cells.length);
  const audited: AuditedCell[] = [];
  for (const cell of cells) {
    const head = await ledger.head(cell);
    if (head.state.fleet === null) {
      const reason = `no fleet has been pushed for cell ${cell}`;
      audited.push({ cell, outcome: { type: 'idle', reason } });
      continue;
    }
    const { recordLimit } = flags;
    const sources = resolver === undefined ? { recordLimit } : { recordLimit, resolver };
    const outcome = await audit(
      auditorDeps(ground.world, ground.ledger, cellSettings(world, head), sources),
      {
        deadline: instant(world.clock.now() + flags.within * 1_000),
      },
    ).finally(() => bar.step());
    audited.push({ cell, outcome });
  }
  bar.end();
  session.say(auditView(audited, session.paper));
  const would = ground.end();
  const exits = audited.map(({ outcome }) => EXITS[outcome.type]);
  const exit = exits.includes(EXIT.refused)
    ? EXIT.refused
    : exits.includes(EXIT.unknown)
      ? EXIT.unknown
      : EXIT.done;
  return { exit, document: { cells: audited, ...would } };
}

/** The local world's own server; in AWS a zone has servers of its own, and "pawl resolve --server" asks one of them. */
function resolverOf(world: World, { dns }: AuditFlags): Resolver | undefined {
  return dns && world.dns !== undefined ? serverAnswers(world, world.dns) : undefined;
}
