import { fleetBody } from '../cell/cell-bodies.ts';
import type { BodyDigest } from '../ledger/decider/events.ts';
import type { Head } from '../ledger/ledger.ts';
import { foreseePush } from '../operator/foresee-push.ts';
import { pushFleet, standingDigest } from '../operator/push-fleet.ts';
import { sha256 } from '../plan/canonical.ts';
import type { CellName } from '../plan/names.ts';
import type { CellFacts } from './cell-facts.ts';
import { cellFacts } from './cell-facts.ts';
import type { CellStory } from './cell-story.ts';
import { earlierOf, isBroughtBack, isTakenBack, readStory } from './cell-story.ts';
import { heldBefore } from './foreseen-waves.ts';
import type { RolledOut, RolloutDeps, RolloutRequest } from './rollout.ts';
import { undoWave } from './undo-wave.ts';
import { baking, bakingBegun, ringing } from './wave-bake.ts';
import { movesInWaves } from './wave-order.ts';
import type { CellVerdict } from './wave-verdict.ts';
import { cellVerdict, isEarlierPush, stoppedBy } from './wave-verdict.ts';

/** What a rollout remembers while it runs. Nothing of it is needed to go on after it was broken off. */
interface Remembered {
  readonly deps: RolloutDeps;
  readonly request: RolloutRequest;
  readonly targets: ReadonlyMap<CellName, BodyDigest>;
  /** The fleet that stood in each cell when the rollout was begun or gone on with; null where none did. */
  readonly standing: ReadonlyMap<CellName, BodyDigest | null>;
}

/**
 * Hands the fleets of a file to one wave of cells after the other: declares them, waits until they are applied, watches
 * them for as long as a bake takes, and goes on only if nothing went wrong. If something did, the cells of this wave are
 * rolled back, and those of the waves after it never see the file.
 *
 * All that it goes by is in the ledgers: the same rollout, begun again, goes on where it was broken off. A rollout that
 * finds another one at work is refused. See docs/adr/0073-waves-are-read-off-the-ledgers.md.
 *
 * @throws LedgerUnavailable, BodyDamaged when the ledger cannot be read, ZoneUnavailable when no audit can be made.
 */
export async function rollOut(deps: RolloutDeps, request: RolloutRequest): Promise<RolledOut> {
  const { cells, expected, functionsRead, waves } = request;
  const shown = await pushFleet(deps, { cells, apply: false, expected, functionsRead });
  if (shown.type !== 'done') return shown;
  const heads = new Map<CellName, Head>();
  for (const { cell } of cells) heads.set(cell, await deps.ledger.head(cell));
  const targets = new Map(cells.map((fleet) => [fleet.cell, sha256(fleetBody(fleet))] as const));
  const standing = new Map(
    [...heads].map(([cell, { state }]) => [cell, state.fleet?.digest ?? null] as const),
  );
  const remembered = { deps, request, targets, standing };
  const why = movesInWaves(shown) ?? (await unbakedElsewhere(remembered, heads));
  if (why !== undefined) return { type: 'refused', reason: why };
  for (const [index, wave] of waves.entries()) {
    const end = await rollOutWave(remembered, wave, index + 1);
    if (end !== undefined) return end;
  }
  return { type: 'done' };
}

/**
 * Another push at work: a cell got another fleet than this one, less than a bake ago. A fleet that was brought back is
 * none: it has stood before.
 */
async function unbakedElsewhere(
  { deps, request, targets }: Remembered,
  heads: ReadonlyMap<CellName, Head>,
): Promise<string | undefined> {
  for (const [cell, head] of heads) {
    const { fleet } = head.state;
    if (fleet === null || fleet.digest === targets.get(cell)) continue;
    const until = fleet.at + request.bakeMs;
    if (deps.clock.now() >= until || (await isBroughtBack(deps.ledger, head))) continue;
    const from = new Date(fleet.at).toISOString();
    return `Cell ${cell} got another fleet at ${from}, less than a bake of ${request.bakeMs / 1_000} s ago: that may be another rollout. Finish that one, or wait until ${new Date(until).toISOString()}.`;
  }
  return undefined;
}

