import type { Route53 } from '../emulator/route53.ts';
import type { DnsName } from '../plan/names.ts';
import type { CellScope } from '../plan/owned-names.ts';
import type { RecordSet } from '../plan/records.ts';
import { answersEverywhere } from './checkers/answers.ts';
import { fenceHistory } from './checkers/fence-history.ts';
import { foreignRecords } from './checkers/foreign-records.ts';
import { pointedRecords } from './checkers/pointed-records.ts';
import type { Checker, Commit } from './checkers/zone-history.ts';

/** Holds every commit of a zone against the invariants. */
export interface CommitWatch {
  /** Endpoint names that the cell has ever declared; everything else outside its subtree is foreign. */
  readonly declared: Set<DnsName>;
  /** Call after anything that may have written. @throws InvariantViolated naming the invariant. */
  look(): void;
  /** Call after a change by hand: promises start anew from what stands there now. */
  tampered(): void;
}

/**
 * @param ledger the identity of the ledger whose fences are followed.
 * @param newest the highest generation that this ledger knows.
 */
export function watchCommits(
  route53: Route53,
  scope: CellScope,
  ledger: string,
  newest: () => number,
): CommitWatch {
  const declared = new Set<DnsName>();
  const checkers: readonly Checker[] = [
    fenceHistory(ledger, newest),
    answersEverywhere(),
    pointedRecords(),
    foreignRecords(declared),
  ];
  let before = route53.records(scope.zoneId);
  const commitTo = (after: readonly RecordSet[]): Commit => ({
    scope,
    before,
    after,
    answerable: route53.answerable(scope.zoneId),
  });
  return {
    declared,
    look: () => {
      const commit = commitTo(route53.records(scope.zoneId));
      before = commit.after;
      for (const checker of checkers) checker.check(commit);
    },
    tampered: () => {
      before = route53.records(scope.zoneId);
      for (const checker of checkers) checker.tampered(commitTo(before));
    },
  };
}
