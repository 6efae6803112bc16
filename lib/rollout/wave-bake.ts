import type { CellName } from '../plan/names.ts';
import type { RolloutDeps, RolloutRequest, WaveFinding } from './rollout.ts';
import type { CellVerdict } from './wave-verdict.ts';
import { APPLIED_WITHIN_MS } from './wave-verdict.ts';
import type { AuditSeen } from './wave-watch.ts';
import { AlarmsUnseen } from './wave-watch.ts';

/** What one run of a rollout has seen of a wave that bakes. */
export interface BakingBegun {
  /** What was told to be the end of the bake. */
  readonly told?: number | undefined;
  /** When its cells were audited last, milliseconds since 1970. */
  readonly auditedAt?: number | undefined;
}

export function bakingBegun(): BakingBegun {
  return {};
}

export interface BakingWave {
  readonly number: number;
  readonly wave: readonly CellName[];
  /** Of each cell of the wave. */
  readonly verdicts: readonly CellVerdict[];
  readonly begun: BakingBegun;
  /** Just before the ledgers were read, milliseconds since 1970: a bake that was not over then is looked at again. */
  readonly now: number;
}

/** `looks`: look again in so many milliseconds at the latest. */
export type Baking =
  | { readonly type: 'looks'; readonly nextMs: number; readonly begun: BakingBegun }
  | { readonly type: 'baked' }
  | { readonly type: 'bad'; readonly findings: readonly WaveFinding[] }
  | { readonly type: 'stopped'; readonly reason: string };

/** An audit reads whole zones, so not every look makes one; at most this far apart, milliseconds. */
const AUDITS_APART_MS = 300_000;

/**
 * One look at a wave of which every cell is declared, and nothing in the ledgers speaks against it: asks the alarms, and
 * audits the cells once all of them are applied, now and then, and when the bake is over. The wave has baked when that
 * last audit found nothing.
 *
 * @throws ZoneUnavailable, LedgerUnavailable when no audit can be made.
 */
export async function baking(
  deps: RolloutDeps,
  { bakeMs, tell }: RolloutRequest,
  { number, wave, verdicts, begun, now }: BakingWave,
): Promise<Baking> {
  const own = wave.filter((_, index) => !isOld(verdicts[index]));
  const rings = await ringing(deps, own);
  if (typeof rings === 'string') return { type: 'stopped', reason: rings };
  if (rings.length > 0) return { type: 'bad', findings: rings };
  if (verdicts.some(({ type }) => type === 'waits')) return { type: 'looks', nextMs: bakeMs, begun };
  const until = Math.max(...verdicts.map(untilOf));
  const isOver = now >= until;
  if (!isOver && begun.told !== until) tell({ type: 'bakes', wave: number, until });
  const { auditedAt = 0 } = begun;
  const apartMs = Math.min(AUDITS_APART_MS, bakeMs);
  if (!isOver && now < auditedAt + apartMs)
    return { type: 'looks', nextMs: until - now, begun: { ...begun, told: until } };
  const seen = await audits(deps, own);
  const wrong = seen.flatMap(({ findings }) => findings);
  if (wrong.length > 0) return { type: 'bad', findings: wrong };
  const restless = seen.flatMap(({ cell, settled }) => (settled ? [] : [cell]));
  if (restless.length === 0 && isOver) return { type: 'baked' };
  if (now > until + APPLIED_WITHIN_MS) return { type: 'bad', findings: restless.map(unsettled) };
  // What moved while it was audited is audited again at the next look.
  const audited = restless.length === 0 ? now : begun.auditedAt;
  return { type: 'looks', nextMs: isOver ? bakeMs : until - now, begun: { told: until, auditedAt: audited } };
}

function isOld(verdict: CellVerdict | undefined): boolean {
  return verdict?.type === 'baked' && verdict.longAgo;
}

function untilOf(verdict: CellVerdict): number {
  return verdict.type === 'bakes' || verdict.type === 'baked' ? verdict.until : 0;
}

function unsettled(cell: CellName): WaveFinding {
  return { code: 'unsettled', cell, says: 'it moves whenever it is audited' };
}

/** What rings in these cells; a sentence where nobody says it. */
export async function ringing(
  { watch }: RolloutDeps,
  cells: readonly CellName[],
): Promise<readonly WaveFinding[] | string> {
  try {
    const alarms = (await watch.ringing(cells)) ?? [];
    return alarms.map((alarm) => ({ code: 'alarm', says: `the alarm ${alarm} rings` }));
  } catch (error) {
    if (error instanceof AlarmsUnseen) return error.message;
    throw error;
  }
}

interface AuditedWaveCell extends Pick<AuditSeen, 'settled'> {
  readonly cell: CellName;
  readonly findings: readonly WaveFinding[];
}

async function audits(
  { watch }: RolloutDeps,
  cells: readonly CellName[],
): Promise<readonly AuditedWaveCell[]> {
  const seen: AuditedWaveCell[] = [];
  for (const cell of cells) {
    const { settled, wrong } = await watch.audit(cell);
    seen.push({ cell, settled, findings: wrong.map((each) => ({ ...each, cell })) });
  }
  return seen;
}