/** One wave, from whatever it has reached; undefined once the next one may begin. */
async function rollOutWave(
  remembered: Remembered,
  wave: readonly CellName[],
  number: number,
): Promise<RolledOut | undefined> {
  const { deps, request } = remembered;
  const { clock, lookMs } = deps;
  let begun = bakingBegun();
  for (;;) {
    const other = await otherFleet(remembered, number);
    if (other !== undefined) return { type: 'stopped', wave: number, reason: other };
    // Before the logs are read: what they learn afterwards is of no bake that is over by then.
    const now = clock.now();
    const { facts, verdicts } = await judged(remembered, wave, now);
    const findings = verdicts.flatMap((verdict) => (verdict.type === 'bad' ? verdict.findings : []));
    if (findings.length > 0) return goBack(remembered, number, findings);
    const stops = verdicts.find((verdict) => verdict.type === 'stopped');
    if (stops !== undefined) return { type: 'stopped', wave: number, reason: stops.says };
    const missing = wave.filter((_, index) => verdicts[index]?.type === 'undeclared');
    if (missing.length > 0) {
      const trouble = await declare(remembered, facts, missing, number);
      if (trouble !== undefined) return trouble;
      continue;
    }
    if (verdicts.every(isLongBaked)) {
      request.tell({ type: 'baked-before', wave: number, cells: wave });
      return undefined;
    }
    const looked = await baking(deps, request, { number, wave, verdicts, begun, now });
    if (looked.type === 'bad') return goBack(remembered, number, looked.findings);
    if (looked.type === 'stopped') return { ...looked, wave: number };
    if (looked.type === 'baked') {
      // An audit takes its time, and a role may have recorded in it what speaks against the wave.
      const after = await judged(remembered, wave, now);
      if (!after.verdicts.every(({ type }) => type === 'baked')) continue;
      request.tell({ type: 'baked', wave: number, cells: wave });
      return undefined;
    }
    begun = looked.begun;
    if (!(await slept(deps, request, Math.min(lookMs, looked.nextMs))))
      return { type: 'interrupted', wave: number };
  }
}

/** What the logs say of each cell of the wave. */
async function judged(
  remembered: Remembered,
  wave: readonly CellName[],
  now: number,
): Promise<{ readonly facts: readonly CellFacts[]; readonly verdicts: readonly CellVerdict[] }> {
  const facts = await factsOf(remembered, wave);
  const times = { now, bakeMs: remembered.request.bakeMs };
  return { facts, verdicts: facts.map((each) => cellVerdict(each, times)) };
}

function isLongBaked(verdict: CellVerdict): boolean {
  return verdict.type === 'baked' && verdict.longAgo;
}

async function factsOf(
  { deps, targets }: Remembered,
  wave: readonly CellName[],
): Promise<readonly CellFacts[]> {
  const facts: CellFacts[] = [];
  for (const cell of wave) facts.push(await cellFacts(deps, cell, targets.get(cell) ?? ''));
  return facts;
}

/**
 * A cell in which another fleet stands than the rollout has found or declared: somebody pushes at the same time. One of
 * the two has to stop, and it is whoever sees it.
 */
async function otherFleet(
  { deps, request, targets, standing }: Remembered,
  number: number,
): Promise<string | undefined> {
  for (const [index, wave] of request.waves.entries()) {
    for (const cell of wave) {
      const { state } = await deps.ledger.head(cell);
      const found = state.fleet?.digest ?? null;
      const target = targets.get(cell);
      const isOurs = found === target || (index + 1 >= number && found === standing.get(cell));
      if (isOurs) continue;
      return `somebody pushed another fleet for cell ${cell} in between: a rollout at the same time, or a push of that cell alone. Look at "pawl history --cell ${cell} --type FleetDeclared"`;
    }
  }
  return undefined;
}

