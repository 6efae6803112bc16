import type { Command } from 'commander';
import { waitingLoosening } from '../../ledger/decider/loosening.ts';
import type { KeptBackShown } from '../../operator/kept-back.ts';
import type { CellName, DnsName } from '../../plan/names.ts';
import { dnsName } from '../../plan/names.ts';
import { EXIT } from '../command/exit-codes.ts';
import { Refused } from '../command/failures.ts';
import type { Runtime } from '../command/new-command.ts';
import { newCommand } from '../command/new-command.ts';
import type { CommandResult, Session } from '../command/session.ts';
import { operatorDeps } from '../command/workflow-deps.ts';
import { appliedEndpoint } from '../look/endpoint-lookup.ts';
import type { Explanation } from '../look/explanation.ts';
import { lookAtEndpoint, waitingOf } from '../look/look-at-endpoint.ts';
import { eventText } from '../printing/event-text.ts';
import { duration, moment } from '../printing/moment.ts';
import { obstacleLines } from '../printing/obstacle-lines.ts';
import type { Paper } from '../printing/paper.ts';
import { lines, paint, tame } from '../printing/paper.ts';
import type { Obstacles, RefusedSeen } from '../printing/seen-obstacles.ts';
import { obstaclesOf } from '../printing/seen-obstacles.ts';
import { table } from '../printing/table.ts';
import { waitingDocument, waitingView } from '../printing/waiting-view.ts';
import { answersFrom, answersFromDocument, answersFromView } from './answers-from.ts';
import type { AskFlags } from './asked-from.ts';
import { withAskOptions } from './asked-from.ts';

export function explainCommand(runtime: Runtime): Command {
  const command = newCommand(
    'explain',
    'Show why a name answers as it does: root, tree, leaves, plan, and what keeps it from what is asked.',
    [
      ['pawl explain api.example.com', ''],
      ['pawl explain api.example.com --from DE', 'and what a client in Germany is answered'],
    ],
  ).argument('<name>', "the endpoint's name");
  return withAskOptions(command).action((name: string, flags: AskFlags, self: Command) =>
    runtime.run(self, (session) => explainName(session, dnsName(name), flags)),
  );
}

async function explainName(session: Session, name: DnsName, flags: AskFlags): Promise<CommandResult> {
  const world = await session.world();
  const ledger = await world.ledger();
  const found = await appliedEndpoint(ledger, name);
  if (found === undefined) return explainUnapplied(session, name);
  const { head, endpoint } = found;
  const asked = await answersFrom(world, endpoint, flags);
  const now = world.clock.now();
  const { explanation, waiting } = await lookAtEndpoint(world, ledger, found, now);
  session.say(explainView(explanation, now, session.paper));
  if (asked !== undefined) session.say(answersFromView(asked, endpoint, session.paper));
  const { refused } = explanation;
  const loosening = waitingLoosening(head.state);
  session.say(obstacleView(head.cell, { name, refused, waiting, loosening }, now, session.paper));
  const isSound = explanation.rootIsAsPlanned && explanation.tree.condition === 'intact';
  const isAsAsked = explanation.refused === null && (waiting === null || waiting.rejected !== null);
  return {
    exit: isSound && isAsAsked ? EXIT.done : EXIT.refused,
    document: {
      ...explanation,
      keptBack: waiting === null ? null : waitingDocument(waiting),
      asked: answersFromDocument(asked),
    },
  };
}

/** A name that no applied plan has: it may be declared and kept back, or refused. @throws Refused when it is neither. */
async function explainUnapplied(session: Session, name: DnsName): Promise<CommandResult> {
  const world = await session.world();
  const ledger = await world.ledger();
  for (const cell of await ledger.cells()) {
    const head = await ledger.head(cell);
    const refused =
      obstaclesOf(head.state, world.clock.now()).refused.find((each) => each.name === name) ?? null;
    const waiting = await waitingOf(operatorDeps(world, ledger), cell, name);
    if (refused === null && waiting === null) continue;
    session.say(`${paint(session.paper, 'strong', name)}: no applied plan of cell ${cell} has it.\n`);
    const loosening = waitingLoosening(head.state);
    session.say(obstacleView(cell, { name, refused, waiting, loosening }, world.clock.now(), session.paper));
    const keptBack = waiting === null ? null : waitingDocument(waiting);
    return { exit: EXIT.refused, document: { name, cell, applied: null, refused, keptBack } };
  }
  throw new Refused(`No applied plan has ${name}: "pawl status" shows where every cell is.`);
}

