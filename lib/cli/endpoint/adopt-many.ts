import { planOf } from '../../cell/cell-bodies.ts';
import { nearest } from '../../fleet/suggestion.ts';
import type { Head, Ledger } from '../../ledger/ledger.ts';
import type { AdoptedNames } from '../../operator/adopt-names.ts';
import { adoptNames } from '../../operator/adopt-names.ts';
import type { DnsName } from '../../plan/names.ts';
import { dnsName } from '../../plan/names.ts';
import type { Leaf } from '../../plan/plan.ts';
import { plannedEndpoint } from '../../plan/plan.ts';
import { declaredFleet, knownCell, scopeOf } from '../command/cells.ts';
import { EXIT } from '../command/exit-codes.ts';
import { BadInput, done } from '../command/failures.ts';
import { boundedText } from '../command/plan-files.ts';
import type { CommandResult, Session } from '../command/session.ts';
import { confirm } from '../command/session.ts';
import { operatorZoneDeps } from '../command/workflow-deps.ts';
import { adoptionView, leftView } from '../printing/adoption-view.ts';
import { counted } from '../printing/paper.ts';

/** How to go on once something was shown. */
interface AdoptManyFlags {
  readonly yes?: boolean | undefined;
  readonly dryRun?: boolean | undefined;
}

/** Names of one cell. */
interface Adoption {
  readonly head: Head;
  /** Absent: every endpoint of the cell. */
  readonly names?: readonly DnsName[];
}

/** `pawl adopt --cell CELL --all`: everything that stands at the endpoints of a cell. */
export async function adoptAll(
  session: Session,
  cell: string,
  flags: AdoptManyFlags,
): Promise<CommandResult> {
  const ledger = await (await session.world()).ledger();
  return adoptMany(session, ledger, [{ head: await knownCell(ledger, cell) }], flags);
}

/**
 * `pawl adopt --file FILE`: everything that stands at the names in a file, one a line, in whichever cells declare them.
 *
 * @throws BadInput for a line that is no name, and for names that no cell's fleet declares.
 */
export async function adoptFile(
  session: Session,
  path: string,
  flags: AdoptManyFlags,
): Promise<CommandResult> {
  const names = namesIn(await boundedText(path, 'list of names'));
  if (names.length === 0) throw new BadInput(`${path} names nothing: write one name a line.`);
  const ledger = await (await session.world()).ledger();
  return adoptMany(session, ledger, await byCell(ledger, names, path), flags);
}

function namesIn(text: string): readonly DnsName[] {
  const written = text
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '');
  return [...new Set(written.map(dnsName))];
}

async function byCell(ledger: Ledger, names: readonly DnsName[], path: string): Promise<readonly Adoption[]> {
  const wanted = new Set(names);
  const known: DnsName[] = [];
  const found: Adoption[] = [];
  for (const cell of [...(await ledger.cells())].sort()) {
    const head = await ledger.head(cell);
    const endpoints = ((await declaredFleet(ledger, head))?.endpoints ?? []).map(({ name }) => name);
    const own = endpoints.filter((name) => wanted.delete(name));
    known.push(...endpoints);
    if (own.length > 0) found.push({ head, names: own });
  }
  const [first, ...more] = wanted;
  if (first === undefined) return found;
  const near = nearest(first, known);
  const others = more.length === 0 ? '' : ` (and ${counted(more.length, 'more name')})`;
  throw new BadInput(
    near === undefined
      ? `${path}: no cell's fleet declares ${first}${others}: declare it, push the fleet, then adopt it.`
      : `${path}: no cell's fleet declares ${first}${others}: did you mean ${near}?`,
  );
}

/** Shows everything, asks once, adopts cell by cell. What is adopted goes ahead; what is left stays as it is. */
async function adoptMany(
  session: Session,
  ledger: Ledger,
  adoptions: readonly Adoption[],
  flags: AdoptManyFlags,
): Promise<CommandResult> {
  const world = await session.world();
  const depsOf = (head: Head) => operatorZoneDeps(world, ledger, scopeOf(head));
  const shown: (AdoptedNames & { readonly cell: string })[] = [];
  for (const { head, names } of adoptions) {
    const { cell, state } = head;
    const found = done(await adoptNames(depsOf(head), { cell, names, apply: false }));
    const goal = await planOf(ledger, cell, state.goal);
    const leavesOf = (name: DnsName): readonly Leaf[] | undefined =>
      goal === undefined ? undefined : plannedEndpoint(goal, name)?.leaves;
    session.say(adoptionView(found, leavesOf, session.paper));
    session.say(leftView(cell, found));
    shown.push({ cell, ...found });
  }
  const adopted = shown.reduce((sum, each) => sum + each.adopted.length, 0);
  const asks = adopted > 0 && flags.dryRun !== true;
  if (asks) {
    const cells = shown.filter((each) => each.adopted.length > 0).map(({ cell }) => cell);
    const whose = `${cells.length === 1 ? 'cell' : 'the cells'} ${cells.join(', ')}`;
    const flips = cells.length === 1 ? 'its next flip' : 'their next flips';
    await confirm(
      session,
      `Hand ${counted(adopted, 'name')} over to ${whose}, to be replaced by ${flips}?`,
      flags.yes,
    );
    for (const { head, names } of adoptions)
      done(await adoptNames(depsOf(head), { cell: head.cell, names, apply: true }));
    session.say(`${counted(adopted, 'name')} adopted.\n`);
  }
  return { exit: EXIT.done, document: { adopted: asks, cells: shown } };
}
