import { changesTable } from './changes-table.ts';
import type { Paper, Tone } from './paper.ts';
import { tame } from './paper.ts';
import type { EndpointComparison, LeafChange, PlanComparison } from './plan-comparison.ts';
import type { Cell } from './table.ts';

const TONES: Readonly<Record<EndpointComparison['change'], Tone>> = {
  added: 'good',
  removed: 'bad',
  changed: 'careful',
};

/** The differences between two plans: endpoints and targets, weights before and after, the share of traffic moved. */
export function comparisonView({ endpoints, unchanged }: PlanComparison, paper: Paper): string {
  if (endpoints.length === 0) return 'No endpoint changes.\n';
  const rows = endpoints.flatMap(endpointRows);
  const details = endpoints.flatMap(detailLines);
  return changesTable({ rows, details, unchanged, whole: '--json' }, paper);
}

function endpointRows(endpoint: EndpointComparison): readonly (readonly Cell[])[] {
  const { name, change, leaves, answers, movedPermille } = endpoint;
  const head: readonly Cell[] = [name, { text: change, tone: TONES[change] }];
  // Of several records in an answer no weight says who uses which: that nothing moves would be a claim.
  const moved = answers !== undefined && movedPermille === 0 ? '-' : `${(movedPermille / 10).toFixed(1)} %`;
  if (leaves.length === 0) return [[...head, '', '', '', '', moved]];
  return leaves.map((leaf, index) =>
    index === 0 ? [...head, ...leafCells(leaf), moved] : ['', '', ...leafCells(leaf), ''],
  );
}

function leafCells(leaf: LeafChange): readonly string[] {
  const { target, node, type } = leaf;
  return [
    node === undefined ? tame(target) : `${tame(target)} in ${tame(node)}`,
    type,
    leaf.multivalueBefore === true ? 'multivalue' : weight(leaf.weightBefore),
    leaf.multivalueAfter === true ? 'multivalue' : weight(leaf.weightAfter),
  ];
}

function weight(value: number | null): string {
  return value === null ? '-' : String(value);
}

function detailLines(endpoint: EndpointComparison): readonly string[] {
  const { name, ttl, kind, leaves, branches = [], answers = [] } = endpoint;
  return [
    ...branches.map(
      ({ branch, before, after }) => `${name}: branch ${tame(branch)} ${before ?? '-'} -> ${after ?? '-'}`,
    ),
    ...answers.map(({ branch, before, after }) => {
      const where = branch === undefined ? name : `${name}: branch ${tame(branch)}`;
      return `${where}: answer ${before} -> ${after}`;
    }),
    ...(kind === undefined ? [] : [`${name}: kind ${kind.before} -> ${kind.after}`]),
    ...(ttl === undefined ? [] : [`${name}: TTL ${ttl.before} s -> ${ttl.after} s`]),
    ...leaves.flatMap(({ target, type, answer }) =>
      answer === undefined
        ? []
        : [`${name}: ${tame(target)} ${type} ${tame(answer.before)} -> ${tame(answer.after)}`],
    ),
  ];
}