/** Declares the fleets of the wave's cells that do not have them, if nothing stands in the way. */
async function declare(
  { deps, request, standing }: Remembered,
  facts: readonly CellFacts[],
  missing: readonly CellName[],
  number: number,
): Promise<RolledOut | undefined> {
  const stops = await firstStop(deps, facts, missing);
  if (stops !== undefined) return { type: 'stopped', wave: number, reason: stops };
  const rings = await ringing(deps, missing);
  if (typeof rings === 'string') return { type: 'stopped', wave: number, reason: rings };
  const [alarm] = rings;
  if (alarm !== undefined) {
    const reason = `${alarm.says} before this wave has begun, and a bake could not tell what it does from that`;
    return { type: 'stopped', wave: number, reason };
  }
  const cells = request.cells.filter(({ cell }) => missing.includes(cell));
  const { source } = deps;
  const { functionsRead } = request;
  const waits = heldBefore(await foreseePush(deps, { cells, source, functionsRead }));
  if (waits !== undefined) return { type: 'stopped', wave: number, reason: waits };
  if (request.signal?.aborted === true) return { type: 'interrupted', wave: number };
  // What stood when the rollout looked is what it may replace.
  const expected = standingDigest(missing.map((cell) => [cell, standing.get(cell) ?? null]));
  const pushed = await pushFleet(deps, { cells, apply: true, expected, functionsRead });
  if (pushed.type === 'refused')
    return { type: 'stopped', wave: number, reason: pushed.reason.replace(/\.$/, '') };
  if (pushed.type === 'unknown') return pushed;
  request.tell({ type: 'declared', wave: number, cells: missing });
  return undefined;
}

/** Why a person has to let one of the cells go on before the wave begins. */
async function firstStop(
  deps: RolloutDeps,
  facts: readonly CellFacts[],
  missing: readonly CellName[],
): Promise<string | undefined> {
  for (const { cell, head } of facts) {
    const stops = stoppedBy(head);
    if (stops === undefined) continue;
    const story = missing.includes(cell) ? await readStory(deps.ledger, head) : undefined;
    return (story === undefined ? undefined : takenBack(head, story)) ?? stops;
  }
  return undefined;
}

/**
 * What a person is told where the fleet that stands was taken back: to resume first would have the planner bring it
 * about.
 */
function takenBack({ cell, state: { rescue, frozen } }: Head, story: CellStory): string | undefined {
  if (rescue !== null || frozen !== null || !isTakenBack(story)) return undefined;
  const earlier = earlierOf(story);
  const first =
    earlier === undefined
      ? 'push the mended file with --all-at-once'
      : `"pawl fleet push --from-ledger ${cell}@${earlier}"`;
  return `the fleet that stands in cell ${cell} was taken back, and its planner is paused, which would bring it about: first ${first}, then "pawl resume ${cell}"`;
}

/** Takes the cells of this wave back, and no others: those before it have baked, and those after it never saw the file. */
async function goBack(
  { deps, request, targets }: Remembered,
  number: number,
  findings: Extract<RolledOut, { type: 'rolled-back' }>['findings'],
): Promise<RolledOut> {
  const wave = request.waves[number - 1] ?? [];
  const facts = await factsOf({ deps, request, targets, standing: new Map() }, wave);
  const times = { now: deps.clock.now(), bakeMs: request.bakeMs };
  const isOwn = (each: CellFacts) => !isEarlierPush(each, times) || cellVerdict(each, times).type === 'bad';
  const own = facts.filter(isOwn).map(({ cell }) => cell);
  const undone = await undoWave(
    deps,
    own.map((cell) => ({ cell, target: targets.get(cell) ?? '' })),
  );
  if ('type' in undone) return undone;
  const unseen = request.waves.slice(number).flat();
  return { type: 'rolled-back', wave: number, findings, cells: undone, unseen };
}

async function slept({ clock }: RolloutDeps, { signal }: RolloutRequest, ms: number): Promise<boolean> {
  try {
    await clock.sleep(ms, signal);
    return true;
  } catch (error) {
    if (signal?.aborted === true) return false;
    throw error;
  }
}
