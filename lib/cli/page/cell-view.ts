import type { CellKnowledge } from '../../cell/cell-knowledge.ts';
import { knowCell } from '../../cell/cell-knowledge.ts';
import { claimsForShow } from '../../cell/claimed-names.ts';
import type { Head, Ledger } from '../../ledger/ledger.ts';
import { getPlan } from '../../ledger/plan-bodies.ts';
import type { KeptBackShown } from '../../operator/kept-back.ts';
import { keptBackShown } from '../../operator/kept-back.ts';
import { isFatal } from '../../plan/choose-answers.ts';
import type { CellName, DnsName } from '../../plan/names.ts';
import type { Plan, PlannedEndpoint } from '../../plan/plan.ts';
import { knownCell } from '../command/cells.ts';
import { seeFence } from '../look/cell-status.ts';
import { explainedTargets } from '../look/explanation.ts';
import { obstaclesOf } from '../printing/seen-obstacles.ts';
import { endpointShares } from '../printing/traffic-shares.ts';
import { waitingDocument } from '../printing/waiting-view.ts';
import { chainEvents, fenceChain, fenceWrites, logLink } from './fence-chain.ts';
import { knownPlans } from './known-plans.ts';
import { typed } from './page-sentences.ts';
import type { PageWorld } from './page-world.ts';
import { regionOf } from './region-names.ts';

/** Plans that are listed. */
const PLANS_MAX = 20;

/** One cell: its endpoints with what they answer, its fence's chain, its zone's room, its plans. */
export async function cellView(world: PageWorld, text: string, place: string) {
  const ledger = await world.ledger();
  const head = await knownCell(ledger, text);
  const { cell, state } = head;
  const now = world.clock.now();
  const [seen, newest] = [await seeFence(world.zone, head), await chainEvents(ledger, head)];
  const known = await knowCell(ledger, head, now);
  const waiting = known === undefined ? [] : await waitingIn(ledger, known, now);
  return {
    cell,
    zone: state.fleet?.zone ?? null,
    zoneId: state.fleet?.zoneId ?? null,
    region: regionOf(cell),
    endpoints: await endpointRows(ledger, head, { known, waiting, place }),
    targets: known === undefined ? 0 : known.fleet.targets.length,
    room: roomOf(head, newest),
    chain: [...fenceChain(head, seen, newest), logLink(newest, head)],
    writes: fenceWrites(newest),
    plans: knownPlans(head)
      .slice(0, PLANS_MAX)
      .map(({ whole: _, ...plan }) => plan),
    declared: state.fleet === null ? null : declaredBy(head, newest),
    next: nextCommands(cell, place),
  };
}

/** What is kept back of a cell. Other cells are read only where it declares names that nobody has yet. */
export async function waitingIn(
  ledger: Ledger,
  known: CellKnowledge,
  now: number,
): Promise<readonly KeptBackShown[]> {
  return keptBackShown(known, { claimed: await claimsForShow()(ledger, known), now });
}

/** The command that decides about what is kept back of an endpoint; none where a person cannot, or has. */
export function decisions(cell: CellName, held: KeptBackShown | undefined, place: string): readonly string[] {
  if (held === undefined || held.rejected !== null || isFatal(held)) return [];
  return [typed(`pawl plan approve ${cell} ${held.name} --digest ${held.digest}`, place)];
}

/** What is asked of a cell, as far as it can be judged. */
interface JudgedCell {
  readonly known: CellKnowledge | undefined;
  readonly waiting: readonly KeptBackShown[];
  readonly place: string;
}

async function endpointRows(ledger: Ledger, head: Head, { known, waiting, place }: JudgedCell) {
  const { cell, state } = head;
  const planAt = (ref: { readonly digest: string } | null): Promise<Plan | undefined> =>
    ref === null ? Promise.resolve(undefined) : getPlan(ledger, cell, ref.digest);
  const [applied, goal] = [await planAt(state.applied), await planAt(state.goal)];
  const declared = known?.fleet.endpoints.map(({ name }) => name) ?? [];
  const names = new Set([...planNames(applied), ...planNames(goal), ...declared]);
  const refused = obstaclesOf(state, known?.desired.now ?? 0).refused;
  return [...names].sort().map((name) => {
    const [answering, wanted] = [endpointOf(applied, name), endpointOf(goal, name)];
    const held = waiting.find((each) => each.name === name);
    const shown = answering ?? wanted;
    return {
      name,
      kind: shown?.kind ?? known?.fleet.endpoints.find((each) => each.name === name)?.kind ?? null,
      ttl: shown?.ttl ?? null,
      floor: known?.fleet.endpoints.find((each) => each.name === name)?.floor ?? null,
      answers: answering !== undefined,
      shares: endpointShares(name, answering, held === undefined ? wanted : held.after),
      absent: absentTargets(answering, known),
      keptBack: held === undefined ? null : waitingDocument(held),
      decide: decisions(cell, held, place),
      refused: refused.find((each) => each.name === name) ?? null,
    };
  });
}

/** Targets of the fleet that answer nothing of an endpoint, and why. */
function absentTargets(answering: PlannedEndpoint | undefined, known: CellKnowledge | undefined) {
  if (answering === undefined) return [];
  return explainedTargets(answering, known?.desired)
    .filter(({ records }) => records.length === 0)
    .map(({ target, az, why }) => ({ target, az, why }));
}

function planNames(plan: Plan | undefined): readonly DnsName[] {
  return plan?.endpoints.map(({ name }) => name) ?? [];
}

function endpointOf(plan: Plan | undefined, name: DnsName): PlannedEndpoint | undefined {
  return plan?.endpoints.find((each) => each.name === name);
}

/** How full the zone was at the last survey; null before the first. */
function roomOf({ state: { facts } }: Head, newest: Awaited<ReturnType<typeof chainEvents>>) {
  if (facts === null) return null;
  const { records, ours, recordLimit, delegations, conflicts } = facts;
  const survey = newest.findLast(({ event }) => event.type === 'ZoneSurveyed');
  return { records, ours: ours ?? null, recordLimit, delegations, conflicts, surveyedAt: survey?.at ?? null };
}

function declaredBy({ state: { fleet } }: Head, newest: Awaited<ReturnType<typeof chainEvents>>) {
  const event = newest.findLast((each) => each.event.type === 'FleetDeclared');
  return { at: fleet?.at ?? null, by: event?.by ?? null };
}

function nextCommands(cell: CellName, place: string): readonly string[] {
  return [`pawl history --cell ${cell} --follow`, `pawl audit ${cell}`, `pawl plan --cell ${cell}`].map(
    (line) => typed(line, place),
  );
}
