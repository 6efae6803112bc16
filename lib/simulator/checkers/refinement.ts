import { canonicalJson } from '../../plan/canonical.ts';
import { readFenceRecords } from '../../plan/fence.ts';
import { invariant } from '../../plan/invariant.ts';
import type { CellName } from '../../plan/names.ts';
import type { CellScope } from '../../plan/owned-names.ts';
import type { RecordSet } from '../../plan/records.ts';
import type { Structure } from '../../proof/evaluate.ts';
import { alteredNodes, isBetweenCells } from './after-hands.ts';
import { batchStructure, zoneAfter } from './refined-batch.ts';
import type { LogKnowledge } from './refined-log.ts';
import { coversKnowledge, knowledgeKey, knowledgeOf, refinedPlan, usefulKnowledge } from './refined-log.ts';
import type { Read, RefinedBatch } from './refined-names.ts';
import type { ComparedStep } from './refined-steps.ts';
import { BATCH_STEPS, isHeld, sentenceOf, strayEffect } from './refined-steps.ts';
import type { RefinedZone, ZoneChange } from './refined-zone.ts';
import { cellOf, changeBetween, endpointOf, refinedZone, targetOf } from './refined-zone.ts';
import type { CellLooks, Checker, Commit } from './zone-history.ts';

/** What writers may have read of one cell since its fence stood. What the log says now is not in it. */
interface Memory {
  /** What the log said earlier, and does not say any more. */
  readonly logs: readonly LogKnowledge[];
  /** The same of whoever wrote the fence, which goes on under it without reading the log again. */
  readonly carried: { readonly by: string; readonly logs: readonly LogKnowledge[] } | undefined;
  /** The seq of the fence by which a root was moved last. */
  readonly movedAt: number | undefined;
  /** The listings before the changes that hands have made. */
  readonly listings: readonly (readonly RecordSet[])[];
  /** A fence that has returned may have been read at any time. */
  readonly isReturned: boolean;
  /** Roots and nodes that a hand has changed, or that went back, and that no batch has changed as a whole since. */
  readonly touched: ReadonlySet<string>;
  /** Endpoints whose roots a hand has ever moved. */
  readonly handled: ReadonlySet<string>;
}

const NOTHING: Memory = {
  ...{ logs: [], carried: undefined, movedAt: undefined, listings: [] },
  ...{ isReturned: false, touched: new Set(), handled: new Set() },
};

/** How many steps are named that come near to what a batch has done. */
const NEAREST = 3;

/** Somebody is told which step each batch was. */
export type Matched = (step: string) => void;

/**
 * The production code does nothing that the proven protocol cannot: every batch of a cell is a step of
 * lib/proof/cells/steps.ts, and its guards hold. They are asked in the words of the proof itself. What a batch's writer
 * knew is taken from what it can have read since the fence stood that the batch deletes
 * (docs/adr/0084-the-code-is-held-to-the-proof.md).
 */
