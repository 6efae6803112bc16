import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { emulatedZone } from '../../../lib/emulator/emulated-zone.ts';
import { cellName, dnsName } from '../../../lib/plan/names.ts';
import type { RecordSet } from '../../../lib/plan/records.ts';
import { create } from '../../../lib/plan/records.ts';
import { NEWEST_LEDGER_FORMAT } from '../../../lib/plan/stored-format.ts';
import type { World } from '../../../lib/wiring/world.ts';
import type { Rehearsal } from '../rehearsal.ts';
import { rehearsal } from '../rehearsal.ts';

const NAMES = 600;
const CELLS = ['m', 'm-2', 'm-3', 'm-4', 'm-5'].map(cellName);
/** What the issue allows. */
const BATCHES_MAX = 12;

const plain = (index: number): RecordSet => ({
  name: dnsName(`h${index}.example.test`),
  type: 'A',
  ttl: 60,
  values: [`198.51.100.${(index % 250) + 1}`],
});

/** A zone of many plain names, and a world whose every commit is looked at. */
interface Watched {
  readonly stage: Rehearsal;
  readonly world: Partial<World>;
  /** Batches of each cell. */
  readonly batches: Map<string, number>;
  /** Names that did not answer as they did at the beginning, with the commit after which it was seen. */
  readonly wrong: string[];
}

async function watchedZone(names: number): Promise<Watched> {
  const stage = await rehearsal();
  const { core, zoneId } = stage;
  const records = Array.from({ length: names }, (_, index) => plain(index));
  for (let from = 0; from < names; from += 300)
    core.changeResourceRecordSets(zoneId, { changes: records.slice(from, from + 300).map(create) });
  const batches = new Map<string, number>();
  const wrong: string[] = [];
  const look = (comment: string) => {
    const found = new Map<string, RecordSet[]>();
    for (const each of core.records(zoneId)) found.set(each.name, [...(found.get(each.name) ?? []), each]);
    for (const { name, values } of records) {
      const [root, ...more] = found.get(name) ?? [];
      const leaves = root?.alias === undefined ? [root] : (found.get(root.alias.name) ?? []);
      const answers = leaves.flatMap((leaf) => leaf?.values ?? []);
      if (more.length > 0 || answers.join() !== values?.join()) wrong.push(`${name} after ${comment}`);
    }
  };
  const zone = (id: string) => {
    const emulated = emulatedZone(core, id);
    return {
      ...emulated,
      change: async (batch: Parameters<typeof emulated.change>[0]) => {
        const outcome = await emulated.change(batch);
        const cell = /pawl [a-z-]+ ([a-z0-9-]+)/.exec(batch.comment)?.[1] ?? '';
        if (outcome.type === 'accepted') batches.set(cell, (batches.get(cell) ?? 0) + 1);
        look(batch.comment);
        return outcome;
      },
    };
  };
  return { stage, world: { zone, dns: undefined }, batches, wrong };
}

/** The same world, in which the roles work while a command sleeps. */
function withRoles({ stage, world }: Watched, cells: readonly string[]): Partial<World> {
  const { clock } = stage;
  let isAtWork = false;
  return {
    ...world,
    clock: {
      now: () => clock.now(),
      sleep: async (ms, signal) => {
        await clock.sleep(ms, signal);
        if (isAtWork) return;
        isAtWork = true;
        await stage.pawl('plan --append', { world });
        for (const cell of cells) await stage.pawl(`enact ${cell}`, { world });
        isAtWork = false;
      },
    },
  };
}

it('takes 600 names over with one command and gives them back, and every name answers after every commit', async () => {
  const watched = await watchedZone(NAMES);
  const { stage, batches, wrong } = watched;
  const file = join(stage.folder, 'taken.yaml');
  const line = `take-over --zone example.test --cell m --file ${file}`;
  expect(await stage.pawl(`${line} --dry-run`, { world: watched.world })).toMatchObject({ exit: 0 });
  await expect(access(file)).rejects.toThrow();
  expect(await stage.ledger.cells()).toEqual([]);
  const taken = await stage.pawl(`${line} --yes`, { world: withRoles(watched, CELLS) });
  expect(taken).toMatchObject({
    exit: 0,
    out: expect.stringContaining('600 names of 5 cells answer through Pawl'),
  });
  expect(wrong).toEqual([]);
  for (const cell of CELLS) expect(stage.ledger.peek(cell).state.format, cell).toBe(NEWEST_LEDGER_FORMAT);
  expect([...batches.keys()].sort()).toEqual([...CELLS].sort());
  for (const [cell, count] of batches) expect(count, cell).toBeLessThanOrEqual(BATCHES_MAX);
  batches.clear();
  const again = await stage.pawl(`${line} --yes`, { world: withRoles(watched, CELLS) });
  expect(again.out).toContain('600 names of 5 cells answer through Pawl');
  expect(batches.size).toBe(0);
  const given = await stage.pawl('give-back --zone example.test --yes', { world: watched.world });
  expect(given.exit).toBe(0);
  expect(wrong).toEqual([]);
  for (const [cell, count] of batches) expect(count, cell).toBeLessThanOrEqual(BATCHES_MAX);
  const left = stage.core.records(stage.zoneId).filter(({ name }) => name.includes('_pawl'));
  expect(left).toEqual([]);
  const stands = stage.core.records(stage.zoneId).filter(({ type }) => type === 'A');
  expect(stands).toEqual(expect.arrayContaining([expect.objectContaining(plain(0))]));
  expect(stands).toHaveLength(NAMES);
  expect(await stage.pawl('give-back --zone example.test', { world: watched.world })).toMatchObject({
    exit: 0,
    out: expect.stringContaining('m is given back already'),
  });
}, 120_000);

