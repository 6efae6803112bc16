import type { CampaignWorld, MembersOut } from './campaign-world.ts';
import { groupNames, MINUTE_MS, ZONES } from './campaign-world.ts';

/** So many groups a zone: 15 % of them are six. */
const GROUPS_A_ZONE = 40;
const LOSS_PERCENT_A_MINUTE = 0.6;
/** It begins once the zones are at rest. */
const FROM_MS = 10 * MINUTE_MS;
/** In an hour more than a third of each zone would be gone. */
const LOSS_MS = 60 * MINUTE_MS;
const REST_MS = 15 * MINUTE_MS;

/** How a group is lost: its holder dies, or says of all its members that they are out. */
export type SlowLoss = 'silent' | 'out';

/** Three zones at once that lose their groups little by little, without any other fault. */
export function slowLossWorld(how: SlowLoss): CampaignWorld {
  const zones = ZONES.map((az) => ({ az, declared: groupNames(az, GROUPS_A_ZONE) }));
  const groups = zones.flatMap(({ az, declared }) => declared.map((group, at) => ({ az, group, at })));
  const endsMs = FROM_MS + LOSS_MS + REST_MS;
  const losses = groups.map(({ az, group, at }, holder) => ({ az, group, holder, atMs: lostAt(at) }));
  const lost = losses.filter(({ atMs }) => atMs < FROM_MS + LOSS_MS);
  return {
    seed: 0,
    everyMs: MINUTE_MS,
    zones,
    holders: groups.map(({ az, group, at }) => ({
      ...{ name: `h-${at}`, az, group, permille: 1_000, beginsMs: (at * MINUTE_MS) / GROUPS_A_ZONE },
    })),
    planners: [
      { name: 'planner-0', aheadMs: 0, phaseMs: 7_000 },
      { name: 'planner-1', aheadMs: 2_000, phaseMs: 37_000 },
    ],
    windows: [],
    deaths: how === 'silent' ? lost.map(({ holder, atMs }) => ({ holder, atMs, backMs: undefined })) : [],
    outs:
      how === 'out'
        ? lost.map(
            ({ az, group, atMs }): MembersOut => ({
              az,
              groups: new Set([group]),
              fromMs: atMs,
              toMs: endsMs,
            }),
          )
        : [],
    calmMs: FROM_MS + LOSS_MS,
    endsMs,
  };
}

/** When the group at a place of its zone is lost, milliseconds. */
function lostAt(at: number): number {
  return FROM_MS + Math.round(((at + 1) * MINUTE_MS) / ((GROUPS_A_ZONE * LOSS_PERCENT_A_MINUTE) / 100));
}
