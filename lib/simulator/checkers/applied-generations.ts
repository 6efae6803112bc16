import type { Head } from '../../ledger/ledger.ts';
import type { Fence } from '../../plan/fence.ts';
import { isRescueFence, readFenceRecords } from '../../plan/fence.ts';
import { invariant } from '../../plan/invariant.ts';
import { fenceName } from '../../plan/owned-names.ts';
import { shortDigest } from '../../plan/plan.ts';
import { planProblem } from '../../rules/approved-plan.ts';
import type { CellLooks, Checker, Commit } from './zone-history.ts';

/** The fences that stood in the zone, one after the other. A hand may bring a value back. */
type Stood = readonly Fence[];

/**
 * What is applied is linearizable. The zone's commits are the one order. A plan takes effect at the commit whose fence
 * first names it. At that instant it must be an approved plan of the log, and its generation must be the fence's. Every
 * PlanApplied of the log must name a fence that really stood in the zone with that seq, generation and plan.
 */
export function appliedGenerations({ peek }: Pick<CellLooks, 'peek'>, memory: Stood = []): Checker {
  let stood = memory;
  const remember = (commit: Commit): Fence | undefined => {
    const name = fenceName(commit.scope);
    const reading = readFenceRecords(commit.after.filter((record) => record.name === name));
    if (reading.type !== 'fence') return undefined;
    const { fence } = reading;
    const last = stood.at(-1);
    // A staging batch writes the fence anew and applies nothing.
    if (last !== undefined && appliedBy(last) === appliedBy(fence)) return undefined;
    stood = [...stood, fence];
    return fence;
  };
  return {
    name: 'applied generations',
    tampered: (commit) => {
      remember(commit);
    },
    returned: (commit) => {
      remember(commit);
    },
    check: (commit) => {
      const before = stood.at(-1);
      const fence = remember(commit);
      if (fence === undefined) return;
      const { approved, goal } = peek();
      const known = [...approved, ...(goal === null ? [] : [goal])];
      const problem = planProblem(fence, before, () => known);
      invariant(problem === undefined, problem ?? '');
    },
    appended: (_: Head, { last }) => {
      if (last?.event.type !== 'PlanApplied') return;
      const { generation, seq, digest } = last.event;
      const really = stood.some(
        (fence) => fence.seq === seq && fence.generation === generation && fence.plan === shortDigest(digest),
      );
      invariant(really, `the log says that ${generation} was applied at seq ${seq}, and no such fence stood`);
    },
    clone: (cell) => appliedGenerations(cell, stood),
    key: () => stood.map(appliedBy).join(),
  };
}

/** What a fence says of what is applied, whoever has written it. */
function appliedBy(fence: Fence): string {
  const { generation, seq, plan } = fence;
  return `${generation} ${seq} ${plan} ${isRescueFence(fence)}`;
}
