import { changesTable } from '../printing/changes-table.ts';
import type { Paper } from '../printing/paper.ts';
import { tame } from '../printing/paper.ts';
import type { EndpointComparison } from '../printing/plan-comparison.ts';
import type { Cell } from '../printing/table.ts';
import type { AnswerShare, ChosenBranch, Share } from '../printing/traffic-shares.ts';
import { staysAsItIs } from '../printing/traffic-shares.ts';
import type { ForeseenTraffic } from './foreseen-traffic.ts';

type TrafficEndpoint = ForeseenTraffic['endpoints'][number];

/**
 * Weights and shares before and after, by endpoint, branch and target. A target whose weight stays is there too if
 * its share moves; what stays as it is, is counted.
 */
export function trafficView({ endpoints, unchanged }: ForeseenTraffic, paper: Paper): string {
  if (endpoints.length === 0) return 'No endpoint changes.\n';
  const rows = endpoints.flatMap(rowsOf);
  const details = endpoints.flatMap(detailsOf);
  return changesTable({ rows, details, unchanged, whole: '--format json' }, paper);
}

function rowsOf(endpoint: TrafficEndpoint): readonly (readonly Cell[])[] {
  const { name, change, shares } = endpoint;
  const changed = shares.answers.filter((each) => !staysAsItIs(each));
  const head = [name, change] as const;
  if (changed.length === 0) return [[...head, '', '', '', '', movedText(endpoint)]];
  return changed.map((each, index) => {
    const { target, branch, type, before, after } = each;
    const where = branch === undefined ? tame(target) : `${tame(target)} in ${tame(branch)}`;
    const cells = [where, type, shareText(before), shareText(after)];
    return index === 0 ? [...head, ...cells, movedText(endpoint)] : ['', '', ...cells, ''];
  });
}

/** The share of the endpoint's traffic that moves; `-` where no weight says who uses which record. */
export function movedText({ answers, movedPermille }: EndpointComparison): string {
  return answers !== undefined && movedPermille === 0 ? '-' : percent(movedPermille);
}

export function percent(permille: number): string {
  return `${(permille / 10).toFixed(1)} %`;
}

/** A weight with the share that it comes to: `255 (66.6 %)`. */
export function shareText(share: Share | null): string {
  if (share === null) return '-';
  return share.permille === null ? 'multivalue' : `${share.weight} (${percent(share.permille)})`;
}

/** How a branch is chosen, with its share where a weight decides: `weight 10 (25.0 %)`. */
export function branchText(branch: ChosenBranch | null): string {
  if (branch === null) return '-';
  return branch.permille === null ? branch.routing : `${branch.routing} (${percent(branch.permille)})`;
}

/** What changes besides the weights, a clause each: branches, kind, TTL, and what a record answers with. */
export function detailsOf(endpoint: TrafficEndpoint): readonly string[] {
  const { name, kind, ttl, shares } = endpoint;
  const branches = (shares.branches ?? []).filter((each) => !staysAsItIs(each));
  return [
    ...branches.map(
      ({ branch, before, after }) =>
        `${name}: branch ${tame(branch)} ${branchText(before)} -> ${branchText(after)}`,
    ),
    ...(kind === undefined ? [] : [`${name}: kind ${kind.before} -> ${kind.after}`]),
    ...(ttl === undefined ? [] : [`${name}: TTL ${ttl.before} s -> ${ttl.after} s`]),
    ...shares.answers.flatMap((each) => answerText(name, each)),
  ];
}

function answerText(name: string, { target, type, before, after }: AnswerShare): readonly string[] {
  if (before === null || after === null || before.answer === after.answer) return [];
  return [`${name}: ${tame(target)} ${type} ${tame(before.answer)} -> ${tame(after.answer)}`];
}
