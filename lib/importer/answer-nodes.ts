import type { AliasTarget } from '../plan/records.ts';
import type { BranchRouting, RoutingPolicy } from '../plan/routing.ts';

/** The record types that an endpoint answers with. */
export const ANSWER_TYPES = ['A', 'AAAA', 'CNAME'] as const;
export type AnswerType = (typeof ANSWER_TYPES)[number];

/** Something of which there is one for each record type that a name has. */
export type ByType<Value> = Readonly<Partial<Record<AnswerType, Value>>>;

/** The record sets of one name and type, or a rule of a traffic policy. */
export interface AnswerNode {
  readonly policy: RoutingPolicy | 'simple' | 'multivalue';
  /** At least one; exactly one where the policy is simple. */
  readonly entries: readonly AnswerEntry[];
}

/** One record set, or one item of a rule. */
export interface AnswerEntry {
  /** The set identifier; empty for a record that stands alone. */
  readonly key: string;
  /** Absent where the policy is simple or multivalue. */
  readonly routing?: BranchRouting | undefined;
  readonly answer: NodeAnswer;
  readonly healthCheckId?: string | undefined;
}

export type NodeAnswer =
  | { readonly type: 'values'; readonly values: readonly string[]; readonly ttl?: number | undefined }
  | { readonly type: 'alias'; readonly alias: AliasTarget }
  /** Another node of the same source, which answers instead. */
  | { readonly type: 'node'; readonly node: string; readonly evaluateTargetHealth: boolean };

/** Where nodes are looked up: a zone, or the document of a traffic policy. */
export interface NodeSource {
  /**
   * The node of that id, a name of the zone or the place of a rule.
   *
   * @throws Inexpressible when there is none, or no fleet file can say what it does.
   */
  node(id: string, type: AnswerType): AnswerNode;
}

/** Why answers cannot be described: a clause without a full stop, such as "its record x has no value". */
export class Inexpressible extends Error {
  readonly reason: string;
  /** The node that is the cause, where that is not the one which clients ask for. */
  readonly place: string | undefined;

  constructor(reason: string, { place, ...options }: ErrorOptions & { readonly place?: string } = {}) {
    super(place === undefined ? reason : `${reason} (at ${place})`, options);
    this.name = 'Inexpressible';
    this.reason = reason;
    this.place = place;
  }
}

/** Runs `task` for a node behind the first one: a failure that names no place yet is given its place. */
export function at<Value>(place: string, task: () => Value): Value {
  try {
    return task();
  } catch (error) {
    if (error instanceof Inexpressible && error.place === undefined)
      throw new Inexpressible(error.reason, { cause: error, place });
    throw error;
  }
}

/** The value of each type that there is. */
export function mapTypes<From, To>(
  values: ByType<From>,
  map: (value: From, type: AnswerType) => To,
): ByType<To> {
  const mapped: Partial<Record<AnswerType, To>> = {};
  for (const type of ANSWER_TYPES) {
    const value = values[type];
    if (value !== undefined) mapped[type] = map(value, type);
  }
  return mapped;
}

/** The values of the types that there are, A first. */
export function eachType<Value>(values: ByType<Value>): readonly Value[] {
  return ANSWER_TYPES.flatMap((type) => {
    const value = values[type];
    return value === undefined ? [] : [value];
  });
}
