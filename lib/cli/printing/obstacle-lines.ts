import type { WaitingLoosening } from '../../ledger/decider/loosening.ts';
import type { CellName, DnsName } from '../../plan/names.ts';
import { shortDigest } from '../../plan/plan.ts';
import { looseningText } from '../../plan/stricter-policy.ts';
import { some } from './event-text.ts';
import { duration, moment } from './moment.ts';
import { clause, counted, tame } from './paper.ts';
import type { KeptBackSeen, Obstacles, RefusedSeen } from './seen-obstacles.ts';
import { keptBackApart } from './seen-obstacles.ts';

/** More names than this are not typed one by one: the command is then about all that waits in the cell. */
const TYPED_MAX = 3;

/**
 * One sentence for each obstacle of a cell: which endpoints, since when, why, and the next command. Endpoints with one
 * reason share a sentence. Pure.
 */
export function obstacleLines(cell: CellName, obstacles: Obstacles, now: number): readonly string[] {
  return [
    ...grouped(obstacles.refused, refusalKey).map((group) => refusedLine(cell, group, now)),
    ...obstacles.blind.map(
      ({ source, reason, since }) =>
        `${cell}: ${tame(source)} cannot see${lasting(since, now)} (${recorded(reason)}): a target that fails now stays in DNS. "pawl target drain TARGET" takes one out.`,
    ),
    ...grouped(keptBackApart(obstacles), reasonKey).map((group) => keptBackLine(cell, group, now)),
    ...heldLine(cell, obstacles),
    ...(obstacles.loosening === null ? [] : [looseningLine(cell, obstacles.loosening, now)]),
  ];
}

function grouped<T>(all: readonly T[], keyOf: (one: T) => string): readonly (readonly [T, ...T[]])[] {
  const groups = new Map<string, [T, ...T[]]>();
  for (const one of all) {
    const group = groups.get(keyOf(one));
    if (group === undefined) groups.set(keyOf(one), [one]);
    else group.push(one);
  }
  return [...groups.values()];
}

function refusalKey({ step, reason, name, rejected }: RefusedSeen): string {
  return JSON.stringify([step, reason.replaceAll(name, 'NAME'), rejected]);
}

function reasonKey({ findings, rejected }: KeptBackSeen): string {
  return JSON.stringify([findings[0]?.code, rejected?.by, rejected?.reason]);
}

function refusedLine(cell: CellName, group: readonly [RefusedSeen, ...RefusedSeen[]], now: number): string {
  const [{ step, generation, reason, attempts, rejected }] = group;
  const since = Math.min(...group.map((each) => each.since));
  const tried = attempts === 1 ? '' : `, ${attempts} times in a row`;
  const declined = rejected ? ' A person declined what waits.' : '';
  return `${cell}: ${subject(group)} refused${lasting(since, now)} (${step} of @${generation}${tried}): ${recorded(reason)}. ${againText(group[0], now)}${declined}`;
}

function againText({ name, retryAt }: RefusedSeen, now: number): string {
  if (retryAt === null) return 'It is being tried again.';
  if (retryAt <= now) return 'The planner tries it again in its next run.';
  return `It is tried again at ${moment(retryAt)}, and at once by "pawl retry ${name}".`;
}

function keptBackLine(
  cell: CellName,
  group: readonly [KeptBackSeen, ...KeptBackSeen[]],
  now: number,
): string {
  const [{ findings, rejected, approvable }] = group;
  const dates = group.flatMap(({ since }) => since ?? []);
  const since = dates.length === 0 ? null : Math.min(...dates);
  const [first] = findings;
  const why = recorded(first?.message ?? '');
  const told =
    rejected === null
      ? nextCommand(cell, group, approvable)
      : ` ${tame(rejected.by)} wants it so (${recorded(rejected.reason)}).`;
  return `${cell}: ${subject(group)} kept back${lasting(since, now)}: ${why}.${told}`;
}

function nextCommand(cell: CellName, group: readonly KeptBackSeen[], approvable: boolean): string {
  const [only] = group;
  const names = group.length > TYPED_MAX ? [] : group.map(({ name }) => name);
  const what = [cell, ...names].join(' ');
  if (approvable)
    return ` "pawl plan approve ${what}" shows what waits and lets it go, "pawl plan reject ${what}" declines it.`;
  return ` "pawl explain ${only?.name ?? ''}" shows what stands in the way, "pawl plan reject ${what}" declines what waits.`;
}

function heldLine(cell: CellName, { held }: Obstacles): readonly string[] {
  if (held === null) return [];
  const plan = `${cell}@${held.generation}`;
  return [
    `${plan} waits for approval: "pawl plan diff ${cell} @${held.generation}" compares it with the goal, "pawl plan approve ${plan} --digest ${shortDigest(held.digest)}" lets it go.`,
  ];
}

/** What of the declared policy waits, and what decides about it. */
export function looseningLine(cell: CellName, loosening: WaitingLoosening, now: number): string {
  const { fields, digest, since, by, rejected } = loosening;
  const looser = looseningText(fields);
  if (rejected !== undefined)
    return `${cell}: the declared policy is looser than the one in effect (${looser}): ${tame(rejected.by)} wants it so (${recorded(rejected.reason)}).`;
  const what = `${cell} policy --digest ${digest}`;
  return `${cell}: a looser policy waits${lasting(since, now)}, declared by ${tame(by)}, and what is stricter is in effect (${looser}). "pawl plan approve ${what}" lets it judge, "pawl plan reject ${what}" declines it.`;
}

/** What the state keeps of a reason: it drops the words of some where many are recorded (docs/adr/0010-room-in-the-state.md). */
export function recorded(reason: string): string {
  return reason === '' ? 'its event in the log says why' : clause(reason);
}

/** `a is`, `a, b are`, `a, b, c and 4 more (7 endpoints) are`. */
function subject(group: readonly { readonly name: DnsName }[]): string {
  const names = some(group.map(({ name }) => name));
  if (group.length === 1) return `${names} is`;
  return group.length > TYPED_MAX ? `${names} (${counted(group.length, 'endpoint')}) are` : `${names} are`;
}

function lasting(since: number | null, now: number): string {
  return since === null ? '' : ` for ${duration(now - since)}`;
}
