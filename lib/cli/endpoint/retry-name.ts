import type { Command } from 'commander';
import { nearest } from '../../fleet/suggestion.ts';
import type { RefusedEndpoint } from '../../ledger/decider/state.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { retryEndpoint } from '../../operator/retry-endpoint.ts';
import type { CellName, DnsName } from '../../plan/names.ts';
import { dnsName } from '../../plan/names.ts';
import { EXIT } from '../command/exit-codes.ts';
import { done, Refused } from '../command/failures.ts';
import type { Runtime } from '../command/new-command.ts';
import { newCommand } from '../command/new-command.ts';
import type { CommandResult, Session } from '../command/session.ts';
import { operatorDeps } from '../command/workflow-deps.ts';
import { recorded } from '../printing/obstacle-lines.ts';

interface RetryFlags {
  readonly dryRun?: boolean;
}

export function retryCommand(runtime: Runtime): Command {
  return newCommand(
    'retry',
    'Try an endpoint at once that Route 53 refused, instead of after its growing wait. Does not ask.',
    [['pawl retry api.example.com', 'after its cause was removed; "pawl status" names what is refused']],
  )
    .argument('<name>', "the endpoint's name")
    .option('--dry-run', 'say what would be tried again, and write nothing')
    .action((name: string, flags: RetryFlags, command: Command) =>
      runtime.run(command, (session) => retry(session, dnsName(name), flags)),
    );
}

async function retry(session: Session, name: DnsName, { dryRun }: RetryFlags): Promise<CommandResult> {
  const world = await session.world();
  const ledger = await world.ledger();
  const { cell, refusal } = await refusalOf(ledger, name);
  session.say(`${name} of ${cell} was refused (${refusal.step}): ${recorded(refusal.reason)}.\n`);
  if (dryRun === true) return { exit: EXIT.done, document: { cell, name, refusal, changed: false } };
  const { changed } = done(await retryEndpoint(operatorDeps(world, ledger), { cell, name }));
  session.say(
    changed
      ? `The planner's next plan of ${cell} tries it again.\n`
      : `The planner's next plan of ${cell} tries it again already.\n`,
  );
  return { exit: EXIT.done, document: { cell, name, refusal, changed } };
}

/** The refusal of an endpoint, and its cell. @throws Refused when nothing of it was refused. */
async function refusalOf(
  ledger: Ledger,
  name: DnsName,
): Promise<{ readonly cell: CellName; readonly refusal: RefusedEndpoint }> {
  const others: DnsName[] = [];
  for (const cell of await ledger.cells()) {
    const { refused } = (await ledger.head(cell)).state;
    const refusal = refused.find((each) => each.name === name);
    if (refusal !== undefined) return { cell, refusal };
    others.push(...refused.map((each) => each.name));
  }
  const near = nearest(name, others);
  const hint = near === undefined ? '"pawl status" names what is refused.' : `did you mean ${near}?`;
  throw new Refused(`Nothing of ${name} was refused: ${hint}`);
}
