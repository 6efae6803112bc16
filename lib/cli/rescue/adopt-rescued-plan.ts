import type { Command } from 'commander';
import { adoptRescue } from '../../operator/adopt-rescue.ts';
import { knownCell, scopeOf } from '../command/cells.ts';
import { EXIT } from '../command/exit-codes.ts';
import { done } from '../command/failures.ts';
import type { Runtime } from '../command/new-command.ts';
import { newCommand } from '../command/new-command.ts';
import { readPlanFile } from '../command/plan-files.ts';
import type { CommandResult, Session } from '../command/session.ts';
import { confirm } from '../command/session.ts';
import { operatorZoneDeps } from '../command/workflow-deps.ts';
import { personsPlanView } from '../printing/persons-plan-view.ts';

interface RescueAdoptFlags {
  readonly yes?: boolean;
  readonly dryRun?: boolean;
}

export function rescueAdoptCommand(runtime: Runtime): Command {
  return newCommand(
    'adopt',
    'Bring what a rescue did into the ledger, once it is back: the file becomes the goal. Then thaw.',
    [['pawl rescue adopt plan.json', '']],
  )
    .argument('<file>', 'the plan that the cell was rescued with')
    .option('--yes', 'do not ask')
    .option('--dry-run', 'show what would be appended, and write nothing')
    .action((file: string, flags: RescueAdoptFlags, command: Command) =>
      runtime.run(command, (session) => rescueAdopt(session, file, flags)),
    );
}

async function rescueAdopt(session: Session, file: string, flags: RescueAdoptFlags): Promise<CommandResult> {
  const plan = await readPlanFile(file);
  const { cell } = plan;
  const world = await session.world();
  const ledger = await world.ledger();
  const head = await knownCell(ledger, cell);
  const deps = operatorZoneDeps(world, ledger, scopeOf(head));
  const shown = done(await adoptRescue(deps, { cell, plan, apply: false }));
  session.say(personsPlanView(shown, session.paper));
  if (shown.carried.length > 0)
    session.remark(`Not in the file, and kept as the goal has them: ${shown.carried.join(', ')}.\n`);
  if (flags.dryRun === true) return { exit: EXIT.done, document: shown };
  await confirm(session, `Make it the goal of cell ${cell}, with the planner paused?`, flags.yes);
  const adopted = done(await adoptRescue(deps, { cell, plan, apply: true }));
  session.say(
    `${cell}@${adopted.plan.generation} is the goal. Next: "pawl thaw ${cell}", then "pawl resume ${cell}".\n`,
  );
  return { exit: EXIT.done, document: adopted };
}
