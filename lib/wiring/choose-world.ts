import type { AwsPlace } from './aws-world.ts';
import { awsWorld, NoAwsAccess } from './aws-world.ts';
import { localWorld } from './local-world.ts';
import type { World } from './world.ts';
import { WorldFileUnreadable } from './world-file.ts';

/** What a person said about the world a command is meant for. */
export interface WorldFlags {
  /** The folder of a local world; `.pawl` unless given. */
  readonly folder?: string;
  /** The ledger's table in AWS. */
  readonly table?: string;
  readonly region?: string;
  readonly profile?: string;
}

/** The variables that {@link chooseWorld} looks at. */
export type WorldEnvironment = Readonly<Record<string, string | undefined>>;

/** `refused` is bad input and `none` is nothing to talk to; the reason is one sentence with what to do. */
export type ChosenWorld =
  | { readonly type: 'world'; readonly world: World }
  | { readonly type: 'refused'; readonly reason: string }
  | { readonly type: 'none'; readonly reason: string };

/** Where a local world lives unless a folder is named. */
export const DEFAULT_FOLDER = '.pawl';

/**
 * The one world that a command works in: a table that was named (`--table`, PAWL_TABLE), or the local world that runs
 * on the folder. Never a guess between two: a command that was meant for one must not reach the other.
 */
export async function chooseWorld(
  flags: WorldFlags,
  env: WorldEnvironment = process.env,
): Promise<ChosenWorld> {
  const folder = flags.folder ?? DEFAULT_FOLDER;
  const place = awsPlace(flags, env);
  try {
    if (place !== undefined && flags.folder !== undefined) {
      return refused('--folder means a local world and a table means AWS: give one of them.');
    }
    const local = await localWorld(folder);
    if (place === undefined)
      return local === undefined ? none(folder, flags) : { type: 'world', world: local };
    if (local !== undefined) {
      await local.close();
      const how = flags.table === undefined ? 'PAWL_TABLE' : '--table';
      return refused(
        `Both the ${local.title} and the table ${place.table} (${how}) are meant: end the local world, run this in another folder, or leave out ${how}.`,
      );
    }
    return { type: 'world', world: await awsWorld(place) };
  } catch (error) {
    if (error instanceof WorldFileUnreadable || error instanceof NoAwsAccess) return refused(error.message);
    throw error;
  }
}

function awsPlace(flags: WorldFlags, env: WorldEnvironment): AwsPlace | undefined {
  const table = flags.table ?? given(env, 'PAWL_TABLE');
  if (table === undefined) return undefined;
  const region = flags.region ?? given(env, 'AWS_REGION') ?? given(env, 'AWS_DEFAULT_REGION');
  const profile = flags.profile ?? given(env, 'AWS_PROFILE');
  return {
    table,
    ...(region === undefined ? {} : { region }),
    ...(profile === undefined ? {} : { profile }),
  };
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

function refused(reason: string): ChosenWorld {
  return { type: 'refused', reason };
}
