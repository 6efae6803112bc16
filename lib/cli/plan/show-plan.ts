import type { Command } from 'commander';
import { shortDigest } from '../../plan/plan.ts';
import { formatPlan } from '../../plan/plan-json.ts';
import { knownCell } from '../command/cells.ts';
import { EXIT } from '../command/exit-codes.ts';
import type { Runtime } from '../command/new-command.ts';
import { newCommand } from '../command/new-command.ts';
import type { CommandResult, Session } from '../command/session.ts';
import { findPlan, planReference } from '../look/plan-references.ts';
import { moment } from '../printing/moment.ts';
import { tame } from '../printing/paper.ts';

export function planShowCommand(runtime: Runtime): Command {
  return newCommand(
    'show',
    'Print a plan as JSON, which a person can edit and propose with "pawl plan --from".',
    [['pawl plan show use1-a@145 > edited.json', 'without a generation: the goal']],
  )
    .argument('<plan>', 'CELL or CELL@GENERATION')
    .action((text: string, _: unknown, command: Command) =>
      runtime.run(command, (session) => planShow(session, text)),
    );
}

async function planShow(session: Session, text: string): Promise<CommandResult> {
  const reference = planReference(text);
  const world = await session.world();
  const ledger = await world.ledger();
  const head = await knownCell(ledger, reference.cell);
  const { plan, digest, event } = await findPlan(ledger, head, reference.generation);
  session.remark(
    `${plan.cell}@${plan.generation}, digest ${shortDigest(digest)}, appended ${moment(event.at)} by ${tame(event.by)}\n`,
  );
  session.say(formatPlan(plan));
  return { exit: EXIT.done, document: plan };
}
