/** fatal: never appended. held: appended, and enacted only once approved. note: worth knowing. */
export type Severity = 'fatal' | 'held' | 'note';

export type FindingCode =
  | 'no-answer'
  | 'under-floor'
  | 'capacity-window'
  | 'share-changed'
  | 'observer-blind'
  | 'endpoint-removed'
  | 'outside-zone'
  | 'delegated'
  | 'apex-cname'
  | 'name-too-long'
  | 'reserved-name'
  | 'name-claimed-twice'
  | 'too-many-leaves'
  | 'too-many-endpoints'
  | 'batch-limit'
  | 'zone-limit'
  | 'retained-trees'
  | 'state-limit'
  | 'conflicting-record'
  | 'negative-ttl'
  | 'missing-target';

/** What a linter would say of a plan: a code to search for, and one sentence. */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: Severity;
  /** The endpoint or target it is about. */
  readonly subject: string;
  readonly message: string;
}

/** The severest of some findings; undefined when there is none. */
export function severest(findings: readonly Finding[]): Severity | undefined {
  const order: readonly Severity[] = ['fatal', 'held', 'note'];
  return order.find((severity) => findings.some((finding) => finding.severity === severity));
}
