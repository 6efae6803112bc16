import type { CellName, DnsName } from './names.ts';

/**
 * What a finding does to the endpoint that it is about. fatal: nothing but another fleet, or what the endpoint is about
 * itself, lets the change go. held: a person may let it go. note: worth knowing. Until then the endpoint answers as it
 * does, and no other endpoint waits for it.
 */
export type Severity = 'fatal' | 'held' | 'note';

/** What every finding has: a code to search for, how bad it is, and the endpoint, cell or zone that it is about. */
type FindingOf<Code extends string, Subject extends string, Data = unknown> = Readonly<
  { code: Code; severity: Severity; subject: Subject } & Data
>;

/**
 * What the linters find in a plan, as data: each code with the numbers and names behind it. finding-text.ts makes the
 * sentence where a finding is shown. The meaning of a code's data never changes, because the log keeps it: other data
 * gets another code. See docs/adr/0035-findings-are-data.md.
 */
export type Finding =
  /** No target serves the endpoint. With `family`: none serves it in this family, which has an answer now. */
  | FindingOf<'no-answer', DnsName, { family?: 'A' | 'AAAA' }>
  /**
   * Clients of a place that its route has a branch for would get nothing, because the branch is left out and no larger place
   * stands in. `branch` is its path. With `family`: nothing in this family, which other places have.
   */
  | FindingOf<'no-answer-in-place', DnsName, { branch: string; family?: 'A' | 'AAAA' }>
  /** Fewer targets would serve than the endpoint's floor. */
  | FindingOf<'under-floor', DnsName, { serving: number; floor: number }>
  /** Fewer targets would serve in a branch of its route than the floor of that branch. `branch` is its path. */
  | FindingOf<'branch-under-floor', DnsName, { branch: string; serving: number; floor: number }>
  /**
   * The whole weights of Route 53 cannot give targets in groups their share to within a hundredth: `target` is the one that
   * is furthest from it, `percent` of its share.
   */
  | FindingOf<'rough-share', DnsName, { target: string; percent: number; targets: number }>
  /** No target serves in a branch of its route, which is left out. `branch` is its path. */
  | FindingOf<'branch-left-out', DnsName, { branch: string }>
  /**
   * Until 0.2.0. More capacity would go within the policy's window than the policy allows: `removedPermille` is what this plan takes
   * of the subject, the endpoint that loses most; `withinWindowPermille` adds what earlier plans took of the cell.
   */
  | FindingOf<
      'capacity-window',
      DnsName,
      { removedPermille: number; withinWindowPermille: number; windowS: number; limitPercent: number }
    >
  /**
   * More of an endpoint's capacity would go within the policy's window than the policy allows: `removedPermille` is what
   * this plan takes of it, `withinWindowPermille` adds what earlier plans took of the same endpoint and did not bring back.
   */
  | FindingOf<
      'capacity-removed',
      DnsName,
      { removedPermille: number; withinWindowPermille: number; windowS: number; limitPercent: number }
    >
  /**
   * The same of a branch of its route, which would go on answering with the rest. `branch` is its path, and
   * `withinWindowPermille` what it has lost since the window began.
   */
  | FindingOf<
      'branch-capacity-removed',
      DnsName,
      {
        branch: string;
        removedPermille: number;
        withinWindowPermille: number;
        windowS: number;
        limitPercent: number;
      }
    >
  /** The fleet file changes more of the cell's endpoints at once than the policy allows. */
  | FindingOf<'declared-share', CellName, { changed: number; endpoints: number; limitPercent: number }>
  /** Until 0.2.0. More of the cell's endpoints would change in one plan than the policy allows. */
  | FindingOf<'share-changed', CellName, { changed: number; endpoints: number; limitPercent: number }>
  /** More of the serving targets disappeared at once than the policy accepts: the observer is presumed blind. */
  | FindingOf<'observer-blind', CellName, { gone: number; served: number; limitPercent: number }>
  /**
   * `out` of the cell's `declared` targets that nobody ordered away would be out by observation alone, with those that
   * left earlier: more than the policy believes.
   */
  | FindingOf<'targets-observed-out', CellName, { out: number; declared: number; limitPercent: number }>
  /**
   * `outPermille` of the capacity that the endpoint is declared with, without what was ordered away, would be out by
   * observation alone, with what left earlier: more than the policy believes.
   */
  | FindingOf<'capacity-observed-out', DnsName, { outPermille: number; limitPercent: number }>
  /** The same of a branch of its route, of which the rest would go on answering. `branch` is its path. */
  | FindingOf<'branch-observed-out', DnsName, { branch: string; outPermille: number; limitPercent: number }>
  /** A branch that answers with nothing stays out, because as much of it is still out by observation. */
  | FindingOf<'branch-stays-out', DnsName, { branch: string; outPermille: number; limitPercent: number }>
  /** The endpoint's TTL would grow past `limitS`, the time that a rollback could wait for. */
  | FindingOf<'long-ttl', DnsName, { ttlS: number; beforeS: number; limitS: number }>
  /** The fleet no longer declares the endpoint: its records would be deleted. */
  | FindingOf<'endpoint-removed', DnsName>
  /** The endpoint goes over to another cell, and answers here until that one has taken it. */
  | FindingOf<'handed-over', DnsName, { to: CellName }>
  /** The endpoint was taken over from another cell since: without it nobody answers for the name. */
  | FindingOf<'taken-over', DnsName, { from: CellName }>
  /** The endpoint's name is not in the cell's zone. */
  | FindingOf<'outside-zone', DnsName, { zone: DnsName }>
  /** The endpoint's name is in a part of the zone that other name servers answer for. */
  | FindingOf<'delegated', DnsName, { delegation: DnsName }>
  /** The endpoint is the zone's apex, and its targets are hostnames: no CNAME can be there (RFC 1034, 3.6.2). */
  | FindingOf<'apex-cname', DnsName>
  /** A name that Pawl makes of the endpoint's, `madeName`, would be too long for DNS. */
  | FindingOf<'name-too-long', DnsName, { madeName: string; characters: number; charactersMax: number }>
  /** The endpoint's name has a label that is reserved for Pawl's own names. */
  | FindingOf<'reserved-name', DnsName, { label: string }>
  /** Another cell declares the endpoint too. */
  | FindingOf<'name-claimed-twice', DnsName, { otherCell: CellName }>
  /** The endpoint has more leaves of one type than Route 53 has weighted records for a name and type. */
  | FindingOf<'too-many-leaves', DnsName, { leaves: number; leavesMax: number }>
  /** The cell has more endpoints than one batch can flip. */
  | FindingOf<'too-many-endpoints', CellName, { endpoints: number; endpointsMax: number }>
  /** The endpoint's tree, deleted and created again, would not fit into one batch. */
  | FindingOf<'batch-limit', DnsName, { records: number }>
  /** The zone would hold more records than its quota, without the trees that are only retained (with them in older formats). */
  | FindingOf<'zone-limit', DnsName, { records: number; recordLimit: number }>
  /** The zone comes near its quota, without the trees that are only retained. */
  | FindingOf<'zone-nearly-full', DnsName, { records: number; recordLimit: number }>
  /** The cell's trees that no janitor has retired would come near the most that the ledger accepts, or exceed it. */
  | FindingOf<'retained-trees', CellName, { trees: number; treesMax: number }>
  /** The cell's state, the fold of its log, could come near its bound or exceed it. */
  | FindingOf<'state-limit', CellName, { characters: number; charactersMax: number }>
  /** A record that is not Pawl's stands at the endpoint's name. */
  | FindingOf<'conflicting-record', DnsName>
  /** A target answers with an address at which no client elsewhere is served; `addresses` counts all that do. */
  | FindingOf<
      'unserved-address',
      DnsName,
      { target: string; address: string; scope: string; addresses: number }
    >
  /** Two targets of the endpoint answer with one address, which then gets the weight of both. */
  | FindingOf<
      'shared-address',
      DnsName,
      { target: string; otherTarget: string; address: string; addresses: number }
    >
  /** A target gets next to no answers because another one's capacity is so much larger. */
  | FindingOf<'small-share', DnsName, { target: string; permille: number; targets: number }>
  /** Resolvers cache for a long time that a name of the zone does not exist. */
  | FindingOf<'negative-ttl', DnsName, { negativeTtlS: number }>
  /** The endpoint names a target that its cell does not have. */
  | FindingOf<'missing-target', DnsName, { target: string; cell: CellName }>
  /** Route 53 refused the endpoint's records, `attempts` times in a row; `words` are its own. */
  | FindingOf<'refused-by-route53', DnsName, { step: string; words: string; attempts: number }>;

export type FindingCode = Finding['code'];

/** The severest of some findings; undefined when there is none. */
export function severest(findings: readonly Pick<Finding, 'severity'>[]): Severity | undefined {
  const order: readonly Severity[] = ['fatal', 'held', 'note'];
  return order.find((severity) => findings.some((finding) => finding.severity === severity));
}

/** The codes by which an observer is not believed, because too much went by what it sees. */
const DOUBTS: readonly string[] = [
  'observer-blind',
  'targets-observed-out',
  'capacity-observed-out',
  'branch-observed-out',
] satisfies readonly FindingCode[];

/** Whether an observer is not believed, by a finding of whichever release. */
export function isDoubt({ code }: { readonly code: string }): boolean {
  return DOUBTS.includes(code);
}
