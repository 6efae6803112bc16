import type { Route53 } from '../../emulator/route53.ts';
import type { BodyDigest } from '../../ledger/decider/events.ts';
import type { Head } from '../../ledger/ledger.ts';
import type { CellName, DnsName } from '../../plan/names.ts';
import type { CellScope } from '../../plan/owned-names.ts';
import type { RecordSet } from '../../plan/records.ts';
import { acceptedFloors } from './accepted-floors.ts';
import { acceptedPolicy } from './accepted-policy.ts';
import { answersEverywhere } from './answers.ts';
import { answersAcrossCells } from './answers-across-cells.ts';
import { appliedGenerations } from './applied-generations.ts';
import type { DeclaredTargets } from './declared-half.ts';
import { declaredHalf } from './declared-half.ts';
import { fenceHistory } from './fence-history.ts';
import { foreignRecords } from './foreign-records.ts';
import { freezes } from './freezes.ts';
import { ledgerChain } from './ledger-chain.ts';
import { oneOwner } from './one-owner.ts';
import { pointedRecords } from './pointed-records.ts';
import { readableEvents } from './readable-events.ts';
import { recordedRefusals } from './recorded-refusals.ts';
import { refinement } from './refinement.ts';
import { retiredNames } from './retired-names.ts';
import { stagedPlans } from './staged-plans.ts';
import { standingZone } from './standing-zone.ts';
import type { Actor, CellLooks, Checker, Commit, Writing, ZoneLooks } from './zone-history.ts';
import { restrictionsOf } from './zone-obstacles.ts';

/** Checks everything that happens in the cells of a zone against every rule. */
export interface CommitWatch {
  /** Endpoint names that the cells have ever declared; everything else outside their subtrees is foreign. */
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
  /** The same checkers with the same memories, over a copy of the zone. */
  clone(zone: WatchedZone): CommitWatch;
  key(): string;
}

/** What the checkers look at. */
export interface WatchedZone {
  readonly route53: Route53;
  readonly scopes: readonly CellScope[];
  /** The ledger, whose fences are followed, and the head of each of its logs now. */
  readonly memory: {
    readonly id: string;
    peek(cell: CellName): Head;
    peekBody(cell: CellName, digest: BodyDigest): string | undefined;
  };
}

/** What only some worlds can break. */
export interface WatchSettings {
  /**
   * Whether every batch is held against the steps of the proof, which rests on what Route 53 promises and on bodies that
   * can be read at once.
   */
  readonly isRefined: boolean;
  /** Whether neither a hand nor a return will come once a run has begun; false unless given. */
  readonly isUndisturbed?: boolean;
  /** Called with the step of the proof that each batch was. */
  readonly matched?: (step: string) => void;
  /** Endpoints that observation may not bring under half of what is declared; absent: none. */
  readonly bounded?: ReadonlyMap<DnsName, DeclaredTargets>;
  /** How many targets each endpoint keeps until a person accepts a lower floor; absent: nobody lowers one. */
  readonly floors?: ReadonlyMap<DnsName, number> | undefined;
}

export function watchCommits(
  zone: WatchedZone,
  { isRefined, isUndisturbed = false, matched, bounded, floors }: WatchSettings,
): CommitWatch {
  const { scopes, memory } = zone;
  const declared = new Set<DnsName>();
  const ofCell = (scope: CellScope): CheckedCell => {
    const looks = looksAt(zone, scope);
    const checkers = [
      ...(isRefined ? [refinement({ scope, looks, matched, isUndisturbed })] : []),
      fenceHistory(memory.id, looks),
      answersEverywhere(declared),
      pointedRecords(),
      foreignRecords(declared, scopes),
      ledgerChain(),
      readableEvents(),
      acceptedPolicy(),
      declaredHalf(bounded),
      acceptedFloors(floors),
      appliedGenerations(looks),
      recordedRefusals(declared, looks),
      freezes(),
      retiredNames(),
      stagedPlans(),
      standingZone(),
    ];
    return { scope, checkers };
  };
  const cells = scopes.map(ofCell);
  const [first] = scopes;
  const ofZone = [answersAcrossCells(declared), oneOwner(declared, zoneLooks(zone))];
  if (first !== undefined && scopes.length > 1) cells.push({ scope: first, checkers: ofZone, isZone: true });
  return watchWith(zone, declared, undefined, cells);
}

