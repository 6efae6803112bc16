import type { Intent, PreconditionStanding, Weight } from './precondition.ts';
import { STACK_PRECONDITIONS } from './stack-preconditions.ts';
import type { HostedZoneFacts, SurveyedZone, Surveys, ZoneSurvey } from './survey.ts';
import { NotAsked } from './survey.ts';
import { ZONE_PRECONDITIONS } from './zone-preconditions.ts';

/** One precondition in one place. */
export interface PreconditionReport {
  readonly id: string;
  /** The cell whose zone was looked at; absent for the stack's own. */
  readonly cell?: string | undefined;
  readonly asserts: string;
  readonly weight: Weight;
  readonly standing: PreconditionStanding;
  /** What was seen, or why it could not be asked. */
  readonly detail: string;
  readonly unmetMeans: string;
}

/**
 * `refused`: something blocks. `unknown`: nothing was found that blocks, and something could not be asked. `ready`:
 * nothing blocks, though something may be advised.
 */
export type PreflightVerdict = 'ready' | 'refused' | 'unknown';

export interface PreflightReport {
  readonly stack: string;
  readonly verdict: PreflightVerdict;
  readonly preconditions: readonly PreconditionReport[];
}

/**
 * Looks at everything outside of a deployment that it rests on, and changes nothing. Each precondition is looked at
 * whatever became of the others, and one that cannot be asked is `unknown`, never met. See docs/adr/0056-preflight-and-drill.md.
 */
export async function preflight(surveys: Surveys, intent: Intent): Promise<PreflightReport> {
  const { deployment } = intent;
  const asked: Surveys = { ...surveys, zones: rememberedZones(surveys.zones) };
  const preconditions: PreconditionReport[] = [];
  for (const { look, ...about } of STACK_PRECONDITIONS)
    preconditions.push(await reported(about, () => look(asked, intent)));
  for (const [cell, zone] of Object.entries(deployment.cells))
    for (const { look, ...about } of ZONE_PRECONDITIONS)
      preconditions.push(await reported({ ...about, cell }, () => look(asked, zone)));
  return { stack: deployment.stack, verdict: verdictOf(preconditions), preconditions };
}

async function reported(
  about: Omit<PreconditionReport, 'standing' | 'detail'>,
  look: () => Promise<Pick<PreconditionReport, 'standing' | 'detail'>>,
): Promise<PreconditionReport> {
  try {
    return { ...about, ...(await look()) };
  } catch (error) {
    if (!(error instanceof NotAsked)) throw error;
    return { ...about, standing: 'unknown', detail: error.message };
  }
}

function verdictOf(preconditions: readonly PreconditionReport[]): PreflightVerdict {
  if (preconditions.some(({ standing, weight }) => standing === 'unmet' && weight === 'blocks'))
    return 'refused';
  return preconditions.some(({ standing }) => standing === 'unknown') ? 'unknown' : 'ready';
}

/**
 * The same zones, each described once, and the rate of each account looked at once: several preconditions ask, every
 * request is of the account's rate, and reads for each of thirty zones would use up what they are to measure.
 */
function rememberedZones(zones: ZoneSurvey): ZoneSurvey {
  const seen = new Map<string, Promise<HostedZoneFacts | undefined>>();
  const throttled = new Map<string, Promise<number>>();
  return {
    ...zones,
    describe: (zone: SurveyedZone) => {
      const key = `${zone.readerRoleArn ?? ''} ${zone.zoneId}`;
      const before = seen.get(key) ?? zones.describe(zone);
      seen.set(key, before);
      return before;
    },
    throttledOf: (zone: SurveyedZone, requests: number) => {
      const account = zone.readerRoleArn ?? '';
      const before = throttled.get(account) ?? zones.throttledOf(zone, requests);
      throttled.set(account, before);
      return before;
    },
  };
}
