import { withSentences } from '../../ledger/decider/recorded-finding.ts';
import { proposePlan } from '../../operator/propose.ts';
import { shortDigest } from '../../plan/plan.ts';
import { knownCell } from '../command/cells.ts';
import { EXIT } from '../command/exit-codes.ts';
import { done } from '../command/failures.ts';
import { readPlanFile } from '../command/plan-files.ts';
import type { CommandResult, Session } from '../command/session.ts';
import { confirm } from '../command/session.ts';
import { operatorDeps } from '../command/workflow-deps.ts';
import { personsPlanView } from '../printing/persons-plan-view.ts';

/** `pawl plan --from FILE`: shows what an edited plan would change, asks, and appends exactly that. */
export async function proposeFromFile(
  session: Session,
  file: string,
  { yes, dryRun }: { readonly yes?: boolean; readonly dryRun?: boolean },
): Promise<CommandResult> {
  const plan = await readPlanFile(file);
  const world = await session.world();
  const ledger = await world.ledger();
  const { cell } = await knownCell(ledger, plan.cell);
  const deps = operatorDeps(world, ledger);
  const shown = done(await proposePlan(deps, { cell, plan, apply: false }));
  session.say(personsPlanView(shown, session.paper));
  if (dryRun === true) return { exit: EXIT.done, document: withSentences(shown) };
  const name = `${cell}@${shown.plan.generation}`;
  await confirm(session, `Append ${name}, and pause the planner of ${cell}?`, yes);
  const appended = done(await proposePlan(deps, { cell, plan, apply: true, expected: shown.digest }));
  const digest = shortDigest(appended.digest);
  session.say(
    appended.disposition === 'held'
      ? `${name} is appended and waits: "pawl plan approve ${name} --digest ${digest}" lets it go.\n`
      : `${name} is appended and is the goal; the planner is paused until "pawl resume ${cell}".\n`,
  );
  return { exit: EXIT.done, document: withSentences(appended) };
}