export function refinement(
  {
    scope,
    looks,
    matched,
  }: { readonly scope: CellScope; readonly looks: CellLooks; readonly matched?: Matched | undefined },
  memory: Memory = NOTHING,
): Checker {
  let { logs, carried, movedAt, listings, isReturned, touched, handled } = memory;
  const forget = (): void => {
    logs = [];
    carried = undefined;
    listings = [];
    isReturned = false;
  };
  const disturbed = ({ before, after }: Commit): void => {
    const change = changeBetween(refinedZone(before, scope), refinedZone(after, scope), scope);
    touched = new Set([...touched, ...namesIn(change)]);
    handled = new Set([...handled, ...[...change.moves].flatMap((root) => endpointOf(root, scope) ?? [])]);
    // Whoever knows what stands there now has read it since.
    if (change.fences.includes(scope.cell)) {
      forget();
      movedAt = undefined;
    } else if (isReadable(change)) listings = [...listings, before];
  };
  return {
    name: 'refinement',
    tampered: disturbed,
    returned: (commit) => {
      disturbed(commit);
      isReturned = true;
    },
    check: (commit) => {
      const { before, after, by, answerable } = commit;
      const [was, is] = [refinedZone(before, scope), refinedZone(after, scope)];
      const change = changeBetween(was, is, scope);
      if (writerCell(change, was, is, scope) === scope.cell) {
        const batch = batchOf(
          looks,
          { scope, before: was, after: is, change, touched, handled, movedAt },
          answerable,
        );
        const now = knowledgeOf(batch.state, scope);
        const own = [...logs, ...(carried?.by === by ? carried.logs : [])];
        const heard = [now, ...own, ...(isReturned ? [undefined] : [])];
        const seen = [was, ...listings.map((listing) => refinedZone(listing, scope))];
        const reads = heard.flatMap((log) => seen.map((zone): Read => ({ log, zone })));
        matched?.(assertStep(batch, reads, by));
        forget();
        // What another cell takes does not count: docs/verification.md says why.
        if (change.moves.size > 0) movedAt = seqAt(is, scope);
        // Whoever points roots has read the log again since its last batch.
        const kept = own
          .map((log) => usefulKnowledge({ ...log, staged: new Set() }, movedAt))
          .filter((log) => !coversKnowledge(now, log));
        carried = kept.length === 0 ? undefined : { by, logs: kept };
      } else if (change.fences.includes(scope.cell)) forget();
      const changed = namesIn(change);
      touched = new Set([...touched].filter((name) => !changed.has(name) || keepsSome(was, is, name)));
    },
    appended: (before, head) => {
      const earlier = knowledgeOf(before.state, scope);
      const now = knowledgeOf(head.state, scope);
      const isLost = (known: LogKnowledge): boolean => !coversKnowledge(now, known);
      logs = [...logs, usefulKnowledge(earlier, movedAt)].filter(isLost);
      if (carried !== undefined) {
        const own = carried.logs.filter(isLost);
        carried = own.length === 0 ? undefined : { by: carried.by, logs: own };
      }
    },
    clone: (copy) =>
      refinement(
        { scope, looks: copy, matched },
        {
          ...{ logs, carried, movedAt, listings, isReturned, touched, handled },
        },
      ),
    key: () =>
      [
        isReturned ? 'returned' : '',
        [...touched].sort().join('+'),
        [...handled].sort().join('+'),
        movedAt ?? '',
        ...logs.map(knowledgeKey),
        ...(carried === undefined ? [] : [carried.by, ...carried.logs.map(knowledgeKey)]),
        // Not a fingerprint: a search reads names of actors in it.
        ...listings.map((listing) => listing.map((record) => canonicalJson(record)).join()),
      ].join(),
  };
}

function batchOf(
  looks: CellLooks,
  seen: Pick<RefinedBatch, 'scope' | 'before' | 'after' | 'change' | 'touched' | 'handled' | 'movedAt'>,
  [oldest]: Commit['answerable'],
): RefinedBatch {
  const { scope, after } = seen;
  return {
    ...seen,
    state: looks.peek(),
    scopes: looks.zone?.scopes ?? [scope],
    everywhere: oldest === undefined ? after : refinedZone(oldest, scope),
    peekAt: (cell: CellName) => looks.zone?.peekAt(cell) ?? looks.peek(),
    planOf: (digest) => {
      const text = looks.body(digest);
      return text === undefined ? undefined : refinedPlan(text, scope);
    },
    isInsync: looks.isInsync,
  };
}

/** The step that a batch is. The theory's hands stay within a cell: what becomes of roots of two cells after one is one-owner.ts's. */
function assertStep(batch: RefinedBatch, reads: readonly Read[], by: string): string {
  const step = stepOf(batch, reads);
  if (typeof step === 'string') return step;
  const failing = isBetweenCells(batch) ? '' : tell(step);
  invariant(failing === '', `refinement: a batch of ${by} is no step of the proof: ${failing}`);
  return 'between cells after a hand';
}

