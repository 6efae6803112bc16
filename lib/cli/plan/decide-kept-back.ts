import { waitingLoosening } from '../../ledger/decider/loosening.ts';
import type { CellState } from '../../ledger/decider/state.ts';
import type { KeptBackDecision, KeptBackLook } from '../../operator/kept-back.ts';
import { approveKeptBack, lookAtKeptBack, rejectKeptBack } from '../../operator/kept-back.ts';
import type { OperatorDeps } from '../../operator/operator.ts';
import type { CellName, DnsName } from '../../plan/names.ts';
import { dnsName } from '../../plan/names.ts';
import { knownCell } from '../command/cells.ts';
import { EXIT } from '../command/exit-codes.ts';
import { BadInput, done, Refused } from '../command/failures.ts';
import type { CommandResult, Session } from '../command/session.ts';
import { confirm } from '../command/session.ts';
import { operatorDeps } from '../command/workflow-deps.ts';
import { some } from '../printing/event-text.ts';
import type { Paper } from '../printing/paper.ts';
import { waitingDocument, waitingView } from '../printing/waiting-view.ts';

/** What was typed after the cell: which endpoints, and what the person has seen of them. */
export interface TypedDecision {
  readonly endpoints: readonly string[];
  readonly digest?: string | undefined;
  readonly yes?: boolean | undefined;
  readonly dryRun?: boolean | undefined;
}

/**
 * `pawl plan approve CELL [ENDPOINT...]`: shows what waits, asks, and lets exactly that go. What was shown is meant by
 * its digest.
 */
export async function approveEndpoints(
  session: Session,
  text: string,
  typed: TypedDecision,
): Promise<CommandResult> {
  const { deps, cell, endpoints, look } = await show(session, text, typed, 'approve');
  const document = documentOf(cell, look);
  if (typed.dryRun === true) return { exit: EXIT.done, document: { approved: false, ...document } };
  if (look.meant.length === 0) throw nothingToDecide(cell, look, 'approve');
  const names = look.meant.map(({ name }) => name);
  await confirm(session, `Let ${some(names)} of ${cell} go?`, typed.yes);
  const digest = typed.digest ?? look.digest;
  const approval = done(await approveKeptBack(deps, { cell, endpoints, digest }));
  const plan = `${cell}@${approval.plan.generation}`;
  session.say(`${plan} is the goal: it changes ${some(names)}, as shown, and nothing else.\n`);
  return {
    exit: EXIT.done,
    document: { approved: true, ...document, generation: approval.plan.generation },
  };
}

/** `pawl plan reject CELL [ENDPOINT...]`: shows what waits and, with the digest of what was shown, declines it. */
export async function rejectEndpoints(
  session: Session,
  text: string,
  typed: TypedDecision & { readonly reason: string },
): Promise<CommandResult> {
  const { reason, digest, dryRun } = typed;
  const { deps, cell, endpoints, look } = await show(session, text, typed, 'reject');
  const document = documentOf(cell, look);
  if (dryRun === true) return { exit: EXIT.done, document: { rejected: false, ...document } };
  if (look.meant.length === 0) throw nothingToDecide(cell, look, 'reject');
  if (digest === undefined) {
    throw new BadInput(
      `Say that this is what you have seen: "pawl plan reject ${[cell, ...endpoints].join(' ')} --digest ${look.digest}".`,
    );
  }
  const { rejected, changed } = done(await rejectKeptBack(deps, { cell, endpoints, digest, reason }));
  const names = some(rejected.map(({ name }) => name));
  session.say(
    changed
      ? `What waits for ${names} of ${cell} is declined: nobody is asked again until something else waits.\n`
      : `What waits for ${names} of ${cell} was declined already.\n`,
  );
  return { exit: EXIT.done, document: { rejected: true, changed, ...document } };
}

interface Shown {
  readonly deps: OperatorDeps;
  readonly cell: CellName;
  readonly endpoints: readonly DnsName[];
  readonly look: KeptBackLook;
}

async function show(
  session: Session,
  text: string,
  typed: TypedDecision,
  decision: KeptBackDecision,
): Promise<Shown> {
  const endpoints = [...new Set(typed.endpoints.map(dnsName))];
  const world = await session.world();
  const ledger = await world.ledger();
  const { cell, state } = await knownCell(ledger, text);
  const deps = operatorDeps(world, ledger);
  const look = done(await lookAtKeptBack(deps, { cell, endpoints, decision }));
  session.say(keptBackDecisionView({ cell, endpoints, decision, look }, world.clock.now(), session.paper));
  if (look.waiting.length === 0) session.say(nothingText(cell, state));
  if (waitingLoosening(state) !== null)
    session.say(`A looser policy waits: "pawl plan ${decision} ${cell} policy" shows it.\n`);
  return { deps, cell, endpoints, look };
}

function nothingText(cell: CellName, { newest }: CellState): string {
  const held =
    newest?.disposition === 'held'
      ? ` ${cell}@${newest.generation} waits as a whole: "pawl plan approve ${cell}@${newest.generation}".`
      : '';
  return `Nothing of ${cell} is kept back.${held}\n`;
}

function nothingToDecide(cell: CellName, { waiting }: KeptBackLook, decision: KeptBackDecision): Refused {
  if (waiting.length === 0) return new Refused(`Nothing of cell ${cell} waits for a person.`);
  return new Refused(
    decision === 'approve'
      ? `No approval lets go what waits in cell ${cell}: "pawl explain NAME" shows what stands in the way.`
      : `What waits in cell ${cell} was declined already.`,
  );
}

function documentOf(cell: CellName, { waiting, meant, digest }: KeptBackLook): object {
  return {
    cell,
    endpoints: meant.map(({ name }) => name),
    digest: meant.length === 0 ? null : digest,
    waiting: waiting.map(waitingDocument),
  };
}

interface DecisionShown {
  readonly cell: CellName;
  readonly endpoints: readonly DnsName[];
  readonly decision: KeptBackDecision;
  readonly look: KeptBackLook;
}

/** What waits, an endpoint at a time: why, what would change, and the command that decides about exactly that. */
function keptBackDecisionView(shown: DecisionShown, now: number, paper: Paper): string {
  const { cell, endpoints, decision, look } = shown;
  const { waiting, meant, digest } = look;
  const all =
    meant.length < 2
      ? ''
      : `All ${meant.length} at once: "pawl plan ${decision} ${[cell, ...endpoints].join(' ')} --digest ${digest}".\n`;
  return waiting.map((each) => `${waitingView(cell, decision, each, now, paper)}\n`).join('') + all;
}
