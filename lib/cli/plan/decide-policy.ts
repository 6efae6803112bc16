import { waitingLoosening } from '../../ledger/decider/loosening.ts';
import { decideLoosening } from '../../operator/decide-loosening.ts';
import type { KeptBackDecision } from '../../operator/kept-back.ts';
import { looseningText } from '../../plan/stricter-policy.ts';
import { knownCell } from '../command/cells.ts';
import { EXIT } from '../command/exit-codes.ts';
import { BadInput, done, Refused } from '../command/failures.ts';
import type { CommandResult, Session } from '../command/session.ts';
import { confirm } from '../command/session.ts';
import { operatorDeps } from '../command/workflow-deps.ts';
import { looseningLine } from '../printing/obstacle-lines.ts';

/** What is typed in the place of an endpoint's name to mean the cell's policy. No endpoint has a name of one label. */
export const POLICY = 'policy';

export interface TypedPolicyDecision {
  readonly decision: KeptBackDecision;
  readonly digest?: string | undefined;
  readonly reason: string;
  readonly yes?: boolean | undefined;
  readonly dryRun?: boolean | undefined;
}

/**
 * `pawl plan approve CELL policy` and `pawl plan reject CELL policy`: shows what of the declared policy is looser than
 * what is in effect, and accepts or declines exactly that. Like an endpoint's change, it is declined by its digest
 * without a question.
 */
export async function decidePolicy(
  session: Session,
  text: string,
  { decision, digest: typed, reason, yes, dryRun }: TypedPolicyDecision,
): Promise<CommandResult> {
  const world = await session.world();
  const ledger = await world.ledger();
  const { cell, state } = await knownCell(ledger, text);
  const loosening = waitingLoosening(state);
  if (loosening === null)
    throw new Refused(`No looser policy of cell ${cell} waits: the declared one is in effect.`);
  const { digest, fields } = loosening;
  session.say(`${looseningLine(cell, loosening, world.clock.now())}\n`);
  const document = { cell, digest, fields };
  const said = decision === 'approve' ? 'approved' : 'rejected';
  if (dryRun === true) return { exit: EXIT.done, document: { [said]: false, ...document } };
  if (decision === 'approve') await confirm(session, `Let the looser policy of ${cell} judge?`, yes);
  else if (typed === undefined) {
    throw new BadInput(
      `Say that this is what you have seen: "pawl plan reject ${cell} ${POLICY} --digest ${digest}".`,
    );
  }
  const deps = operatorDeps(world, ledger);
  const { changed } = done(await decideLoosening(deps, { cell, decision, digest: typed ?? digest, reason }));
  const end =
    decision === 'approve'
      ? 'is in effect'
      : `is declined${changed ? '' : ' already'}: what was in effect stays, until another policy is declared`;
  session.say(`The looser policy of ${cell} ${end} (${looseningText(fields)}).\n`);
  return { exit: EXIT.done, document: { [said]: true, changed, ...document } };
}
