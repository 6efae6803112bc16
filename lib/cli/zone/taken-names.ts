import { GIVEN_BACK, GIVING_BACK } from '../../cell/given-back.ts';
import type { Head, Ledger } from '../../ledger/ledger.ts';
import { newestEvent } from '../../ledger/newest-events.ts';
import type { CellFleet } from '../../plan/fleet-model.ts';
import type { Seq } from '../../plan/generation.ts';
import type { CellName, DnsName } from '../../plan/names.ts';
import type { World } from '../../wiring/world.ts';
import { Refused, UnknownOutcome } from '../command/failures.ts';
import { some } from '../printing/event-text.ts';

/** The last seq of each cell that was given back and thawed: its log says still that it owns its names. */
export type GivenBackSeqs = ReadonlyMap<CellName, Seq>;

/** Between two looks at the logs, milliseconds. */
const LOOK_MS = 1_000;

/**
 * Looks whether roles go on in these cells.
 *
 * @throws Refused where one is frozen, rescued or given back: nothing would happen there, whatever is declared.
 */
export async function goingOn(ledger: Ledger, cells: readonly CellFleet[]): Promise<GivenBackSeqs> {
  const seqs = new Map<CellName, Seq>();
  for (const { cell } of cells) {
    const head = await ledger.head(cell);
    const stopped = stoppedText(head);
    if (stopped !== undefined) throw new Refused(stopped);
    const seq = await givenBackAt(ledger, head);
    if (seq !== undefined) seqs.set(cell, seq);
  }
  return seqs;
}

function stoppedText({ cell, state: { frozen, rescue } }: Head): string | undefined {
  if (frozen === null && rescue === null) return undefined;
  const back = `"pawl thaw ${cell}" and "pawl resume ${cell}"`;
  if (frozen?.reason === GIVEN_BACK)
    return `Cell ${cell} is given back: ${back} take it back, then give the same command.`;
  if (frozen?.reason === GIVING_BACK)
    return `Cell ${cell} is being given back: give it back wholly, or ${back} take it back, then give the same command.`;
  return `Cell ${cell} is ${rescue === null ? 'frozen' : 'rescued'}, so that nothing is taken over: "pawl thaw ${cell}" first.`;
}

async function givenBackAt(ledger: Ledger, head: Head): Promise<Seq | undefined> {
  const frozen = await newestEvent(
    ledger,
    head,
    ({ event }) => event.type === 'CellFrozen' && event.reason === GIVEN_BACK,
  );
  if (frozen === undefined) return undefined;
  const before = { ...head, number: frozen.number };
  const applied = await newestEvent(ledger, before, ({ event }) => event.type === 'PlanApplied');
  return applied?.event.type === 'PlanApplied' ? applied.event.seq : undefined;
}

export interface AwaitedNames {
  readonly cells: readonly CellFleet[];
  /** Seconds. */
  readonly withinS: number;
  readonly givenBack: GivenBackSeqs;
}

/**
 * Waits until every endpoint is owned; gives those that are not, because Route 53 refused them or they are kept back. What
 * was given back is owned once a plan is applied under a later seq of the fence.
 *
 * @throws UnknownOutcome when the time is over.
 */
export async function untilApplied(
  world: World,
  ledger: Ledger,
  { cells, withinS, givenBack }: AwaitedNames,
): Promise<readonly DnsName[]> {
  const deadline = world.clock.now() + withinS * 1_000;
  for (;;) {
    const waiting: DnsName[] = [];
    let isStopped = true;
    for (const { cell, endpoints } of cells) {
      const { state } = await ledger.head(cell);
      const stopped = new Set([...state.refused, ...state.keptBack].map(({ name }) => name));
      const isBack = (state.applied?.seq ?? 0) > (givenBack.get(cell) ?? -1);
      const lacking = endpoints
        .map(({ name }) => name)
        .filter((name) => !isBack || !state.owned.includes(name));
      waiting.push(...lacking);
      if (lacking.some((name) => !stopped.has(name))) isStopped = false;
    }
    if (isStopped) return waiting;
    if (world.clock.now() >= deadline)
      throw new UnknownOutcome(
        `${some(waiting)} ${waiting.length === 1 ? 'does' : 'do'} not answer through Pawl after ${withinS} s: look at "pawl status", and give the same command again.`,
      );
    await world.clock.sleep(LOOK_MS);
  }
}
