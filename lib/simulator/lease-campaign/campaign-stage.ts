import type { HolderMemory } from '../../lease/holder.ts';
import { mayAct, NEW_HOLDER } from '../../lease/holder.ts';
import type { LeaseRow } from '../../lease/lease-row.ts';
import type { Tick } from '../../lease/lease-rule.ts';
import type { HearingZone, LeaseTable } from '../../lease/lease-table.ts';
import type { HeldLeases } from '../../lease/memory-leases.ts';
import { memoryLeases } from '../../lease/memory-leases.ts';
import { cellName } from '../../plan/names.ts';
import type { SeededDraw } from '../random/strategy.ts';
import { seededDraw } from '../random/strategy.ts';
import type { Agenda } from './agenda.ts';
import { agendaFrom } from './agenda.ts';
import type { CampaignHolder, CampaignWorld, FaultWindow } from './campaign-world.ts';

export const CAMPAIGN_CELL = cellName('use1-a');
/** 2025-10-20T06:48Z. */
const ZERO_MS = Date.UTC(2025, 9, 20, 6, 48);

/** A holder's process, and what it knows. */
export interface HolderSeat {
  readonly holder: CampaignHolder;
  memory: HolderMemory;
  /** One more at each start; 0 before the first. An older process answers nobody and asks nobody. */
  life: number;
  /** When the process began, true milliseconds since 1970. */
  bornMs: number;
  state: 'unborn' | 'alive' | 'down' | 'dead';
}

/** What a play has seen, so that a test can demand that it was there. */
export interface LeaseCampaignCounts {
  calls: number;
  lostAnswers: number;
  lateWrites: number;
  takeOvers: number;
  deafHearings: number;
  takenOut: number;
  periods: number;
}

/** Everything that the actors of a play share. */
export interface CampaignStage {
  readonly world: CampaignWorld;
  readonly agenda: Agenda;
  readonly draw: SeededDraw;
  readonly held: HeldLeases;
  /** The table itself, without the network. */
  readonly table: LeaseTable;
  readonly seats: readonly HolderSeat[];
  readonly counts: LeaseCampaignCounts;
  /** What happened last, oldest first. */
  readonly story: string[];
}

const STORY_MAX = 40;
/** Other numbers than the world's own. */
const PLAY_SEED = 7_919;

export function stageOf(world: CampaignWorld): CampaignStage {
  const held: HeldLeases = { ticks: new Map(), rows: new Map() };
  return {
    world,
    agenda: agendaFrom(ZERO_MS),
    draw: seededDraw(world.seed + PLAY_SEED),
    held,
    table: memoryLeases(held),
    seats: world.holders.map((holder) => ({
      ...{ holder, memory: NEW_HOLDER, life: 0, bornMs: 0 },
      state: 'unborn' as const,
    })),
    counts: {
      ...{ calls: 0, lostAnswers: 0, lateWrites: 0, takeOvers: 0, deafHearings: 0, takenOut: 0, periods: 0 },
    },
    story: [],
  };
}

/** The time of the agenda at a time of the world. */
export function timeOf(ms: number): number {
  return ZERO_MS + ms;
}

/** Milliseconds since the world's beginning. */
export function elapsed({ agenda }: CampaignStage): number {
  return agenda.now() - ZERO_MS;
}

export function tell(stage: CampaignStage, text: string): void {
  stage.story.push(`${(elapsed(stage) / 1_000).toFixed(1)} s: ${text}`);
  if (stage.story.length > STORY_MAX) stage.story.shift();
}

export function zoneOf(az: string): HearingZone {
  return { cell: CAMPAIGN_CELL, az };
}

export function tickOf({ held }: CampaignStage, az: string): Tick | undefined {
  return held.ticks.get(`${CAMPAIGN_CELL} ${az}`);
}

export function rowsOf({ held }: CampaignStage, az: string): ReadonlyMap<string, LeaseRow> {
  return new Map((held.rows.get(`${CAMPAIGN_CELL} ${az}`) ?? []).map((row) => [row.group, row]));
}

/** What a holder's stopwatch says, milliseconds. */
export function stopwatchOf({ agenda }: CampaignStage, { bornMs, holder }: HolderSeat): number {
  return ((agenda.now() - bornMs) * holder.permille) / 1_000;
}

/** The names of those who are inside their time for a group. */
export function actingFor(stage: CampaignStage, az: string, group: string): readonly string[] {
  return stage.seats
    .filter((seat) => seat.holder.group === group && seat.holder.az === az)
    .filter((seat) => seat.state === 'alive' && mayAct(seat.memory, stopwatchOf(stage, seat)))
    .map(({ holder }) => holder.name);
}

/** Whether a fault of a kind is there for someone, in a zone or at all. */
export function isFaulty(
  stage: CampaignStage,
  what: FaultWindow['what'],
  { who, group }: { readonly who: 'holders' | 'planners'; readonly group?: string | undefined },
  az?: string,
): boolean {
  const now = elapsed(stage);
  return stage.world.windows.some(
    (window) =>
      window.what === what &&
      (what === 'no-planners' || window.whose === who || window.whose === 'everybody') &&
      (az === undefined || window.az === undefined || window.az === az) &&
      (window.groups === undefined || (group !== undefined && window.groups.has(group))) &&
      now >= window.fromMs &&
      now < window.toMs,
  );
}
