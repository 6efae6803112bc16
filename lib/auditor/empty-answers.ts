import { isFresh, placeOf } from '../cell/insync.ts';
import type { DnsName } from '../plan/names.ts';
import { dnsName } from '../plan/names.ts';
import type { PlannedEndpoint } from '../plan/plan.ts';
import { rootTypes } from '../plan/plan.ts';
import { askedPlaces } from './asked-places.ts';
import type { AuditorDeps, AuditRequest, EmptyAnswer } from './auditor.ts';
import type { CellReading } from './read-cell.ts';
import { isStill } from './read-cell.ts';

/** The answers that clients get to the questions that were asked. */
export interface AskedAnswers {
  readonly empty: readonly EmptyAnswer[];
  readonly unanswered: number;
  readonly asked: number;
}

/** The label that replaces the asterisk in a question for a wildcard: no record has it. */
const ANY_LABEL = 'pawl-audit';

const NOTHING_ASKED: AskedAnswers = { empty: [], unanswered: 0, asked: 0 };

/**
 * Asks over DNS for every root of the applied plan, but not of a private zone, for which only resolvers of its VPCs
 * answer, and only once its flip is INSYNC: before that, a new endpoint has
 * no answer yet. `moved`: a flip since the zone was read may have removed the names in the questions.
 */
export async function emptyAnswers(
  deps: AuditorDeps,
  request: AuditRequest,
  reading: CellReading,
): Promise<AskedAnswers | 'moved'> {
  const { resolver, clock } = deps;
  const { applied, private: isPrivate } = reading;
  if (resolver === undefined || isPrivate || applied === undefined || !(await isEverywhere(deps, reading))) {
    return NOTHING_ASKED;
  }
  const empty: EmptyAnswer[] = [];
  let [asked, unanswered] = [0, 0];
  for (const endpoint of applied.endpoints) {
    for (const { from, client } of await askersOf(deps, endpoint)) {
      for (const type of rootTypes(endpoint)) {
        if (clock.now() >= request.deadline) break;
        const answer = await resolver.answers(askable(endpoint.name), type, client);
        asked += 1;
        if (answer === 'unreachable') unanswered += 1;
        if (answer === 'empty')
          empty.push({ name: endpoint.name, type, ...(from === undefined ? {} : { from }) });
      }
    }
  }
  if (empty.length > 0 && !(await isStill(deps, reading))) return 'moved';
  return { empty, unanswered, asked };
}

interface Asker {
  readonly from?: string;
  /** The IP address of a client there; absent: whoever asks. */
  readonly client?: string;
}

/**
 * For whom an endpoint is asked: for whoever asks, unless clients elsewhere get no answer by its own fleet, and for a
 * client in every place that it has a branch for, as far as anybody knows one.
 */
async function askersOf({ clientAt }: AuditorDeps, endpoint: PlannedEndpoint): Promise<readonly Asker[]> {
  const { places, everywhere } = askedPlaces(endpoint);
  const askers: Asker[] = everywhere ? [{}] : [];
  for (const from of clientAt === undefined ? [] : places) {
    const client = await clientAt?.(from);
    if (client !== undefined) askers.push({ from, client });
  }
  return askers;
}

/** A flip of which nobody knows the change counts once it is old: to ask too early costs a question, and no answer. */
async function isEverywhere(deps: AuditorDeps, { head }: CellReading): Promise<boolean> {
  const { applied } = head.state;
  if (applied === null) return false;
  const { changeId, at } = applied;
  if (changeId === undefined) return !isFresh(at, deps.clock.now(), deps.settings.unknownChangeMs);
  return (await placeOf(deps, { changeId, at }, deps.settings)) !== 'pending';
}

function askable(name: DnsName): DnsName {
  return name.startsWith('*.') ? dnsName(`${ANY_LABEL}${name.slice(1)}`) : name;
}
