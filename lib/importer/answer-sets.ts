import type { AliasTarget, RecordSet } from '../plan/records.ts';

/** The families that an endpoint with addresses or aliases can answer in. */
export type Family = 'A' | 'AAAA';

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

/** The record sets of one name and type, with their weights. */
export function answerSets(records: readonly RecordSet[]): readonly AnswerSet[] {
  const isEqual = records.every(({ weight = 0 }) => weight === 0);
  return records.map(({ setIdentifier = '', weight = 0, values = [], alias, healthCheckId }) => ({
    key: setIdentifier,
    weight: Math.max(1, weight),
    idle: weight === 0 && !isEqual,
    values,
    alias,
    healthCheckId,
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
