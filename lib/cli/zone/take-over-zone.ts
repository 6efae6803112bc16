import { access, writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { FleetFile } from '../../fleet/declared-fleet.ts';
import { parseFleet } from '../../fleet/parse-fleet.ts';
import { describeZone } from '../../importer/describe-zone.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { AdoptedNames } from '../../operator/adopt-names.ts';
import { adoptNames } from '../../operator/adopt-names.ts';
import type { ForeseenPlan } from '../../operator/foresee-push.ts';
import { foreseePush } from '../../operator/foresee-push.ts';
import { beginFormat, firstFormat, pushFleet } from '../../operator/push-fleet.ts';
import type { CellFleet } from '../../plan/fleet-model.ts';
import type { DnsName } from '../../plan/names.ts';
import { cellName } from '../../plan/names.ts';
import type { Leaf } from '../../plan/plan.ts';
import type { DnsServerAddress } from '../../resolve/dns-transport.ts';
import type { World } from '../../wiring/world.ts';
import { recordsUnder } from '../../zone/read-records.ts';
import { EXIT } from '../command/exit-codes.ts';
import { BadInput, done, Refused, systemCode } from '../command/failures.ts';
import { readFleet } from '../command/fleet-files.ts';
import { hostedZoneId } from '../command/hosted-zone-id.ts';
import type { Runtime } from '../command/new-command.ts';
import { newCommand } from '../command/new-command.ts';
import { wholeNumber } from '../command/option-values.ts';
import { placedFleet } from '../command/placed-fleet.ts';
import { serverAddress } from '../command/server-address.ts';
import type { CommandResult, Session } from '../command/session.ts';
import { confirm } from '../command/session.ts';
import { typedSource } from '../command/typed-source.ts';
import { operatorDeps, operatorZoneDeps } from '../command/workflow-deps.ts';
import { adoptionView, leftView } from '../printing/adoption-view.ts';
import { some } from '../printing/event-text.ts';
import { counted, tame } from '../printing/paper.ts';
import type { Answered, AskedName, ComparedAnswers } from './answers-compared.ts';
import { askAll, askedNames, compareAnswers, comparedText } from './answers-compared.ts';
import type { GivenBackSeqs } from './taken-names.ts';
import { goingOn, untilApplied } from './taken-names.ts';
import type { WhomToAsk } from './whom-to-ask.ts';
import { whomText, whomToAsk } from './whom-to-ask.ts';

interface TakeOverFlags {
  readonly zone: string;
  readonly file?: string;
  readonly cell?: string;
  readonly within: number;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly server?: DnsServerAddress;
}

const BEGUN = { type: 'done' } as const;

export function takeOverCommand(runtime: Runtime): Command {
  return newCommand(
    'take-over',
    'Take over a hosted zone: describe it, check, adopt and push, ask once, and wait until every name answers through Pawl.',
    [
      ['pawl take-over --zone example.com --dry-run', 'what would stand there, and what would be left'],
      ['pawl take-over --zone example.com', 'killed or not: the same command goes on'],
      ['pawl give-back --zone example.com', 'undoes it'],
    ],
  )
    .requiredOption('--zone <zone>', 'the name of a hosted zone, or its id')
    .option(
      '--file <file>',
      "the fleet file; written where there is none (default: the zone's name with .fleet.yaml)",
    )
    .option('--cell <cell>', "what the first cell is called (default: made from the zone's name)")
    .option('--within <seconds>', 'wait so long until everything is applied', wholeNumber(1, 86_400), 1_800)
    .option(
      '--server <address>',
      "ask this DNS server before and after (default: a local world's, else the zone's own name servers)",
      serverAddress,
    )
    .option('--yes', 'do not ask')
    .option('--dry-run', 'show what would be taken over, and write nothing')
    .action((flags: TakeOverFlags, command: Command) =>
      runtime.run(command, (session) => takeOver(session, flags)),
    );
}

/** What is to be taken over, as it was shown. */
interface Prepared {
  readonly cells: readonly CellFleet[];
  readonly comparedWith: string;
  readonly adoptions: readonly (AdoptedNames & { readonly cell: string })[];
  readonly foreseen: readonly ForeseenPlan[];
  /** The text of a file that is not there yet. */
  readonly yaml: string | undefined;
  readonly path: string;
  readonly givenBack: GivenBackSeqs;
  readonly whom: WhomToAsk;
  /** Whether anything is to be adopted or declared. */
  readonly isLeft: boolean;
}

/**
 * Adoption comes before the push: a name that is adopted before its cell has a plan goes with the first one, in one flip
 * with the others. Nobody plans a cell that has no fleet, so nothing happens between the two.
 */
async function takeOver(session: Session, flags: TakeOverFlags): Promise<CommandResult> {
  const world = await session.world();
  const ledger = await world.ledger();
  const prepared = await prepare(session, world, ledger, flags);
  const { cells, adoptions, comparedWith, yaml, path, givenBack, whom } = prepared;
  const names = askedNames(
    cells.flatMap(({ endpoints }) => endpoints),
    leavesIn(prepared.foreseen),
  );
  if (flags.dryRun === true) return { exit: EXIT.done, document: { takenOver: false, cells: adoptions } };
  const before = await answersOf(world, whom, names);
  const adopted = adoptions.reduce((sum, each) => sum + each.adopted.length, 0);
  const question = `Take ${counted(adopted, 'name')} over into ${cells.map(({ cell }) => cell).join(', ')}?`;
  if (prepared.isLeft) await confirm(session, question, flags.yes);
  else session.say('Nothing is left to adopt or to declare.\n');
  if (yaml !== undefined) await writeNew(path, yaml);
  const { functionsRead } = world;
  const deps = operatorDeps(world, ledger);
  // An adoption is an event of its cell, and the format of a cell begins before its first one.
  const format = await firstFormat(deps, functionsRead);
  for (const fleet of cells) {
    done((await beginFormat(deps, await ledger.head(fleet.cell), format)) ?? BEGUN);
    done(await adoptNames(operatorZoneDeps(world, ledger, fleet), adoption(fleet, true)));
  }
  done(await pushFleet(deps, { cells, apply: true, expected: comparedWith, functionsRead }));
  const waiting = await untilApplied(world, ledger, { cells, withinS: flags.within, givenBack });
  return report(session, { prepared, waiting, compared: await compared(world, prepared, names, before) });
}

async function prepare(
  session: Session,
  world: World,
  ledger: Ledger,
  flags: TakeOverFlags,
): Promise<Prepared> {
  const port = world.zone(await hostedZoneId(world, flags.zone));
  const described = await port.describe();
  const { id, name } = described;
  const path = flags.file ?? `${name}.fleet.yaml`;
  const { fleet, yaml } = await fleetOf(session, port, { id, name }, path, flags);
  const cells = await placedFleet(world, fleet);
  const elsewhere = cells.find(({ zoneId }) => zoneId !== id);
  if (elsewhere !== undefined)
    throw new BadInput(`${path} has the cell ${elsewhere.cell} in ${elsewhere.zone}, not in ${name}.`);
  const givenBack = await goingOn(ledger, cells);
  const deps = operatorDeps(world, ledger);
  const { functionsRead } = world;
  const proposed = done(await pushFleet(deps, { cells, apply: false, functionsRead }));
  const other = proposed.cells.find(({ change }) => change === 'declared');
  if (other !== undefined)
    throw new Refused(
      `Cell ${other.cell} has another fleet than ${path} says: push it with "pawl fleet push", which shows the change, or name another --cell.`,
    );
  const foreseen = await foreseePush(deps, { cells, source: typedSource(), functionsRead });
  const adoptions: (AdoptedNames & { readonly cell: string })[] = [];
  for (const each of cells) {
    const found = done(await adoptNames(operatorZoneDeps(world, ledger, each), adoption(each, false)));
    session.say(adoptionView(found, leavesIn(foreseen), session.paper));
    session.say(leftView(each.cell, found));
    adoptions.push({ cell: each.cell, ...found });
  }
  check(foreseen, adoptions);
  const whom = await whomToAsk(world, described, flags.server);
  session.remark(whomText(whom));
  const { comparedWith } = proposed;
  const isLeft =
    adoptions.some(({ adopted }) => adopted.length > 0) ||
    proposed.cells.some(({ change }) => change !== 'unchanged');
  return { cells, comparedWith, adoptions, foreseen, yaml, path, givenBack, whom, isLeft };
}

/** The fleet of the file where it is there, so that a command that was killed goes on with the same; else of the zone. */
async function fleetOf(
  session: Session,
  port: ReturnType<World['zone']>,
  zone: { readonly id: string; readonly name: DnsName },
  path: string,
  { cell }: TakeOverFlags,
): Promise<{ readonly fleet: FleetFile; readonly yaml: string | undefined }> {
  if (await isThere(path)) return { fleet: await readFleet(path), yaml: undefined };
  const { records } = await recordsUnder(port, zone.name);
  const described = describeZone(records, zone, { cell: cell === undefined ? undefined : cellName(cell) });
  for (const { name, type, reason } of described.unexpressed)
    session.remark(`left as it is: ${tame(name)} ${tame(type)}: ${tame(reason)}\n`);
  if (described.yaml === undefined)
    throw new Refused(`Nothing of the zone ${zone.name} can be taken over: nothing in it can be described.`);
  const parsed = parseFleet(described.yaml, path);
  if (parsed.type === 'invalid')
    throw new Refused(`The zone ${zone.name} cannot be described without mistakes.`);
  return { fleet: parsed.fleet, yaml: described.yaml };
}

async function isThere(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}

/** What does not pass is said before anything is written. @throws Refused. */
function check(foreseen: readonly ForeseenPlan[], adoptions: readonly AdoptedNames[]): void {
  const kept = foreseen.flatMap(({ keptBack }) => keptBack.map(({ name }) => name));
  if (kept.length > 0)
    throw new Refused(
      `${some(kept)} would be kept back ("pawl fleet push --dry-run" says why): mend the file first. Nothing was changed.`,
    );
  const [left] = adoptions.flatMap((each) => each.left);
  if (left !== undefined) throw new Refused(left.reason);
  const paused = foreseen.find((each) => each.paused !== null);
  if (paused !== undefined)
    throw new Refused(`The planner of cell ${paused.cell} is paused: "pawl resume ${paused.cell}" first.`);
}

function adoption({ cell, endpoints }: CellFleet, apply: boolean) {
  return { cell, declared: endpoints.map(({ name }) => name), apply };
}

function leavesIn(foreseen: readonly ForeseenPlan[]): (name: DnsName) => readonly Leaf[] {
  const known = new Map(
    foreseen.flatMap(({ endpoints }) => endpoints.map(({ name, leaves }) => [name, leaves] as const)),
  );
  return (name) => known.get(name) ?? [];
}

async function answersOf(
  world: World,
  whom: WhomToAsk,
  names: readonly AskedName[],
): Promise<Answered | undefined> {
  return whom.type === 'nobody' ? undefined : askAll(world, whom, names);
}

async function compared(
  world: World,
  { whom }: Prepared,
  names: readonly AskedName[],
  before: Answered | undefined,
): Promise<ComparedAnswers | undefined> {
  const after = await answersOf(world, whom, names);
  return before === undefined || after === undefined ? undefined : compareAnswers(names, before, after);
}

interface Taken {
  readonly prepared: Prepared;
  readonly waiting: readonly DnsName[];
  readonly compared: ComparedAnswers | undefined;
}

function report(session: Session, { prepared, waiting, compared: answers }: Taken): CommandResult {
  const { cells, path } = prepared;
  const total = cells.reduce((sum, { endpoints }) => sum + endpoints.length, 0);
  session.say(
    `${counted(total - waiting.length, 'name')} of ${counted(cells.length, 'cell')} ${total - waiting.length === 1 ? 'answers' : 'answer'} through Pawl. ${path} says what they are: keep it.\n`,
  );
  if (waiting.length > 0)
    session.say(
      `${some(waiting)} ${waiting.length === 1 ? 'waits' : 'wait'}: "pawl status" says what for.\n`,
    );
  session.say(answers === undefined ? 'Their answers were not compared.\n' : comparedText(answers));
  const isWell =
    waiting.length === 0 && (answers === undefined || answers.missing.length + answers.others.length === 0);
  const document = { takenOver: true, file: path, waiting, answers, cells: prepared.adoptions };
  return { exit: isWell ? EXIT.done : EXIT.refused, document };
}

async function writeNew(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: 'wx' });
  } catch (error) {
    const code = systemCode(error) ?? 'no reason';
    throw new BadInput(`${path} cannot be written (${code}): name another --file.`, { cause: error });
  }
}
