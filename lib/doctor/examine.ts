import { InvalidValue } from '../plan/invariant.ts';
import type { DnsName } from '../plan/names.ts';
import { dnsName, isWithin } from '../plan/names.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Randomness } from '../runtime/ids.ts';
import { recordsUnder, UntrustworthyListing } from '../zone/read-records.ts';
import type { Zone } from '../zone/zone.ts';
import { ZoneUnavailable } from '../zone/zone.ts';
import type { Check } from './check.ts';
import { benchFor, CannotTell, GapFound } from './check.ts';
import { FENCE_CHECKS } from './fence-checks.ts';
import { RECORD_SET_CHECKS } from './record-set-checks.ts';
import type { CheckReport, DoctorReport } from './report.ts';
import { verdictOf } from './report.ts';
import type { Scratch } from './scratch.ts';
import { scratchIn } from './scratch.ts';
import { ZONE_CHECKS } from './zone-checks.ts';

export interface ExamineDeps {
  readonly zone: Zone;
  readonly clock: Clock;
  readonly randomness: Randomness;
  /** Is called with every check as it is made, because an examination may take minutes. */
  readonly observe?: (check: CheckReport) => void;
}

export interface ExamineRequest {
  /** The name under which the examination works; `doctor-<nonce>._pawl-doctor.<zone>` by default. It must be empty. */
  readonly scratchName?: DnsName;
}

const CHECKS: readonly Check[] = [...FENCE_CHECKS, ...RECORD_SET_CHECKS, ...ZONE_CHECKS];
/** Calls of the port that the scratch does not count: the zone's description. */
const CALLS_BEFORE = 1;

/**
 * Tries whether an endpoint has the properties that Pawl's fence rests on. It touches only names under the scratch
 * name. It removes what it made, also when the zone fails midway, and reports what it could not remove.
 *
 * @throws InvalidValue when the scratch name is not below the zone's own name, or is not empty.
 * @throws ZoneUnavailable, ZoneNotFound when the zone cannot be reached and nothing was made yet.
 */
export async function examine(deps: ExamineDeps, request: ExamineRequest = {}): Promise<DoctorReport> {
  const { zone, clock } = deps;
  const { name: apex, acceleratedRecovery } = await zone.describe();
  const scratchName =
    request.scratchName ?? dnsName(`doctor-${deps.randomness.nonce()}._pawl-doctor.${apex}`);
  const before = await assertEmpty(zone, apex, scratchName);
  const scratch = scratchIn(zone, clock, scratchName);
  let checks: readonly CheckReport[] = [];
  let cleaned: Awaited<ReturnType<Scratch['cleanUp']>>;
  try {
    checks = await runChecks(scratch, deps.observe);
  } finally {
    cleaned = await scratch.cleanUp();
  }
  return {
    zoneId: zone.id,
    zone: apex,
    scratchName,
    checks,
    verdict: verdictOf(checks),
    acceleratedRecovery,
    ...cleaned,
    requests: CALLS_BEFORE + before + scratch.requests(),
  };
}

async function assertEmpty(zone: Zone, apex: DnsName, scratchName: DnsName): Promise<number> {
  if (scratchName === apex || !isWithin(scratchName, apex)) {
    throw new InvalidValue(`The scratch name ${scratchName} is not below the zone ${apex}.`);
  }
  const { records, requests } = await recordsUnder(zone, scratchName);
  const [first] = records;
  if (first !== undefined) {
    throw new InvalidValue(
      `The scratch name ${scratchName} is in use (${first.name} ${first.type}): name one that holds nothing.`,
    );
  }
  return requests;
}

/** Once the zone has failed to answer, the remaining checks are not made: each would wait just as long. */
async function runChecks(
  scratch: Scratch,
  observe?: (check: CheckReport) => void,
): Promise<readonly CheckReport[]> {
  const reports: CheckReport[] = [];
  let failure: ZoneUnavailable | undefined;
  for (const check of CHECKS) {
    const found = failure === undefined ? await runCheck(scratch, check) : notMade(failure);
    failure ??= found.failure;
    const { id, asserts, severity, gapMeans } = check;
    const report = { id, asserts, severity, gapMeans, result: found.result, detail: found.detail };
    reports.push(report);
    observe?.(report);
  }
  return reports;
}

interface Found extends Pick<CheckReport, 'result' | 'detail'> {
  readonly failure?: ZoneUnavailable;
}

async function runCheck(scratch: Scratch, check: Check): Promise<Found> {
  try {
    await check.run(benchFor(scratch, check));
    return { result: 'holds', detail: 'seen' };
  } catch (error) {
    if (error instanceof GapFound) return { result: 'gap', detail: error.message };
    if (error instanceof CannotTell || error instanceof UntrustworthyListing) {
      return { result: 'unknown', detail: error.message };
    }
    if (error instanceof ZoneUnavailable) return { result: 'unknown', detail: error.message, failure: error };
    throw error;
  }
}

function notMade(failure: ZoneUnavailable): Found {
  return { result: 'unknown', detail: `not tried: ${failure.message}` };
}
