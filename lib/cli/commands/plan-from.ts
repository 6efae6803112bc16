import { proposePlan } from '../../operator/propose.ts';
import { withSentences } from '../../plan/finding-text.ts';
import { shortDigest } from '../../plan/plan.ts';
import { knownCell } from '../cells.ts';
import { EXIT } from '../exit-codes.ts';
import { done } from '../failures.ts';
import { operatorDeps } from '../operator-deps.ts';
import { readPlanFile } from '../plan-files.ts';
import type { CommandResult, Session } from '../session.ts';
import { confirm } from '../session.ts';
import { personsPlanView } from '../views/persons-plan-view.ts';

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
