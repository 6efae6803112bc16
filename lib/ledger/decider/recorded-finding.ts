import { findingSentence } from '../../plan/finding-text.ts';
import type { Finding, FindingCode, Severity } from '../../plan/findings.ts';
import { ownValue } from '../../plan/own-value.ts';

/**
 * A finding as the log holds it: the part that every release writes. Format 1 adds the sentence and leaves the data
 * out; a {@link Finding} adds its data, and may add the sentence. The code may be one that only a later release knows.
 * See docs/adr/0035-findings-are-data.md.
 */
export interface RecordedFinding {
  readonly code: string;
  readonly severity: Severity;
  readonly subject: string;
  readonly message?: string;
}

/** A finding as format 1 holds it. */
export type StoredFinding = Required<RecordedFinding>;

/** A finding as format 1 writes it; a sentence that the finding has is kept. Pure. */
export function storedFinding(finding: RecordedFinding): StoredFinding {
  const { code, severity, subject } = finding;
  return { code, severity, subject, message: recordedSentence(finding) };
}

/**
 * The sentence of a finding. A sentence that the log holds stays as it is, because people approved what it said;
 * otherwise the sentence is made from the data. When this release does not know the code, or cannot use the data, it
 * shows the code and the subject. Pure and total.
 */
export function recordedSentence(recorded: RecordedFinding): string {
  if (recorded.message !== undefined) return recorded.message;
  return isFinding(recorded)
    ? findingSentence(recorded)
    : `${recorded.subject} has the finding "${recorded.code}", which this version of Pawl does not know.`;
}

/** Findings with their sentences beside their data, for a document or a log. Pure. */
export function shownFindings<Recorded extends RecordedFinding>(
  findings: readonly Recorded[],
): readonly (Recorded & { readonly message: string })[] {
  return findings.map((finding) => ({ ...finding, message: recordedSentence(finding) }));
}

/** The same for endpoints that are kept back. Pure. */
export function shownKeptBack<Kept extends { readonly findings: readonly RecordedFinding[] }>(
  endpoints: readonly Kept[],
): readonly Kept[] {
  return endpoints.map((endpoint) => ({ ...endpoint, findings: shownFindings(endpoint.findings) }));
}

/** A workflow's outcome for a document or a log: each finding with its sentence. Pure. */
export function withSentences<
  Outcome extends {
    readonly findings: readonly RecordedFinding[];
    readonly keptBack: readonly { readonly findings: readonly RecordedFinding[] }[];
  },
>(outcome: Outcome): Outcome {
  return {
    ...outcome,
    findings: shownFindings(outcome.findings),
    keptBack: shownKeptBack(outcome.keptBack),
  };
}

/** Whether a value from the log is a finding, of whichever release. */
export function isRecordedFinding(value: unknown): value is RecordedFinding {
  if (value === null || typeof value !== 'object') return false;
  const { code, severity, subject, message } = value as Readonly<Record<string, unknown>>;
  return (
    typeof code === 'string' &&
    (severity === 'fatal' || severity === 'held' || severity === 'note') &&
    typeof subject === 'string' &&
    (message === undefined || typeof message === 'string')
  );
}

type Data<Code extends FindingCode> = Omit<Extract<Finding, { code: Code }>, 'code' | 'severity' | 'subject'>;
type Kind = 'family?' | 'number' | 'text';
type KindOf<Value> = undefined extends Value ? 'family?' : Value extends number ? 'number' : 'text';

/** The data that the sentence of each code needs. The compiler checks this table against the union. */
const DATA: {
  readonly [Code in FindingCode]: { readonly [Key in keyof Data<Code>]-?: KindOf<Data<Code>[Key]> };
} = {
  'no-answer': { family: 'family?' },
  'no-answer-in-place': { branch: 'text', family: 'family?' },
  'under-floor': { serving: 'number', floor: 'number' },
  'branch-under-floor': { branch: 'text', serving: 'number', floor: 'number' },
  'branch-left-out': { branch: 'text' },
  'rough-share': { target: 'text', percent: 'number', targets: 'number' },
  'capacity-window': {
    removedPermille: 'number',
    withinWindowPermille: 'number',
    windowS: 'number',
    limitPercent: 'number',
  },
  'capacity-removed': {
    removedPermille: 'number',
    withinWindowPermille: 'number',
    windowS: 'number',
    limitPercent: 'number',
  },
  'branch-capacity-removed': {
    branch: 'text',
    removedPermille: 'number',
    withinWindowPermille: 'number',
    windowS: 'number',
    limitPercent: 'number',
  },
  'declared-share': { changed: 'number', endpoints: 'number', limitPercent: 'number' },
  'share-changed': { changed: 'number', endpoints: 'number', limitPercent: 'number' },
  'observer-blind': { gone: 'number', served: 'number', limitPercent: 'number' },
  'targets-observed-out': { out: 'number', declared: 'number', limitPercent: 'number' },
  'capacity-observed-out': { outPermille: 'number', limitPercent: 'number' },
  'branch-observed-out': { branch: 'text', outPermille: 'number', limitPercent: 'number' },
  'branch-stays-out': { branch: 'text', outPermille: 'number', limitPercent: 'number' },
  'long-ttl': { ttlS: 'number', beforeS: 'number', limitS: 'number' },
  'endpoint-removed': {},
  'handed-over': { to: 'text' },
  'taken-over': { from: 'text' },
  'outside-zone': { zone: 'text' },
  delegated: { delegation: 'text' },
  'apex-cname': {},
  'name-too-long': { madeName: 'text', characters: 'number', charactersMax: 'number' },
  'reserved-name': { label: 'text' },
  'name-claimed-twice': { otherCell: 'text' },
  'too-many-leaves': { leaves: 'number', leavesMax: 'number' },
  'too-many-endpoints': { endpoints: 'number', endpointsMax: 'number' },
  'batch-limit': { records: 'number' },
  'zone-limit': { records: 'number', recordLimit: 'number' },
  'zone-nearly-full': { records: 'number', recordLimit: 'number' },
  'retained-trees': { trees: 'number', treesMax: 'number' },
  'state-limit': { characters: 'number', charactersMax: 'number' },
  'conflicting-record': {},
  'unserved-address': { target: 'text', address: 'text', scope: 'text', addresses: 'number' },
  'shared-address': { target: 'text', otherTarget: 'text', address: 'text', addresses: 'number' },
  'small-share': { target: 'text', permille: 'number', targets: 'number' },
  'negative-ttl': { negativeTtlS: 'number' },
  'missing-target': { target: 'text', cell: 'text' },
  'refused-by-route53': { step: 'text', words: 'text', attempts: 'number' },
};

function isFinding(recorded: RecordedFinding): recorded is RecordedFinding & Finding {
  const kinds = ownValue<Readonly<Record<string, Kind>>>(DATA, recorded.code);
  const fields: Readonly<Record<string, unknown>> = { ...recorded };
  return kinds !== undefined && Object.entries(kinds).every(([key, kind]) => isOfKind(fields[key], kind));
}

function isOfKind(value: unknown, kind: Kind): boolean {
  switch (kind) {
    case 'family?':
      return value === undefined || value === 'A' || value === 'AAAA';
    case 'number':
      return typeof value === 'number';
    case 'text':
      return typeof value === 'string';
  }
}
