import { awaitedOf } from '../cell/gone-names.ts';
import { renewedFence } from '../cell/next-fence.ts';
import { firstBatch, inOrder, replacement } from '../cell/packing.ts';
import type { CommandNamed } from '../ledger/decider/commands.ts';
import { executeAt } from '../ledger/execute.ts';
import type { Head } from '../ledger/ledger.ts';
import type { BatchPart } from '../plan/batches.ts';
import type { FenceReading } from '../plan/fence.ts';
import { offersOfReturned, takenByOthers, takenByUs } from '../plan/handover.ts';
import type { CellName, DnsName } from '../plan/names.ts';
import { planOffers, recordsOfOffers } from '../plan/offers.ts';
import type { ZoneView } from '../plan/zone-view.ts';
import type { Again } from './attempt.ts';
import { attempt } from './attempt.ts';
import { confirmZone } from './confirm-zone.ts';
import type { EnactorDeps, Run } from './enactor.ts';
import { fenceKey, refusedParts } from './narrow-down.ts';
import type { Situation } from './next-step.ts';
import { occasionOf } from './record.ts';

// See docs/adr/0072-an-endpoint-is-handed-over.md.

/**
 * Records what the zone shows of endpoints that go over: whoever sent the batch may have died before it said so, and the
 * other cell's log nobody here reads. That an offer is gone is recorded from a counted listing alone, because an enactor
 * of the other cell could still take what stands; and only once this run has written the fence anew since it read that the
 * offer is withdrawn, because an enactor that read the log before could still make it. Each is appended at exactly the head
 * that was read before the zone: what has come and gone since is another handover.
 *
 * @returns `again` when the log has moved on by it, or the fence since.
 */
export async function recordHandovers(
  deps: EnactorDeps,
  run: Run,
  reading: FenceReading,
  head: Head,
  { fence, scope }: Pick<Situation, 'fence' | 'scope'>,
  view: ZoneView,
): Promise<Again | undefined> {
  const { state } = head;
  const fenceSeq = fence.seq;
  const given = takenByOthers(state.offers, view, scope);
  const offered = new Set(state.offers.map(({ name }) => name));
  // What this cell offers too has yet to go before it can come back.
  const comes = new Map([...awaitedOf(state)].filter(([name]) => !offered.has(name)));
  const taken = takenByUs(comes, view, scope);
  const commands: CommandNamed<'RecordGiven' | 'RecordTaken' | 'EndOffers'>[] = [
    ...byCell(given).map(([to, names]) => ({ type: 'RecordGiven', names, to, fenceSeq }) as const),
    ...byCell(taken).map(([from, names]) => ({ type: 'RecordTaken', names, from, fenceSeq }) as const),
  ];
  const ended = state.offers.flatMap(({ name, withdrawn }) =>
    withdrawn === true && !given.has(name) ? [name] : [],
  );
  const standing = (shown: ZoneView) => recordsOfOffers(shown, scope);
  if (ended.some((name) => !standing(view).has(name))) {
    const confirmed = await confirmZone(deps, run, reading);
    if (confirmed.type === 'moved') return 'again';
    const shown = confirmed.type === 'counted' ? standing(confirmed.view) : undefined;
    const names = shown === undefined ? [] : ended.filter((name) => !shown.has(name));
    const others = confirmed.type === 'counted' ? takenByOthers(state.offers, confirmed.view, scope) : given;
    const kept = names.filter((name) => !others.has(name));
    const isSettled = run.settledOffers?.fence === fenceKey(reading) ? run.settledOffers.names : NOBODY;
    if (kept.some((name) => !isSettled.has(name))) {
      if (await settleOffers(deps, run, reading, { fence, scope, state })) return 'again';
    } else if (kept.length > 0) commands.push({ type: 'EndOffers', names: kept });
  }
  for (const command of commands) {
    const { type } = await executeAt(deps.ledger, head, occasionOf(deps), command);
    if (type === 'appended' || type === 'lost') return 'again';
  }
  return undefined;
}

const NOBODY: ReadonlySet<DnsName> = new Set();

/**
 * Writes the fence anew with nothing beside it, so that nobody makes an offer any more who read the log before it was
 * withdrawn.
 *
 * @returns false where Route 53 refuses it: the run goes on without.
 */
async function settleOffers(
  deps: EnactorDeps,
  run: Run,
  reading: FenceReading,
  situation: Pick<Situation, 'fence' | 'scope' | 'state'>,
): Promise<boolean> {
  if (run.leavesOffers || areRefused(deps, run, reading, [])) return false;
  await sendOffers(deps, run, reading, situation, []);
  return true;
}

/** Whether Route 53 refuses these, so that the run leaves them. */
function areRefused(
  deps: EnactorDeps,
  run: Run,
  reading: FenceReading,
  parts: readonly BatchPart[],
): boolean {
  const refused = refusedParts(run, reading, 'offer', parts);
  if (refused === undefined) return false;
  deps.telemetry.note('offers refused', { cell: deps.writer.scope.cell, reason: refused.reason });
  run.leavesOffers = true;
  return true;
}

async function sendOffers(
  deps: EnactorDeps,
  run: Run,
  reading: FenceReading,
  { fence, scope, state }: Pick<Situation, 'fence' | 'scope' | 'state'>,
  batch: readonly BatchPart[],
): Promise<void> {
  const comment = `pawl offer ${scope.cell} by ${deps.writer.name}`;
  const next = renewedFence(fence);
  const write = { kind: 'offer', reading, next, changes: inOrder(batch), comment } as const;
  const outcome = await attempt(deps, run, write, batch);
  if (outcome.type === 'applied') {
    const withdrawn = state.offers.filter((offer) => offer.withdrawn === true).map(({ name }) => name);
    run.settledOffers = { fence: outcome.fence.nonce, names: new Set(withdrawn) };
  }
  run.readZone = true;
}

function byCell(names: ReadonlyMap<DnsName, CellName>): readonly (readonly [CellName, readonly DnsName[]])[] {
  const cells = new Map<CellName, DnsName[]>();
  for (const [name, cell] of names) {
    const known = cells.get(cell);
    if (known === undefined) cells.set(cell, [name]);
    else known.push(name);
  }
  return [...cells];
}

/**
 * Makes the offers in the zone those of the log, in one batch that writes the fence anew: whoever has decided under the
 * fence before it reads again. It comes after everything that the goal needs, and where Route 53 refuses it the run goes
 * on without.
 *
 * @returns undefined when there is nothing to do, or nothing that can be done.
 */
export async function seeToOffers(
  deps: EnactorDeps,
  run: Run,
  reading: FenceReading,
  { fence, scope, state, zone, gone }: Situation,
): Promise<Again | undefined> {
  if (zone.type === 'predicted' || run.leavesOffers) return undefined;
  const { view } = zone;
  const given = state.given.filter(({ name }) => gone.has(name));
  const wanted = [
    ...state.offers.filter(({ name, withdrawn }) => withdrawn !== true && !gone.has(name)),
    ...offersOfReturned(given, view, scope),
  ];
  const changes = planOffers(wanted, view, scope);
  const deletes = changes.deletes.map((record) =>
    replacement(`no ${record.name}`, { deletes: [record], creates: [] }),
  );
  const creates = changes.creates.map((record) =>
    replacement(record.name, { deletes: [], creates: [record] }),
  );
  const parts = [...deletes, ...creates];
  if (parts.length === 0) return undefined;
  if (areRefused(deps, run, reading, parts)) return undefined;
  await sendOffers(deps, run, reading, { fence, scope, state }, firstBatch(parts, inOrder));
  return 'again';
}
