import type { AwsPlace } from './aws-world.ts';
import { givenRate } from './command-rate.ts';
import type { World } from './world.ts';
import { NoAwsAccess, StackUnusable } from './world-errors.ts';
import { WorldFileUnreadable } from './world-file.ts';

/** What a person said about the world a command is meant for. */
export interface WorldFlags {
  /** The folder of a local world; `.pawl` unless given. */
  readonly folder?: string;
  /** The ledger's table in AWS. */
  readonly table?: string;
  /** A stack of Pawl's, whose outputs name the table. */
  readonly stack?: string;
  /** The table of leases in AWS; the one that the stack names unless given. */
  readonly leases?: string;
  readonly region?: string;
  readonly profile?: string;
  /** Requests a second against Route 53, 1 to 100; the world's own rate unless given. */
  readonly rate?: number;
}

/** What the command has to do with the ledger: `none` where it comes before there is one, or has no use for it. */
export type LedgerNeed = 'ledger' | 'none';

/** The variables that {@link chooseWorld} looks at. */
export type WorldEnvironment = Readonly<Record<string, string | undefined>>;

/** `refused` is bad input and `none` is nothing to talk to; the reason is one sentence with what to do. */
export type ChosenWorld =
  | { readonly type: 'world'; readonly world: World }
  | { readonly type: 'refused'; readonly reason: string }
  | { readonly type: 'none'; readonly reason: string };

/** Loaded with the world: the clients of AWS's services take much of a command's time and memory. */
const loadAws = () => import('./aws-world.ts');

/** Where a local world lives unless a folder is named. */
export const DEFAULT_FOLDER = '.pawl';

/** A place in AWS as a person gave it, before anything was asked: a table, or a stack that names its table. */
interface GivenPlace {
  readonly table?: string;
  readonly stack?: string;
  readonly where: { readonly region?: string; readonly profile?: string };
  /** What it is, and how it was given: `the table pawl`, `--table`. */
  readonly what: string;
  readonly how: string;
}

/**
 * The one world that a command works in: a stack or a table that was named (`--stack`, PAWL_STACK, `--table`,
 * PAWL_TABLE), or the local world that runs on the folder. Never a guess between two: a command that was meant for one
 * must not reach the other.
 */
export async function chooseWorld(
  flags: WorldFlags,
  env: WorldEnvironment = process.env,
  need: LedgerNeed = 'ledger',
): Promise<ChosenWorld> {
  const folder = flags.folder ?? DEFAULT_FOLDER;
  const place = givenPlace(flags, env);
  const rate = flags.rate === undefined ? undefined : givenRate(flags.rate);
  // A stack names its own table; only a flag says another.
  const leasesTable =
    flags.leases ?? (place !== 'both' && place?.stack !== undefined ? undefined : given(env, 'PAWL_LEASES'));
  const about = { rate, ...(leasesTable === undefined ? {} : { leasesTable }) };
  try {
    if (place === 'both')
      return refused('A stack names its table itself: give --stack or --table, one of them.');
    if ((place !== undefined || flags.leases !== undefined) && flags.folder !== undefined) {
      const kind = place?.stack === undefined ? 'table' : 'stack';
      return refused(`--folder means a local world and a ${kind} means AWS: give one of them.`);
    }
    const { localWorld } = await import('./local-world.ts');
    const local = await localWorld(folder, { rate });
    const isInAws = place !== undefined || leasesTable !== undefined;
    if (local !== undefined && isInAws) {
      await local.close();
      return refusedBoth(local.title, place ?? leasesPlace(leasesTable ?? '', flags));
    }
    if (place === undefined) {
      if (local !== undefined) return { type: 'world', world: local };
      return need === 'none'
        ? { type: 'world', world: await (await loadAws()).awsWorld({ ...placeOf(flags, env), ...about }) }
        : none(folder, flags);
    }
    return {
      type: 'world',
      world: await (await loadAws()).awsWorld({ ...(await awsPlace(place)), ...about }),
    };
  } catch (error) {
    const isRefusal =
      error instanceof WorldFileUnreadable || error instanceof NoAwsAccess || error instanceof StackUnusable;
    if (isRefusal) return refused(error.message);
    throw error;
  }
}

/** A flag takes precedence over a variable, whether it gives a table or a stack. */
function givenPlace(flags: WorldFlags, env: WorldEnvironment): GivenPlace | 'both' | undefined {
  const said = flags.table !== undefined || flags.stack !== undefined;
  const table = said ? flags.table : given(env, 'PAWL_TABLE');
  const stack = said ? flags.stack : given(env, 'PAWL_STACK');
  if (table !== undefined && stack !== undefined) return 'both';
  const where = placeOf(flags, env);
  if (table !== undefined)
    return { table, where, what: `the table ${table}`, how: said ? '--table' : 'PAWL_TABLE' };
  if (stack !== undefined)
    return { stack, where, what: `the stack ${stack}`, how: said ? '--stack' : 'PAWL_STACK' };
  return undefined;
}

function placeOf(flags: WorldFlags, env: WorldEnvironment): GivenPlace['where'] {
  const region = flags.region ?? given(env, 'AWS_REGION') ?? given(env, 'AWS_DEFAULT_REGION');
  const profile = flags.profile ?? given(env, 'AWS_PROFILE');
  return { ...(region === undefined ? {} : { region }), ...(profile === undefined ? {} : { profile }) };
}

async function awsPlace({ table, stack, where }: GivenPlace): Promise<AwsPlace> {
  if (stack === undefined) return { table: table ?? '', ...where };
  const { cells, names, functionsRead, anchorBucket, ...place } = await (
    await import('./stack-place.ts')
  ).stackPlace(stack, where);
  return { ...where, ...place, stack: { name: stack, cells, names, functionsRead, anchorBucket } };
}

function given(env: WorldEnvironment, name: string): string | undefined {
  const value = env[name];
  return value === undefined || value === '' ? undefined : value;
}

function none(folder: string, { region, profile }: WorldFlags): ChosenWorld {
  if (region !== undefined || profile !== undefined) {
    return refused('A Region or a profile says where, but not which table: give --table too.');
  }
  return {
    type: 'none',
    reason: `No local world runs on the folder ${folder}, and no table is given: run "npm start" in another terminal, or give --table.`,
  };
}

function leasesPlace(table: string, { leases }: WorldFlags): Pick<GivenPlace, 'what' | 'how'> {
  return { what: `the table of leases ${table}`, how: leases === undefined ? 'PAWL_LEASES' : '--leases' };
}

function refusedBoth(local: string, { what, how }: Pick<GivenPlace, 'what' | 'how'>): ChosenWorld {
  return refused(
    `Both the ${local} and ${what} (${how}) are meant: end the local world, run this in another folder, or leave out ${how}.`,
  );
}

function refused(reason: string): ChosenWorld {
  return { type: 'refused', reason };
}
