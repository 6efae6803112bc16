import { waitingLoosening } from '../../../lib/ledger/decider/loosening.ts';
import { cellName, dnsName } from '../../../lib/plan/names.ts';
import { fenceName } from '../../../lib/plan/owned-names.ts';
import type { Change } from '../../../lib/plan/records.ts';
import { create, remove } from '../../../lib/plan/records.ts';
import { recordsAt } from '../../../lib/zone/read-records.ts';
import type { Played } from './stage.ts';

/** A command, and the world in which it is typed. */
export interface Verb {
  readonly name: string;
  /** After the base: two plans are applied, and the second has changed api. */
  readonly before?: (played: Played, folder: string) => Promise<void>;
  /** The words after `pawl`; FOLDER is where the files are, DIGEST is what waits for the first endpoint, LOOSENING the policy that waits. */
  readonly line: string;
  /** Whether roles work while it waits. */
  readonly roles?: true;
  /** What it says when nothing fails. */
  readonly says?: RegExp;
  /** The exit of the same command once more, when the first one did everything; 0 unless given. */
  readonly again?: 0 | 1;
  /** Whether the fence is gone at its end: until then its generation never goes down. */
  readonly endsFence?: true;
}

export const CELL = cellName('use1-a');
const ZONE = dnsName('example.test');

const typed =
  (...lines: readonly string[]): NonNullable<Verb['before']> =>
  async ({ pawl }, folder) => {
    for (const line of lines) {
      const { exit, err } = await pawl(line.replaceAll('FOLDER', folder));
      if (exit !== 0) throw new Error(`pawl ${line} ended with ${exit}: ${err}`);
    }
  };

/** The digest of the looser policy that waits. */
export async function looserDigest(played: Played): Promise<string> {
  return waitingLoosening((await (await played.world().ledger()).head(CELL)).state)?.digest ?? '';
}

const looserPolicy = typed('fleet push FOLDER/loose.yaml --yes');

/** A target may go, however much it is; then this was typed. */
const loosened =
  (...lines: readonly string[]): NonNullable<Verb['before']> =>
  async (played, folder) => {
    await looserPolicy(played, folder);
    const digest = await looserDigest(played);
    await typed(`plan approve use1-a policy --digest ${digest} --yes`, ...lines)(played, folder);
  };

/** A target may go, and api answers by Region; then this was typed. */
const routed =
  (...lines: readonly string[]): NonNullable<Verb['before']> =>
  async (played, folder) =>
    loosened('fleet push FOLDER/routed.yaml --yes', ...lines)(played, folder);

/** A change of api that waits for an approval. */
const keptBack: NonNullable<Verb['before']> = async (played, folder) => {
  await typed('fleet push FOLDER/small.yaml --yes')(played, folder);
  const { exit } = await played.pawl('plan --append');
  if (exit !== 1) throw new Error(`nothing is kept back: ${exit}`);
};

/** What a hand puts into the zone. */
async function plant(played: Played, changes: readonly Change[]): Promise<void> {
  const zone = await zoneOf(played);
  const outcome = await zone.change({ kind: 'scratch', changes, comment: 'a hand' });
  if (outcome.type !== 'accepted') throw new Error(`a hand could not write: ${outcome.reason}`);
}

export async function zoneOf(played: Played) {
  const world = played.world();
  const id = (await world.zoneIds([ZONE])).get(ZONE);
  if (id === undefined) throw new Error('there is no zone');
  return world.zone(id);
}

/** The records at the fence's name. */
export async function fenceRecords(played: Played) {
  const zone = await zoneOf(played);
  return (await recordsAt(zone, fenceName({ cell: CELL, zone: ZONE, zoneId: zone.id }))).records;
}

const otherLedger: NonNullable<Verb['before']> = async (played) => {
  const records = await fenceRecords(played);
  const theirs = records.map((record) => ({
    ...record,
    values: (record.values ?? []).map((value) => value.replace(/ledger=[0-9a-f]{8}/, 'ledger=0badcafe')),
  }));
  await plant(played, [...records.map(remove), ...theirs.map(create)]);
};

const nameTaken: NonNullable<Verb['before']> = async (played, folder) => {
  await plant(played, [
    create({ name: dnsName('old.example.test'), type: 'A', ttl: 60, values: ['192.0.2.99'] }),
  ]);
  await typed(`fleet push FOLDER/old.yaml --yes`)(played, folder);
};

const namesTaken: NonNullable<Verb['before']> = async (played, folder) => {
  const taken = { name: dnsName('new.example.test'), type: 'A', ttl: 60, values: ['192.0.2.98'] };
  await plant(played, [create(taken)]);
  await nameTaken(played, folder);
  await typed('fleet push FOLDER/two.yaml --yes')(played, folder);
};

/** Plain records that nobody has declared. */
const plainRecords: NonNullable<Verb['before']> = async (played) => {
  const record = { type: 'A', ttl: 60 } as const;
  await plant(played, [
    create({ ...record, name: dnsName('old.example.test'), values: ['192.0.2.99'] }),
    create({ ...record, name: dnsName('new.example.test'), values: ['192.0.2.98'] }),
  ]);
};

const DAY_MS = 86_400_000;

/** Two cells are as they were declared, and that was long ago. */
const twoCells: NonNullable<Verb['before']> = async (played, folder) => {
  await typed('fleet push FOLDER/both.yaml --yes', 'plan --append', 'enact use1-b')(played, folder);
  played.clock.shift(2 * DAY_MS);
};