/** The cell whose writer has sent a batch: that whose fence it moves; of two the one to whose trees it points roots. */
function writerCell(
  change: ZoneChange,
  before: RefinedZone,
  after: RefinedZone,
  scope: CellScope,
): CellName | undefined {
  const [first, second] = change.fences;
  if (first !== undefined && second === undefined) return first;
  const targetsIn = (zone: RefinedZone) => [...change.moves].map((root) => targetOf(zone, root, scope) ?? '');
  const { makes, drops, mends, offers } = change;
  const names = [...targetsIn(after), ...makes, ...drops, ...mends, ...targetsIn(before), ...offers];
  return names
    .map((name) => (name === '' ? undefined : cellOf(name, scope)))
    .find((cell) => cell !== undefined);
}

function seqAt(zone: RefinedZone, { cell }: CellScope): number | undefined {
  const reading = readFenceRecords(zone.fences.get(cell) ?? []);
  return reading.type === 'fence' ? reading.fence.seq : undefined;
}

/** Whether anything has changed that a writer of the cell may have read. */
function isReadable({ makes, drops, mends, moves, offers }: ZoneChange): boolean {
  return makes.size + drops.size + mends.size + moves.size + offers.length > 0;
}

/** The roots and nodes that are changed. */
function namesIn({ makes, drops, mends, moves }: ZoneChange): ReadonlySet<string> {
  return new Set([...makes, ...drops, ...mends, ...moves]);
}

/** Whether a record stays beside what is changed at a node: a repair of one type leaves what a hand made of the other. */
function keepsSome(before: RefinedZone, after: RefinedZone, node: string): boolean {
  const stood = new Set(before.nodes.get(node));
  return after.nodes.get(node)?.some((record) => stood.has(record)) === true;
}

interface Failing {
  readonly step: string;
  readonly guards: readonly string[];
}

/** The name of the step that the batch is, or the steps that come nearest. */
function stepOf(batch: RefinedBatch, reads: readonly Read[]): string | readonly Failing[] {
  const after = zoneAfter(batch);
  const structures: Structure[] = [];
  for (const read of reads) {
    const structure = batchStructure(batch, read);
    structures.push(structure);
    const held = memoryOfGuards(structure);
    const found = BATCH_STEPS.find(
      (step) => step.guards.every(held) && failingOf(step, structure, after, batch).length === 0,
    );
    if (found !== undefined) return found.name;
  }
  const failing = BATCH_STEPS.map((step): Failing => {
    const tries = structures.map((structure) => failingOf(step, structure, after, batch));
    return {
      step: step.name,
      guards: tries.reduce((least, each) => (each.length < least.length ? each : least)),
    };
  });
  return failing.sort((a, b) => a.guards.length - b.guards.length).slice(0, NEAREST);
}

/** Steps share their guards, so each is asked once. */
function memoryOfGuards(structure: Structure): (guard: string) => boolean {
  const known = new Map<string, boolean>();
  return (guard) => {
    const holds = known.get(guard) ?? isHeld(guard, structure);
    known.set(guard, holds);
    return holds;
  };
}

/** What stands against a batch being this step, a sentence each. */
function failingOf(
  step: ComparedStep,
  structure: Structure,
  after: Structure['symbols'],
  batch: RefinedBatch,
): readonly string[] {
  const { others } = batch.change;
  const guards = step.guards.filter((guard) => !isHeld(guard, structure));
  const stray = strayEffect(step, structure, after);
  return [
    ...guards.map((guard) => `${guard} (${sentenceOf(guard)})`),
    ...(stray === undefined ? [] : [`the step leaves "${stray}" otherwise`]),
    ...alteredNodes(step.name, batch),
    ...(step.demands?.(batch) ?? []),
    ...(others.length === 0 ? [] : [`it changes ${others.join()}, which is not Pawl's`]),
  ];
}

function tell(failing: readonly Failing[]): string {
  return failing
    .map(({ step, guards }) => `it is not "${step}", for it lacks ${guards.join('; ')}`)
    .join(' — ');
}
