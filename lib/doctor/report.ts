import type { DnsName } from '../plan/names.ts';
import type { RecordSet } from '../plan/records.ts';

/** `unknown`: the check could not be made or had no clear outcome; it never counts as holding. */
export type CheckResult = 'holds' | 'gap' | 'unknown';

/**
 * `fence`: Pawl must not write to an endpoint without it. `hands`: the fence holds without it, but it catches changes
 * that hands make to the zone between two writes of Pawl's. `proof`: everything works without it, and Pawl goes without
 * a protection of its own. `note`: worth knowing, but nothing rests on it.
 * See docs/adr/0031-what-the-fence-rests-on.md.
 */
export type CheckSeverity = 'fence' | 'hands' | 'proof' | 'note';

export interface CheckReport {
  /** Stable, kebab-case: `atomic-batch`. */
  readonly id: string;
  /** What is asserted, as a sentence. */
  readonly asserts: string;
  readonly severity: CheckSeverity;
  readonly result: CheckResult;
  /** What was seen. */
  readonly detail: string;
  /** The consequence of running Pawl on an endpoint that has this gap. */
  readonly gapMeans: string;
}

/**
 * `reduced`: good for production, where Pawl goes without a protection of its own. `limited`: the fence holds, but the
 * mistakes of hands are not caught: good for tests, not for production. `unknown`: no gap was found that breaks the
 * fence, but not every check could be made. Only `safe` is safe with nothing to add.
 */
export type DoctorVerdict = 'safe' | 'reduced' | 'limited' | 'unsafe' | 'unknown';

export interface DoctorReport {
  readonly zoneId: string;
  readonly zone: DnsName;
  readonly scratchName: DnsName;
  readonly checks: readonly CheckReport[];
  readonly verdict: DoctorVerdict;
  /** As the zone says it; absent where it was never asked for. Nothing of the verdict rests on it. */
  readonly acceleratedRecovery: string | undefined;
  /** What the examination made and could not remove. */
  readonly leftBehind: readonly RecordSet[];
  /** Records of a batch whose answer never came. They are not in the zone now, and may still land. */
  readonly mayStillLand: readonly RecordSet[];
  /** Calls of the zone port, clean-up included. */
  readonly requests: number;
}

/** `safe` only when every check of severity `fence`, `hands` or `proof` was made and holds. */
export function verdictOf(checks: readonly Pick<CheckReport, 'severity' | 'result'>[]): DoctorVerdict {
  const results = (wanted: CheckSeverity) =>
    checks.filter(({ severity }) => severity === wanted).map(({ result }) => result);
  const fence = results('fence');
  if (fence.includes('gap')) return 'unsafe';
  if (fence.length === 0 || fence.includes('unknown')) return 'unknown';
  const hands = results('hands');
  if (hands.includes('gap')) return 'limited';
  const proof = results('proof');
  if (hands.includes('unknown') || proof.includes('unknown')) return 'unknown';
  return proof.includes('gap') ? 'reduced' : 'safe';
}
