import type { CellName, DnsName } from '../plan/names.ts';
import type { CellScope } from '../plan/owned-names.ts';
import { cellOfName, parseOwnedName } from '../plan/owned-names.ts';
import type { AnswerIndex } from '../rules/alias-index.ts';
import { failingAliases } from '../rules/failing-aliases.ts';
import { isProvenByBatch, lostPointers } from '../rules/lost-pointers.ts';
import { findingOf } from './finding.ts';
import { put } from './journal.ts';
import { scopeIn } from './name-place.ts';
import type { TrailedSwap } from './trail-batch.ts';
import type { TrailEvent } from './trail-event.ts';
import type { KeyedChange, ZoneModel, ZonePart } from './zone-model.ts';
import { partAround, standingAt } from './zone-model.ts';
import type { MissingAnswer, ZoneTrail } from './zone-trail.ts';
import { fenceKey, ownCell } from './zone-trail.ts';

/** What a batch touched: names by `name type`. */
export type Touched = ReadonlyMap<string, DnsName>;

/** Which of these stood before a batch. */
export type Before = ReadonlySet<string>;

export function standingBefore(model: ZoneModel, changes: readonly KeyedChange[]): Before {
  const before = new Set<string>();
  for (const { key } of changes) if (model.sets.has(key)) before.add(key);
  return before;
}

/** Holds what an accepted batch did to answers against I2 and I3. */
export function judgeAnswers(
  trail: ZoneTrail,
  event: TrailEvent,
  {
    touched,
    before,
    byHand,
    unfenced,
  }: {
    readonly touched: Touched;
    readonly before: Before;
    readonly byHand: boolean;
    /** The changes of a batch that went past the fence: what it takes away no plan gave up. */
    readonly unfenced: readonly KeyedChange[];
  },
): void {
  const { model } = trail;
  const gone = [...before].filter((key) => !model.sets.has(key));
  noteHands(trail, { touched, gone, byHand });
  const part = partAround(model, touched);
  // Where no alias leads to what was touched, and none is in it, no answer has changed.
  const scopes = part.aliases.length === 0 ? [] : cellsOf(trail, part.seen.values());
  for (const scope of scopes) {
    if (gone.length > 0) judgePointed(trail, event, { scope, part, before, gone, byHand });
    judgeMissing(trail, event, scope, part, byHand);
  }
  for (const key of touched.keys()) {
    const isThere = model.sets.get(key)?.some(({ alias }) => alias === undefined) === true;
    const found = trail.missing.get(key);
    // A root that was deleted answers again with whatever stands there; of an alias judgeMissing has said so.
    if (found?.isDeleted === true ? isThere : found !== undefined && !model.sets.has(key))
      endMissing(trail, key, event);
  }
  for (const change of unfenced)
    if (change.action === 'DELETE' && !model.sets.has(change.key))
      noteDeletedRoot(trail, event, change, byHand);
}

/** An endpoint's root is gone, and no plan wanted that: its name has no answer until something stands there again. */
function noteDeletedRoot(
  trail: ZoneTrail,
  event: TrailEvent,
  { record, key }: KeyedChange,
  byHand: boolean,
): void {
  const { names, journal, missing } = trail;
  const target = record.alias?.name;
  const cell = target === undefined ? undefined : ownCell(trail, target);
  if (target === undefined || cell === undefined || !names.has(record.name)) return;
  put(journal, missing, key, {
    ...{ since: event, cell, name: record.name, target, byHand, isDeleted: true },
  });
}

/** A root that somebody deleted is missed no more once a plan is applied that has given its name up. */
export function endGivenUp(trail: ZoneTrail, event: TrailEvent, swaps: readonly TrailedSwap[]): void {
  for (const { scope, after } of swaps) {
    const owned = after.type === 'fence' ? trail.applied.get(fenceKey(scope.cell, after.fence)) : undefined;
    if (owned === undefined) continue;
    for (const [key, { cell, name, isDeleted }] of [...trail.missing])
      if (isDeleted && cell === scope.cell && !owned.includes(name)) endMissing(trail, key, event);
  }
}

/** What a hand took away or pointed elsewhere is remembered: what rests on it afterwards is not Pawl's doing. */
function noteHands(
  { model, journal, handGone, handMade }: ZoneTrail,
  { touched, gone, byHand }: { touched: Touched; gone: readonly string[]; byHand: boolean },
): void {
  for (const key of touched.keys())
    if (model.sets.has(key) && handGone.has(key)) put(journal, handGone, key, undefined);
  if (!byHand) return;
  for (const key of gone) put(journal, handGone, key, true);
  for (const key of touched.keys()) {
    for (const { alias } of model.sets.get(key) ?? [])
      if (alias !== undefined) put(journal, handMade, `${key} ${alias.name}`, true);
  }
}

