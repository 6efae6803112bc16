import type { PlannedEndpoint } from '../../plan/plan.ts';
import { isMultivalue } from '../../plan/tree-nodes.ts';
import type { ResolveCounts } from '../../resolve/resolve.ts';
import { answerText } from '../printing/plan-comparison.ts';

/** One target and the number of its answers. */
export interface TargetSpread {
  readonly target: string;
  /** The path of the branch that it answers in; absent: the endpoint has no branches. */
  readonly branch?: string;
  readonly type: string;
  readonly answer: string;
  readonly weight: number;
  /** Set where it is one of up to eight in an answer, whatever its weight: its planned share then means nothing. */
  readonly multivalue?: true;
  /** The planned share of the answers of its type, within its branch, 0 to 1. */
  readonly plannedShare: number;
  /** Null for an alias: the plan does not know its addresses, so its answers cannot be counted. */
  readonly answers: number | null;
  readonly share: number | null;
}

/** Answers that no target of the plan explains. */
export interface OtherAnswer {
  readonly answer: string;
  readonly answers: number;
}

export interface AnswerSpread {
  readonly targets: readonly TargetSpread[];
  readonly others: readonly OtherAnswer[];
}

/** Compares a DNS server's answers with the plan. Pure. */
export function answerSpread(
  endpoint: PlannedEndpoint | undefined,
  types: readonly string[],
  { answers }: Pick<ResolveCounts, 'answers'>,
): AnswerSpread {
  const leaves = endpoint?.leaves.filter(({ type }) => types.includes(type)) ?? [];
  const explained = new Set<string>();
  const targets = leaves.map((leaf): TargetSpread => {
    const ofType = leaves.filter(({ type, node }) => type === leaf.type && node === leaf.node);
    const planned = ofType.reduce((sum, { weight }) => sum + weight, 0);
    const { target, node, type, weight } = leaf;
    const branch = node === undefined ? {} : { branch: node };
    const common = {
      target,
      ...branch,
      type,
      weight,
      ...(endpoint !== undefined && isMultivalue(endpoint, node) ? { multivalue: true as const } : {}),
      answer: answerText(leaf),
      plannedShare: weight / planned,
    };
    if (leaf.values === undefined) return { ...common, answers: null, share: null };
    for (const value of leaf.values) explained.add(presented(value, type));
    const count = countOf(leaf.values, type, answers);
    const all = ofType.reduce((sum, { values = [] }) => sum + countOf(values, type, answers), 0);
    return { ...common, answers: count, share: all === 0 ? 0 : count / all };
  });
  const others = [...answers]
    .filter(([answer]) => !explained.has(answer))
    .map(([answer, count]) => ({ answer, answers: count }));
  return { targets, others };
}

/** A record set answers with all of its values at once, so the count of any of them is its count. */
function countOf(values: readonly string[], type: string, answers: ReadonlyMap<string, number>): number {
  return Math.max(0, ...values.map((value) => answers.get(presented(value, type)) ?? 0));
}

function presented(value: string, type: string): string {
  return type === 'CNAME' && !value.endsWith('.') ? `${value}.` : value;
}
