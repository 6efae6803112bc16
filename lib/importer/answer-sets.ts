import type { AliasTarget } from '../plan/records.ts';
import type { AnswerEntry } from './answer-nodes.ts';

/** One record set, as one of several that share a name and a type. */
export interface AnswerSet {
  /** The set identifier; empty for a record that stands alone. */
  readonly key: string;
  /** Its weight, 1 or more. If all sets have weight 0, each has 1, because all are then equal. */
  readonly weight: number;
  /** True when it gets no traffic, because its weight is 0 and another's is not. */
  readonly idle: boolean;
  readonly values: readonly string[];
  readonly alias?: AliasTarget | undefined;
  readonly healthCheckId?: string | undefined;
}

/** The weight of an entry; 0 where it has none. */
export function weightOf({ routing }: Pick<AnswerEntry, 'routing'>): number {
  return routing !== undefined && 'weight' in routing ? routing.weight : 0;
}

/** The record sets of one name and type, with their weights. None of the entries may lead to another node. */
export function answerSets(entries: readonly AnswerEntry[]): readonly AnswerSet[] {
  const isEqual = entries.every((entry) => weightOf(entry) === 0);
  return entries.map((entry) => ({
    key: entry.key,
    weight: Math.max(1, weightOf(entry)),
    idle: weightOf(entry) === 0 && !isEqual,
    values: entry.answer.type === 'values' ? entry.answer.values : [],
    alias: entry.answer.type === 'alias' ? entry.answer.alias : undefined,
    healthCheckId: entry.healthCheckId,
  }));
}

/** The largest weight of the sets; 1 when there is none. */
export function largestWeight(sets: readonly AnswerSet[]): number {
  return Math.max(1, ...sets.map(({ weight }) => weight));
}

/** True when both could be one target: the same share of the traffic under the same check. */
export function isAlike(a: AnswerSet, b: AnswerSet): boolean {
  return a.weight === b.weight && a.idle === b.idle && a.healthCheckId === b.healthCheckId;
}

/** True when Route 53 can find it unhealthy: by a check of its own, or by the health of what the alias points at. */
export function canFail({ healthCheckId, alias }: AnswerSet): boolean {
  return healthCheckId !== undefined || alias?.evaluateTargetHealth === true;
}