/** Every command that writes. */
export const WRITING: readonly Verb[] = [
  { name: 'fleet push', line: 'fleet push FOLDER/third.yaml --yes' },
  {
    ...{ name: 'fleet push in waves', before: twoCells, roles: true },
    says: /Wave 1 of 2: declared in use1-b[\s\S]*Every wave has this fleet \(2 of 2\)/,
    line: 'fleet push FOLDER/waved.yaml --waves use1-b;use1-a --bake 1s --yes',
  },
  {
    ...{ name: 'take-over', before: plainRecords, roles: true },
    says: /2 names of 1 cell answer through Pawl/,
    line: 'take-over --zone example.test --cell taken --file FOLDER/taken.yaml --yes',
  },
  { name: 'plan --append', before: typed('fleet push FOLDER/third.yaml --yes'), line: 'plan --append' },
  { name: 'plan --from', line: 'plan --from FOLDER/first.json --yes', again: 1 },
  {
    name: 'plan approve',
    before: keptBack,
    line: 'plan approve use1-a api.example.test --digest DIGEST --yes',
    again: 1,
  },
  {
    name: 'plan reject',
    before: keptBack,
    line: 'plan reject use1-a api.example.test --digest DIGEST',
  },
  {
    name: 'plan approve of a policy',
    before: looserPolicy,
    line: 'plan approve use1-a policy --digest LOOSENING --yes',
    again: 1,
  },
  {
    name: 'plan reject of a policy',
    before: looserPolicy,
    line: 'plan reject use1-a policy --digest LOOSENING',
  },
  {
    name: 'target drain',
    before: loosened(),
    line: 'target drain api-1 --yes',
  },
  {
    name: 'target restore',
    before: loosened('target drain api-1 --yes'),
    line: 'target restore api-1 --cell use1-a --yes',
    again: 1,
  },
  { name: 'target observe', line: 'target observe api-1 --health unhealthy' },
  {
    name: 'evacuate',
    before: loosened(),
    line: 'evacuate az1 --yes',
  },
  {
    name: 'restore',
    before: loosened('evacuate az1 --yes'),
    line: 'restore az1 --yes',
    again: 1,
  },
  {
    name: 'evacuate --branch',
    before: routed(),
    line: 'evacuate --branch eu-west-1 --yes',
  },
  {
    name: 'restore --branch',
    before: routed('evacuate --branch eu-west-1 --yes'),
    line: 'restore --branch eu-west-1 --yes',
    again: 1,
  },
  { name: 'rollback', line: 'rollback use1-a --yes', again: 1 },
  { name: 'pause', line: 'pause use1-a' },
  { name: 'resume', before: typed('pause use1-a'), line: 'resume use1-a' },
  { name: 'freeze', line: 'freeze use1-a --reason looking' },
  { name: 'freeze --fence-only', line: 'freeze use1-a --fence-only --zone example.test' },
  { name: 'thaw', before: typed('freeze use1-a'), line: 'thaw use1-a' },
  { name: 'fleet push of a move', line: 'fleet push FOLDER/moved.yaml --yes' },
  { name: 'handover offer', line: 'handover offer www.example.test --cell use1-a --to use1-b --yes' },
  { name: 'handover await', line: 'handover await new.example.test --cell use1-a --from use1-b --yes' },
  {
    name: 'handover withdraw',
    before: typed('handover offer www.example.test --cell use1-a --to use1-b --yes'),
    line: 'handover withdraw www.example.test --cell use1-a',
  },
  { name: 'adopt', before: nameTaken, line: 'adopt old.example.test --yes' },
  { name: 'adopt --cell --all', before: namesTaken, line: 'adopt --cell use1-a --all --yes' },
  { name: 'adopt --cell', before: otherLedger, line: 'adopt --cell use1-a --yes' },
  { name: 'give-back', line: 'give-back --cell use1-a --yes', endsFence: true },
  { name: 'rescue --to-rollback', line: 'rescue --to-rollback --cell use1-a --zone example.test --yes' },
  { name: 'rescue --plan', line: 'rescue --plan FOLDER/first.json --yes' },
  {
    name: 'rescue adopt',
    before: typed('rescue --to-rollback --cell use1-a --zone example.test --yes --out FOLDER/back.json'),
    line: 'rescue adopt FOLDER/back.json --yes',
  },
  {
    name: 'enact',
    before: typed('fleet push FOLDER/third.yaml --yes', 'plan --append'),
    line: 'enact use1-a',
  },
  { name: 'retire', line: 'retire use1-a' },
  { name: 'audit', line: 'audit use1-a --no-dns' },
];

/** Commands that only read. */
export const READING: readonly Verb[] = [
  { name: 'fleet show', line: 'fleet show use1-a' },
  { name: 'status', line: 'status' },
  { name: 'history', line: 'history' },
  // `verify --trail` reads the ledger as `verify` does, and beside it only files: it calls no port that others do not.
  { name: 'verify', line: 'verify' },
  { name: 'explain', line: 'explain api.example.test' },
  { name: 'rescue --export', line: 'rescue --export --cell use1-a --zone example.test' },
  { name: 'plan show', line: 'plan show use1-a@1' },
];

/** Commands that only read, and that whoever deploys types, before there are policies for anybody. */
export const DEPLOYING: readonly Verb[] = [{ name: 'preflight', line: 'preflight FOLDER/deployment.json' }];
