import type { Route53 } from '../../emulator/route53.ts';
import type { Head } from '../../ledger/ledger.ts';
import type { DnsName } from '../../plan/names.ts';
import type { CellScope } from '../../plan/owned-names.ts';
import type { RecordSet } from '../../plan/records.ts';
import { acceptedFloors } from './accepted-floors.ts';
import { acceptedPolicy } from './accepted-policy.ts';
import { answersEverywhere } from './answers.ts';
import { appliedGenerations } from './applied-generations.ts';
import type { DeclaredTargets } from './declared-half.ts';
import { declaredHalf } from './declared-half.ts';
import { fenceHistory } from './fence-history.ts';
import { foreignRecords } from './foreign-records.ts';
import { freezes } from './freezes.ts';
import { ledgerChain } from './ledger-chain.ts';
import { pointedRecords } from './pointed-records.ts';
import { readableEvents } from './readable-events.ts';
import { recordedRefusals } from './recorded-refusals.ts';
import { retiredNames } from './retired-names.ts';
import { standingZone } from './standing-zone.ts';
import type { Actor, CellLooks, Checker, Commit, Writing } from './zone-history.ts';
import { restrictionsOf } from './zone-obstacles.ts';

/** Checks everything that happens in a cell against every rule. */
export interface CommitWatch {
  /** Endpoint names that the cell has ever declared; everything else outside its subtree is foreign. */
  readonly declared: Set<DnsName>;
  /**
   * Call this after anything that may have written, with the name of the writer.
   *
   * @throws InvariantViolated naming the rule.
   */
  look(by?: string): void;
  /** Call this after a change by hand: every rule starts anew from what stands in the zone then. */
  tampered(): void;
  /** Call this after the zone went back to an earlier commit: its rules go on. @throws InvariantViolated. */
  returned(): void;
  /**
   * Call this after a change of what surrounds the cell: its rules go on.
   *
   * @param where `ports`: nobody sees it in the zone, because the ports of some actor refuse.
   */
  hindered(where?: 'zone' | 'ports'): void;
  appended(before: Head, head: Head, writing: Writing): void;
  started(actor: Actor): void;
  ended(actor: Actor, outcome: unknown): void;
  rested(): void;
  /** The same checkers with the same memories, over a copy of the cell. */
  clone(cell: WatchedCell): CommitWatch;
  key(): string;
}

/** What the checkers look at. */
export interface WatchedCell {
  readonly route53: Route53;
  readonly scope: CellScope;
  /** The identity of the ledger whose fences are followed. */
  readonly ledger: string;
  /** The log's head now. */
  readonly head: () => Head;
  /** Endpoints that observation may not bring under half of what is declared; absent: none. */
  readonly bounded?: ReadonlyMap<DnsName, DeclaredTargets>;
  /** How many targets each endpoint keeps until a person accepts a lower floor; absent: nobody lowers one. */
  readonly floors?: ReadonlyMap<DnsName, number> | undefined;
}

export function watchCommits(cell: WatchedCell): CommitWatch {
  return watchWith(cell, new Set(), undefined, (looks, declared) => [
    fenceHistory(cell.ledger, looks),
    answersEverywhere(declared),
    pointedRecords(),
    foreignRecords(declared),
    ledgerChain(),
    readableEvents(),
    acceptedPolicy(),
    declaredHalf(cell.bounded),
    acceptedFloors(cell.floors),
    appliedGenerations(looks),
    recordedRefusals(declared, looks),
    freezes(),
    retiredNames(),
    standingZone(),
  ]);
}

type MakeCheckers = (looks: CellLooks, declared: Set<DnsName>) => readonly Checker[];

function watchWith(
  { route53, scope, head }: WatchedCell,
  declared: Set<DnsName>,
  seen: readonly RecordSet[] | undefined,
  make: MakeCheckers,
): CommitWatch {
  const checkers = make(
    {
      peek: () => head().state,
      events: () => head().number,
      restrictions: () => restrictionsOf(route53, scope.zoneId),
    },
    declared,
  );
  let before = seen ?? route53.records(scope.zoneId);
  const commitOf = (by: string): Commit => ({
    scope,
    by,
    before,
    after: route53.records(scope.zoneId),
    answerable: route53.answerable(scope.zoneId),
  });
  return {
    declared,
    look: (by = '') => {
      const commit = commitOf(by);
      // The listing is the same object until a batch commits.
      if (commit.after === before) return;
      before = commit.after;
      for (const checker of checkers) checker.check(commit);
    },
    tampered: () => {
      const commit = commitOf('');
      before = commit.after;
      for (const checker of checkers) checker.tampered(commit);
    },
    returned: () => {
      const commit = commitOf('');
      before = commit.after;
      for (const checker of checkers) checker.returned?.(commit);
    },
    hindered: (where = 'zone') => {
      const zone = commitOf('');
      for (const checker of checkers) checker.hindered?.(zone, where);
    },
    appended: (earlier, head, writing) => {
      for (const checker of checkers) checker.appended?.(earlier, head, writing);
    },
    started: (actor) => {
      for (const checker of checkers) checker.started?.(actor);
    },
    ended: (actor, outcome) => {
      for (const checker of checkers) checker.ended?.(actor, outcome);
    },
    rested: () => {
      const zone = commitOf('');
      for (const checker of checkers) checker.rested?.(zone);
    },
    clone: (copy) =>
      watchWith(copy, declared, before, (looks) => checkers.map((checker) => checker.clone(looks))),
    key: () => checkers.map((checker) => checker.key()).join('|'),
  };
}
