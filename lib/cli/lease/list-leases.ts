import type { Command } from 'commander';
import type { HeardGroup, Hearing } from '../../lease/hear-zone.ts';
import { readZone } from '../../lease/hear-zone.ts';
import { meantCells } from '../command/cells.ts';
import { EXIT } from '../command/exit-codes.ts';
import type { Runtime } from '../command/new-command.ts';
import { newCommand } from '../command/new-command.ts';
import type { CommandResult, Session } from '../command/session.ts';
import { duration } from '../printing/moment.ts';
import type { Paper } from '../printing/paper.ts';
import { counted, tame } from '../printing/paper.ts';
import type { Cell } from '../printing/table.ts';
import { table } from '../printing/table.ts';
import type { DeclaredGroups } from './declared-groups.ts';
import { declaredGroups } from './declared-groups.ts';
import { LEASES_OPTION, leasesOf } from './lease-place.ts';

interface ListFlags {
  readonly groups?: boolean;
}

/** One availability zone as it would be heard now; without a tick no planner has looked at it. */
interface ListedZone extends DeclaredGroups {
  readonly hearing: Hearing | undefined;
}

export function leaseLsCommand(runtime: Runtime): Command {
  return newCommand(
    'ls',
    'Each availability zone with leases: its tick, and how many of its groups are heard.',
    [['pawl lease ls use1-a --groups', 'every group with its holder and its members']],
  )
    .argument('[cell]', 'one cell; all unless given')
    .option('--groups', 'every group, and rows that no fleet declares')
    .option(...LEASES_OPTION)
    .action((cell: string | undefined, flags: ListFlags, command: Command) =>
      runtime.run(command, (session) => list(session, cell, flags)),
    );
}

async function list(session: Session, cell: string | undefined, flags: ListFlags): Promise<CommandResult> {
  const world = await session.world();
  const leases = leasesOf(world);
  const ledger = await world.ledger();
  const zones: ListedZone[] = [];
  for (const each of await meantCells(ledger, cell)) {
    for (const declared of await declaredGroups(ledger, each)) {
      const hearing = await readZone(leases, declared.zone, declared.groups);
      if (declared.groups.length > 0 || (hearing?.undeclared.size ?? 0) > 0)
        zones.push({ ...declared, hearing });
    }
  }
  const now = world.clock.now();
  if (zones.length === 0) session.say('No target names a lease.\n');
  else session.say(zoneTable(session.paper, zones, now));
  if (flags.groups === true && zones.length > 0) session.say(`\n${groupTable(session.paper, zones)}`);
  for (const line of zones.flatMap(remarks)) session.say(`${line}\n`);
  return { exit: EXIT.done, document: zones.map((zone) => document(zone, now)) };
}

const ZONE_COLUMNS = [
  { head: 'CELL' },
  { head: 'AZ' },
  { head: 'STATE' },
  ...['TICK', 'AGE', 'PERIOD', 'GROUPS', 'HEARD', 'SILENT', 'LAPSED', 'NEVER'].map(
    (head) => ({ head, align: 'right' }) as const,
  ),
];

function zoneTable(paper: Paper, zones: readonly ListedZone[], now: number): string {
  const rows = zones.map(({ zone, groups, hearing }): readonly Cell[] => {
    const place = [zone.cell, zone.az];
    if (hearing === undefined)
      return [
        ...place,
        { text: 'no tick', tone: 'careful' },
        ...['-', '-', '-', String(groups.length), '-', '-', '-', '-'],
      ];
    const { tick, deaf } = hearing;
    const count = (kind: string) =>
      String([...hearing.groups.values()].filter((each) => standing(each) === kind).length);
    return [
      ...place,
      deaf ? { text: 'deaf', tone: 'bad' } : 'hears',
      ...[String(tick.n), ageText(now - tick.at), duration(tick.every), String(groups.length)],
      ...['heard', 'silent', 'lapsed', 'never'].map(count),
    ];
  });
  return table(paper, ZONE_COLUMNS, rows);
}

/** A planner whose clock was wrong wrote a tick that lies ahead: nothing rises before it is reached. */
function ageText(ms: number): string {
  return ms < -AHEAD_MS ? `ahead by ${duration(-ms)}` : duration(Math.max(0, ms));
}

/** Planners' clocks differ by so much at most. */
const AHEAD_MS = 5_000;

const GROUP_COLUMNS = [
  ...['AZ', 'GROUP', 'STATE', 'HOLDER'].map((head) => ({ head })),
  ...['EPOCH', 'MEMBERS', 'SERVING', 'TRIES'].map((head) => ({ head, align: 'right' }) as const),
];

function groupTable(paper: Paper, zones: readonly ListedZone[]): string {
  const rows = zones.flatMap(({ zone, hearing }) =>
    [...(hearing?.groups ?? []), ...(hearing?.undeclared ?? [])].map(([group, heard]): readonly Cell[] => {
      const isDeclared = hearing?.groups.has(group) === true;
      const state = isDeclared ? standing(heard) : `${standing(heard)}, not declared`;
      if (heard.type !== 'row') return [zone.az, group, state, '-', '-', '-', '-', '-'];
      const { by, e, members, tries } = heard.row;
      const serving = members.filter((member) => member > 0).length;
      return [
        zone.az,
        group,
        state,
        tame(by),
        String(e),
        String(members.length),
        String(serving),
        String(tries),
      ];
    }),
  );
  return table(paper, GROUP_COLUMNS, rows);
}

function standing(heard: HeardGroup): string {
  return heard.type === 'row' ? heard.standing : heard.type;
}

/** What waits for somebody. */
function remarks({ zone, hearing }: ListedZone): readonly string[] {
  const place = `${zone.cell} in ${zone.az}`;
  if (hearing === undefined) return [`${place}: no planner has looked at it yet.`];
  const needed = hearing.groups.size - hearing.missingMax;
  const deaf = `${place} is deaf: nobody ages until ${needed} groups are heard, and its targets stay as they are. Whoever is dead has to be said by a health check or by "pawl target drain TARGET".`;
  const [first] = hearing.undeclared.keys();
  const others = `${place}: ${counted(hearing.undeclared.size, 'lease')} that no target names, such as ${first}: "pawl lease forget ${zone.cell} ${first} --az ${zone.az}" once it has lapsed.`;
  return [...(hearing.deaf ? [deaf] : []), ...(first === undefined ? [] : [others])];
}

function document({ zone, groups, hearing }: ListedZone, now: number) {
  const { cell, az } = zone;
  if (hearing === undefined) return { cell, az, declared: groups.length, tick: null };
  const { tick, deaf, missingMax } = hearing;
  const listed = (of: ReadonlyMap<string, HeardGroup>) =>
    [...of].map(([group, heard]) => {
      if (heard.type !== 'row') return { group, standing: standing(heard) };
      const { by, e, members, tries } = heard.row;
      const serving = members.filter((member) => member > 0).length;
      return { group, standing: heard.standing, by, epoch: e, members: members.length, serving, tries };
    });
  return {
    ...{ cell, az, deaf, missingMax, declared: groups.length },
    tick: { n: tick.n, ageMs: now - tick.at, everyMs: tick.every },
    groups: listed(hearing.groups),
    undeclared: listed(hearing.undeclared),
  };
}