/** What stands in the way of one endpoint. */
interface Standing {
  readonly name: DnsName;
  readonly refused: RefusedSeen | null;
  readonly waiting: KeptBackShown | null;
  readonly loosening: Obstacles['loosening'];
}

/** Why an endpoint does not answer what is asked of it, and what would be different; empty when it does. */
function obstacleView(
  cell: CellName,
  { name, refused, waiting, loosening }: Standing,
  now: number,
  paper: Paper,
): string {
  const refusal = refused === null ? [] : [refused];
  // A looser policy matters to an endpoint that the stricter one keeps back, and to one whose floor it lowers.
  const isLowered = loosening?.fields.some(({ endpoint }) => endpoint === name) === true;
  const looser = waiting !== null || isLowered ? loosening : null;
  const lone: Obstacles = { refused: refusal, blind: [], keptBack: [], held: null, loosening: looser };
  return (
    lines(obstacleLines(cell, lone, now)) +
    (waiting === null ? '' : waitingView(cell, 'approve', waiting, now, paper))
  );
}

/** The chain of one endpoint from its root to its leaves. */
function explainView(explanation: Explanation, now: number, paper: Paper): string {
  const { name, cell, kind, ttl, targets } = explanation;
  const rows = targets.flatMap(({ target, az, records, why }) =>
    records.length === 0
      ? [[tame(target), tame(az), '', '-', '', tame(why)]]
      : records.map(({ type, answer, weight, answers, branch }) => [
          branch === undefined ? tame(target) : `${tame(target)} in ${tame(branch)}`,
          tame(az),
          type,
          answers ?? String(weight),
          tame(answer),
          tame(why),
        ]),
  );
  return (
    lines(
      `${paint(paper, 'strong', name)}: ${kind} endpoint of cell ${cell}, TTL ${ttl} s`,
      chain(explanation, now, paper),
    ) +
    table(
      paper,
      [
        { head: 'TARGET' },
        { head: 'AZ' },
        { head: 'TYPE' },
        { head: 'WEIGHT', align: 'right' },
        { head: 'ANSWER' },
        { head: 'WHY' },
      ],
      rows,
    )
  );
}

function chain(explanation: Explanation, now: number, paper: Paper): readonly string[] {
  const { root, rootIsAsPlanned, rollback, tree, made, applied, cell } = explanation;
  const drift = rootIsAsPlanned ? '' : paint(paper, 'bad', ' (not as planned)');
  const condition = tree.condition === 'intact' ? 'intact' : paint(paper, 'bad', tree.condition);
  return [
    ...rootLines('root', root, drift),
    `tree      ${tree.name}, ${condition}`,
    ...(explanation.branches ?? []).map(({ path, name, chosen, condition: state }) => {
      const shown = state === 'intact' ? 'intact' : paint(paper, 'bad', state);
      return `branch    ${path}: ${chosen}, ${name}, ${shown}`;
    }),
    ...(made === null
      ? []
      : [`made by   event ${made.number}, ${moment(made.at)}, ${tame(made.by)}: ${eventText(made.event)}`]),
    ...(applied === null
      ? []
      : [
          `live by   ${cell}@${applied.generation}, applied ${moment(applied.at)} (${duration(now - applied.at)} ago) by ${tame(applied.by)}, fence seq ${applied.seq}`,
        ]),
    ...rootLines('rollback', rollback, ''),
  ];
}

function rootLines(what: string, records: Explanation['root'], remark: string): readonly string[] {
  if (records.length === 0) return [`${what.padEnd(9)} nothing stands there${remark}`];
  return records.map(({ type, answer }) => `${what.padEnd(9)} ${type} ${answer}${remark}`);
}