/** The cells whose trees are among these names. */
function cellsOf(trail: ZoneTrail, names: Iterable<DnsName>): readonly CellScope[] {
  const cells = new Set<CellName>();
  for (const name of names) {
    const cell = ownCell(trail, name);
    if (cell !== undefined) cells.add(cell);
  }
  return [...cells].map((cell) => scopeIn(trail.zone, cell));
}

function judgePointed(
  trail: ZoneTrail,
  event: TrailEvent,
  {
    scope,
    part,
    before,
    gone,
    byHand,
  }: { scope: CellScope; part: ZonePart; before: Before; gone: readonly string[]; byHand: boolean },
): void {
  const wasThere = { there: new Set(gone) };
  const earlier: AnswerIndex = { there: before, aliases: part.aliases };
  for (const alias of lostPointers(wasThere, part, scope)) {
    const { key, target, needs } = alias;
    if (cellOfName(target, scope) !== scope.cell) continue;
    const isUnseen = trail.handMade.has(`${key} ${target}`) && !isProvenByBatch(alias, earlier, scope);
    trail.findings.push(
      findingOf('pointed', event, {
        ...{ zone: scope.zone, cell: scope.cell, byHand: byHand || isUnseen },
        what: `${needs} was deleted while ${key} pointed at it${isUnseen ? ', which a hand had pointed there' : ''}`,
      }),
    );
  }
}

function judgeMissing(
  trail: ZoneTrail,
  event: TrailEvent,
  scope: CellScope,
  part: ZonePart,
  byHand: boolean,
): void {
  const { missing, journal, handGone, flags, names, model } = trail;
  const declared = flags.has('hands') ? new Set(names.keys()) : undefined;
  const failing = failingAliases([part], scope, { unproven: new Set(), declared });
  const failed = new Set(failing.map(({ key }) => key));
  for (const { key, name, target } of failing) {
    if (missing.has(key)) continue;
    const isHands =
      byHand ||
      trail.handMade.has(`${key} ${target}`) ||
      [...part.seen.keys()].some((seen) => handGone.has(seen) && standingAt(model, seen) === 'absent');
    put(journal, missing, key, {
      ...{ since: event, cell: scope.cell, name, target, byHand: isHands, isDeleted: false },
    });
  }
  for (const { key, target } of part.aliases) {
    if (!missing.has(key) || failed.has(key) || cellOfName(target, scope) !== scope.cell) continue;
    endMissing(trail, key, event);
  }
}

/** An answer is there again, or nobody can say any more whether it is. */
function endMissing(trail: ZoneTrail, key: string, event: TrailEvent | undefined): void {
  const found = trail.missing.get(key);
  if (found === undefined) return;
  put(trail.journal, trail.missing, key, undefined);
  trail.findings.push(missingFinding(trail, key, found, event?.at ?? null));
}

/** @param until null where it had not ended when the trail did. */
export function missingFinding(
  { zone: { zone } }: ZoneTrail,
  key: string,
  { since, cell, target, byHand, isDeleted }: MissingAnswer,
  until: number | null,
) {
  return findingOf('missing-answer', since, {
    ...{ zone, cell, byHand, until },
    what: isDeleted
      ? `${key} was deleted, so that the name had no such answer`
      : `${key} pointed at ${target}, which had no answer`,
  });
}

/** A tree that a janitor has deleted is never made again under its name, but by a hand. */
export function judgeRetired(
  trail: ZoneTrail,
  event: TrailEvent,
  scope: CellScope,
  { before, touched, isRetirement }: { before: Before; touched: Touched; isRetirement: boolean },
): void {
  const { model, journal, retired } = trail;
  for (const [key, name] of touched) {
    const stands = model.sets.has(key);
    const isGone = !stands && before.has(key) && isRetirement;
    if (isGone && parseOwnedName(name, scope)?.kind === 'tree') put(journal, retired, name, true);
    if (!stands || before.has(key) || !retired.has(name)) continue;
    put(journal, retired, name, undefined);
    trail.findings.push(
      findingOf('retired-again', event, {
        ...{ zone: scope.zone, cell: scope.cell },
        what: `the tree ${name} was retired, and is made again`,
      }),
    );
  }
}