it('goes on after a death at any append, with the file that was written, and writes nothing that does not pass the check', async () => {
  const watched = await watchedZone(3);
  const { stage, wrong } = watched;
  const file = join(stage.folder, 'taken.yaml');
  const line = `take-over --zone example.test --cell m --file ${file} --yes`;
  const dying = {
    ...watched.world,
    ledger: async () => ({ ...stage.ledger, append: async () => Promise.reject(new Error('died')) }),
  };
  await stage.pawl(line, { world: dying });
  await access(file);
  const taken = await stage.pawl(line, { world: withRoles(watched, ['m']) });
  expect(taken).toMatchObject({
    exit: 0,
    out: expect.stringContaining('3 names of 1 cell answer through Pawl'),
  });
  expect(wrong).toEqual([]);
  const other = line.replace('taken.yaml', 'other.yaml');
  expect(await stage.pawl(other, { world: watched.world })).toMatchObject({ exit: 1 });
  await expect(access(join(stage.folder, 'other.yaml'))).rejects.toThrow();
});

it('takes a zone with routes over, also after a death between the adoptions of two names', async () => {
  const watched = await watchedZone(3);
  const { stage, wrong } = watched;
  const routed = ['us-east-1', 'eu-west-1'].map(
    (region, index): RecordSet => ({
      name: dnsName('routed.example.test'),
      type: 'A',
      ttl: 60,
      setIdentifier: region,
      routing: { Region: region },
      values: [`203.0.113.${index + 1}`],
    }),
  );
  stage.core.changeResourceRecordSets(stage.zoneId, { changes: routed.map(create) });
  const line = `take-over --zone example.test --cell m --file ${join(stage.folder, 'taken.yaml')} --yes`;
  let adoptions = 0;
  const dying = {
    ...watched.world,
    ledger: async (): Promise<typeof stage.ledger> => ({
      ...stage.ledger,
      append: async (head, entry) => {
        if (entry.event.type === 'EndpointAdopted') adoptions += 1;
        if (adoptions > 1) throw new Error('died');
        return stage.ledger.append(head, entry);
      },
    }),
  };
  await stage.pawl(line, { world: dying });
  expect(stage.ledger.peek(cellName('m')).state).toMatchObject({
    format: NEWEST_LEDGER_FORMAT,
    adopted: [expect.anything()],
  });
  expect(await stage.pawl(line, { world: withRoles(watched, ['m']) })).toMatchObject({
    exit: 0,
    out: expect.stringContaining('4 names of 1 cell answer through Pawl'),
  });
  expect(wrong).toEqual([]);
  expect(stage.ledger.peek(cellName('m')).state.format).toBe(NEWEST_LEDGER_FORMAT);
});

it('takes no cell over that is given back, and waits for what comes after that', async () => {
  const watched = await watchedZone(3);
  const { stage, world, wrong } = watched;
  const file = join(stage.folder, 'taken.yaml');
  const line = `take-over --zone example.test --cell m --file ${file} --within 5 --yes`;
  expect(await stage.pawl(line, { world: withRoles(watched, ['m']) })).toMatchObject({ exit: 0 });
  expect(await stage.pawl('give-back --cell m --yes', { world })).toMatchObject({ exit: 0 });
  expect(await stage.pawl(line, { world: withRoles(watched, ['m']) })).toMatchObject({
    exit: 1,
    err: expect.stringContaining('Cell m is given back: "pawl thaw m" and "pawl resume m" take it back'),
  });
  await stage.pawl('thaw m', { world });
  await stage.pawl('resume m', { world });
  expect(await stage.pawl(line, { world })).toMatchObject({
    exit: 3,
    err: expect.stringContaining('do not answer through Pawl after 5 s'),
  });
  expect(await stage.pawl(line, { world: withRoles(watched, ['m']) })).toMatchObject({
    exit: 0,
    out: expect.stringContaining('3 names of 1 cell answer through Pawl'),
  });
  expect(stage.core.records(stage.zoneId).find(({ name }) => name === 'h0.example.test')).toHaveProperty(
    'alias',
  );
  expect(wrong).toEqual([]);
  await stage.pawl('freeze m --reason looking', { world });
  expect(await stage.pawl(line, { world: withRoles(watched, ['m']) })).toMatchObject({
    exit: 1,
    err: expect.stringContaining('Cell m is frozen'),
  });
});
