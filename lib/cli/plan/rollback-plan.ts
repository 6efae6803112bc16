import type { Command } from 'commander';
import { withSentences } from '../../ledger/decider/recorded-finding.ts';
import { rollback } from '../../operator/rollback.ts';
import { knownCell } from '../command/cells.ts';
import { EXIT } from '../command/exit-codes.ts';
import { done } from '../command/failures.ts';
import type { Runtime } from '../command/new-command.ts';
import { newCommand } from '../command/new-command.ts';
import type { CommandResult, Session } from '../command/session.ts';
import { confirm } from '../command/session.ts';
import { operatorDeps } from '../command/workflow-deps.ts';
import { typedGeneration } from '../look/plan-references.ts';
import { some } from '../printing/event-text.ts';
import { personsPlanView } from '../printing/persons-plan-view.ts';

interface RollbackFlags {
  readonly to?: string;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
}

export function rollbackCommand(runtime: Runtime): Command {
  return newCommand(
    'rollback',
    'Bring an earlier answer back, forward: a new generation with its content. Shows the change, then asks.',
    [
      ['pawl rollback use1-a', 'to the newest that was applied and differs'],
      ['pawl rollback use1-a --to 141 --dry-run', ''],
    ],
  )
    .argument('<cell>', 'the cell')
    .option('--to <generation>', 'the applied generation whose content shall come back')
    .option('--yes', 'do not ask')
    .option('--dry-run', 'show the change, and write nothing')
    .action((cell: string, flags: RollbackFlags, command: Command) =>
      runtime.run(command, (session) => rollBack(session, cell, flags)),
    );
}

async function rollBack(session: Session, text: string, flags: RollbackFlags): Promise<CommandResult> {
  const to = flags.to === undefined ? undefined : typedGeneration(flags.to);
  const world = await session.world();
  const ledger = await world.ledger();
  const { cell } = await knownCell(ledger, text);
  const deps = operatorDeps(world, ledger);
  const shown = done(await rollback(deps, { cell, to, apply: false }));
  session.say(`Back to what ${cell}@${shown.to} answered:\n${personsPlanView(shown, session.paper)}`);
  if (flags.dryRun === true) return { exit: EXIT.done, document: withSentences(shown) };
  const name = `${cell}@${shown.plan.generation}`;
  // Without --to a second rollback would come back to what this one leaves.
  session.finishWith(['rollback', cell, '--to', String(shown.to), ...(flags.yes === true ? ['--yes'] : [])]);
  await confirm(session, `Append ${name}, and pause the planner of ${cell}?`, flags.yes);
  const rolled = done(await rollback(deps, { cell, to: shown.to, apply: true, expected: shown.digest }));
  const { keptBack } = rolled;
  const but =
    keptBack.length === 0
      ? ''
      : `Not for ${some(keptBack.map((each) => each.name))}, which cannot go back, as shown above.\n`;
  session.say(`${name} is the goal; the planner is paused until "pawl resume ${cell}".\n${but}`);
  return { exit: keptBack.length === 0 ? EXIT.done : EXIT.refused, document: withSentences(rolled) };
}
