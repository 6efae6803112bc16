import { planOf, recordedObservations } from '../../cell/cell-bodies.ts';
import type { Head, Ledger } from '../../ledger/ledger.ts';
import { dampedUntil } from '../../plan/flapping.ts';
import type { Observation } from '../../plan/fleet-model.ts';
import type { CellName } from '../../plan/names.ts';
import { moment } from './moment.ts';
import { counted, tame } from './paper.ts';

/** A target that came and went, is healthy, and waits. */
export interface DampedTarget {
  readonly target: string;
  /** Milliseconds since 1970. */
  readonly until: number;
  readonly returns: number;
}

/**
 * The targets of a cell that wait because they came and went, and that no endpoint of the goal answers with.
 *
 * @throws LedgerUnavailable, BodyDamaged when the observations or the goal cannot be read.
 */
export async function dampedTargets(
  ledger: Ledger,
  head: Head,
  now: number,
): Promise<readonly DampedTarget[]> {
  const observations = await recordedObservations(ledger, head);
  const damped = Object.entries(observations).flatMap(([target, observation]) => {
    const until = dampedUntil(observation, now);
    const isServing = observation.health === 'healthy' && observation.capacity >= 1;
    if (until === undefined || !isServing) return [];
    return [{ target, until, returns: observation.returns?.length ?? 0 }];
  });
  if (damped.length === 0) return [];
  const goal = await planOf(ledger, head.cell, head.state.goal);
  const answering = new Set(goal?.endpoints.flatMap(({ leaves }) => leaves.map(({ target }) => target)));
  return damped.filter(({ target }) => !answering.has(target));
}

/** One sentence for each target that waits. */
export function dampedLines(cell: CellName, damped: readonly DampedTarget[]): readonly string[] {
  return damped.map(
    ({ target, until, returns }) =>
      `${cell}: ${tame(target)} is healthy, ${cameAndWent(returns)}, and is let back at ${moment(until)}: ${lettingBack(target)} does it at once.`,
  );
}

/** Why a healthy target waits. */
export function dampedText(target: string, observed: Observation | undefined, now: number): string {
  const until = moment(dampedUntil(observed, now) ?? now);
  const returns = cameAndWent(observed?.returns?.length ?? 0);
  return `${returns}, and is let back at ${until}; ${lettingBack(target)} does it at once`;
}

function cameAndWent(returns: number): string {
  return `came back ${counted(returns, 'time')} within an hour`;
}

function lettingBack(target: string): string {
  return `"pawl target observe ${tame(target)} --health healthy"`;
}