interface CheckedCell {
  readonly scope: CellScope;
  readonly checkers: readonly Checker[];
  /** These look at all cells of the zone at once. */
  readonly isZone?: true;
}

function looksAt(zone: WatchedZone, { cell, zoneId }: CellScope): CellLooks {
  const head = () => zone.memory.peek(cell);
  return {
    peek: () => head().state,
    events: () => head().number,
    restrictions: () => restrictionsOf(zone.route53, zoneId),
    body: (digest) => zone.memory.peekBody(cell, digest),
    isInsync: (change) => zone.route53.isInsync(change),
    newestChange: () => zone.route53.newestChange(zoneId),
    zone: zoneLooks(zone),
  };
}

function zoneLooks({ route53, scopes, memory }: WatchedZone): ZoneLooks {
  const zoneId = scopes[0]?.zoneId ?? '';
  return { scopes, records: () => route53.records(zoneId), peekAt: (cell) => memory.peek(cell).state };
}

function watchWith(
  zone: WatchedZone,
  declared: Set<DnsName>,
  seen: readonly RecordSet[] | undefined,
  cells: readonly CheckedCell[],
): CommitWatch {
  const { route53, scopes } = zone;
  const zoneId = scopes[0]?.zoneId ?? '';
  let before = seen ?? route53.records(zoneId);
  const commitOf = (by: string): Omit<Commit, 'scope'> => ({
    by,
    before,
    after: route53.records(zoneId),
    answerable: route53.answerable(zoneId),
  });
  const each = (commit: Omit<Commit, 'scope'>, tell: (checker: Checker, commit: Commit) => void): void => {
    for (const { scope, checkers } of cells) {
      const own = { ...commit, scope };
      for (const checker of checkers) tell(checker, own);
    }
  };
  const all = (wanted: (cell: CheckedCell) => boolean): readonly Checker[] =>
    cells.filter(wanted).flatMap(({ checkers }) => checkers);
  const isAt =
    (cell: CellName | undefined) =>
    ({ scope, isZone }: CheckedCell): boolean =>
      isZone === true || scope.cell === (cell ?? scopes[0]?.cell);
  return {
    declared,
    look: (by = '') => {
      const commit = commitOf(by);
      // The listing is the same object until a batch commits.
      if (commit.after === before) return;
      before = commit.after;
      each(commit, (checker, own) => checker.check(own));
    },
    tampered: () => {
      const commit = commitOf('');
      before = commit.after;
      each(commit, (checker, own) => checker.tampered(own));
    },
    returned: () => {
      const commit = commitOf('');
      before = commit.after;
      each(commit, (checker, own) => checker.returned?.(own));
    },
    hindered: (where = 'zone') => each(commitOf(''), (checker, own) => checker.hindered?.(own, where)),
    appended: (earlier, head, writing) => {
      for (const checker of all(isAt(head.cell))) checker.appended?.(earlier, head, writing);
    },
    started: (actor) => {
      // Whoever freezes or thaws does it to one cell.
      const isOne = actor.role === 'freeze' || actor.role === 'thaw';
      for (const checker of all(isOne ? isAt(actor.cell) : () => true)) checker.started?.(actor);
    },
    ended: (actor, outcome) => {
      for (const checker of all(isAt(actor.cell))) checker.ended?.(actor, outcome);
    },
    rested: () => each(commitOf(''), (checker, own) => checker.rested?.(own)),
    clone: (copy) => {
      const copied = cells.map(({ checkers, ...cell }) => {
        const looks = looksAt(copy, cell.scope);
        return { ...cell, checkers: checkers.map((checker) => checker.clone(looks)) };
      });
      return watchWith(copy, declared, before, copied);
    },
    key: () => cells.flatMap(({ checkers }) => checkers.map((checker) => checker.key())).join('|'),
  };
}
