// @module-tag slow
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ChangeResourceRecordSetsCommand, Route53Client } from '@aws-sdk/client-route-53';
import { describe, expect, it, onTestFinished } from 'vitest';
import { main } from '../../lib/cli/main.ts';
import { dnsName } from '../../lib/plan/names.ts';
import { byRole } from '../../lib/roles.ts';
import { systemClock } from '../../lib/runtime/clock.ts';
import { chooseWorld } from '../../lib/wiring/choose-world.ts';
import { fromSdkRecord, toSdkRecord } from '../../lib/zone/route53/record-shapes.ts';
import { NOWHERE } from '../cli/rehearsal.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import type { WorldUnderTest } from './running-world.ts';
import { converged, startWorld } from './running-world.ts';
import { smallFleet, writeFleet } from './small-fleet.ts';

/** A repair comes within seconds. */
const LOOKS_MAX = 50;
const LOOK_MS = 200;

interface Verified {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

async function verify(folder: string, ...words: readonly string[]): Promise<Verified> {
  const printed = { out: '', err: '' };
  const terminal = {
    ...NOWHERE,
    write: (text: string) => {
      printed.out += text;
    },
    complain: (text: string) => {
      printed.err += text;
    },
  };
  const argv = ['verify', '--folder', join(folder, '.pawl'), ...words];
  const exit = await main(argv, {
    ...{ terminal, env: {}, chooseWorld },
    interruption: () => new AbortController().signal,
  });
  return { exit, ...printed };
}

interface Found {
  readonly counts: Readonly<Record<string, number>>;
  readonly findings: readonly {
    readonly code: string;
    readonly who: string;
    readonly what: string;
    readonly event: string;
    readonly change?: string;
    readonly until?: string | null;
  }[];
  readonly accepted: number;
  readonly elsewhere: number;
  readonly again: number;
}

async function found(folder: string, ...words: readonly string[]): Promise<Found> {
  return JSON.parse((await verify(folder, '--trail', ...words, '--json')).out) as Found;
}

/** Somebody else of the account: their own key, and no Pawl. */
function hand({ facts }: WorldUnderTest): Route53Client {
  const client = new Route53Client({
    endpoint: facts.route53,
    region: facts.region,
    credentials: { accessKeyId: 'AKIAHAND', secretAccessKey: 'hand' },
  });
  onTestFinished(() => client.destroy());
  return client;
}

async function zoneOf({ world }: WorldUnderTest): Promise<string> {
  const name = dnsName('one.test');
  return (await world.zoneIds([name])).get(name) ?? '';
}

describe('the trail of a local world', () => {
  it('shows nothing wrong after a start, a change and another start', async () => {
    const folder = await temporaryFolder();
    const fleet = await writeFleet(folder);
    const first = await startWorld(folder, fleet);
    await converged(first, 1);
    await first.stop();
    await writeFile(fleet, smallFleet({ capacity: 60 }));
    await converged(await startWorld(folder, fleet), 2);
    const { exit, out, err } = await verify(folder, '--trail');
    expect(`${out}${err}`).toContain('Nothing that the trail shows breaks a rule.');
    expect(out).toMatch(/one\s+one\.test\s+\d+\s+.*2 flip.*enactor-/);
    expect(exit).toBe(0);
    const { accepted, counts } = await found(folder);
    expect(accepted).toBeGreaterThan(3);
    expect(counts).toEqual({});
  });

  it('names a hand, what it wrote, and from when to when an answer was missing', async () => {
    const folder = await temporaryFolder();
    const intervals = { pollMs: 25, runMs: 5_000, sweepMs: byRole(() => 500) };
    const world = await startWorld(folder, await writeFleet(folder), { intervals });
    await converged(world, 1);
    const zoneId = await zoneOf(world);
    // A trail tells seconds. In that of the flip nobody could say which of the two came first.
    await systemClock.sleep(1_100);
    const tree = world.account
      .records(zoneId)
      .filter(({ name, type }) => name.startsWith('g000001.') && type === 'A');
    const Changes = tree.map((record) => ({
      Action: 'DELETE' as const,
      ResourceRecordSet: toSdkRecord(record),
    }));
    const { ChangeInfo } = await hand(world).send(
      new ChangeResourceRecordSetsCommand({ HostedZoneId: zoneId, ChangeBatch: { Changes } }),
    );
    const change = ChangeInfo?.Id?.replace('/change/', '') ?? '';
    let seen = await found(folder);
    for (
      let look = 0;
      look < LOOKS_MAX && !seen.findings.some(({ until }) => typeof until === 'string');
      look += 1
    ) {
      await systemClock.sleep(LOOK_MS);
      seen = await found(folder);
    }
    const { exit, out } = await verify(folder, '--trail');
    expect(exit).toBe(1);
    expect(out).toContain('AKIAHAND');
    const { findings } = seen;
    expect(new Set(findings.map(({ code }) => code))).toEqual(
      new Set(['missing-answer', 'outside-fence', 'pointed']),
    );
    expect(findings.find(({ code }) => code === 'missing-answer')?.until).toMatch(/^20/);
    for (const finding of findings)
      expect(finding).toMatchObject({ change, who: 'arn:aws:iam::000000000000:user/AKIAHAND' });
    const [outside] = findings.filter(({ code }) => code === 'outside-fence');
    expect(outside?.what).toContain('DELETE g000001.api.one._pawl.one.test A');
  });

  it('leaves out what is foreign, elsewhere or delivered twice, with its count, and reads a folder of gzip files', async () => {
    const folder = await temporaryFolder();
    const world = await startWorld(folder, await writeFleet(folder, { cells: ['one', 'two'] }));
    await converged(world, 1);
    const client = hand(world);
    const zoneId = await zoneOf(world);
    const note = fromSdkRecord({
      Name: 'note.one.test',
      Type: 'TXT',
      TTL: 60,
      ResourceRecords: [{ Value: '"a"' }],
    });
    const Changes = [{ Action: 'CREATE' as const, ResourceRecordSet: toSdkRecord(note) }];
    await client.send(
      new ChangeResourceRecordSetsCommand({ HostedZoneId: zoneId, ChangeBatch: { Changes } }),
    );
    const refused = client.send(
      new ChangeResourceRecordSetsCommand({ HostedZoneId: zoneId, ChangeBatch: { Changes } }),
    );
    await expect(refused).rejects.toThrow();
    const text = await readFile(join(folder, '.pawl', 'trail.ndjson'), 'utf8');
    const records = text
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    const half = Math.ceil(records.length / 2);
    const day = join(folder, 'AWSLogs', '000000000000', 'CloudTrail', 'us-east-1', '2026', '11', '28');
    await mkdir(day, { recursive: true });
    const other = { eventVersion: '1.11', eventSource: 'ec2.amazonaws.com', eventName: 'RunInstances' };
    const again = records.find((record) => JSON.stringify(record).includes(zoneId));
    const parts = [records.slice(0, half), [again, ...records.slice(half), other]];
    for (const [index, Records] of parts.entries())
      await writeFile(
        // The names are in the order of delivery, whatever the random part says.
        join(
          day,
          `000000000000_CloudTrail_us-east-1_20261128T10${index}5Z_${index === 0 ? 'z' : 'a'}.json.gz`,
        ),
        gzipSync(JSON.stringify({ Records }, undefined, 2)),
      );
    const one = await verify(folder, 'one', '--trail', join(folder, 'AWSLogs'));
    expect(one.out).toMatch(
      /1 event that came twice; \d+ events of zones without a cell of this ledger; 1 batch about records that are not Pawl's; 1 event about something else/,
    );
    expect(one.out).toMatch(/[1-9]\d* refused/);
    expect(one.exit).toBe(0);
    expect(await found(folder, join(folder, 'AWSLogs'))).toMatchObject({
      counts: {},
      elsewhere: 0,
      again: 1,
    });
  });

  it('says in one sentence what is wrong with a file', async () => {
    const folder = await temporaryFolder();
    await converged(await startWorld(folder, await writeFleet(folder)), 1);
    const text = await readFile(join(folder, '.pawl', 'trail.ndjson'), 'utf8');
    const whole = gzipSync(text);
    const files: readonly (readonly [name: string, content: string | Buffer, says: string])[] = [
      [
        'cut.json.gz',
        whole.subarray(0, whole.length - 40),
        'cut.json.gz is cut off: get the whole file again.',
      ],
      ['cut.ndjson', text.slice(0, -30), 'is cut off: line'],
      [
        'cut.json',
        '{"Records": [{"eventName": "x"}',
        'cut.json is cut off, or no JSON: get the whole file again.',
      ],
      [
        'fleet.json',
        '{\n  "cells": {}\n}',
        'fleet.json is no file of CloudTrail: it has no list of Records.',
      ],
      [
        'notes.ndjson',
        'some words\n',
        'notes.ndjson is no trail of CloudTrail: line 1 is not a whole JSON object.',
      ],
      ['empty.json', '', 'empty.json is empty: name a file of CloudTrail.'],
      [
        'plain.json.gz',
        'not compressed',
        'plain.json.gz cannot be read (Z_DATA_ERROR): name a file of CloudTrail.',
      ],
    ];
    for (const [name, content, says] of files) {
      await writeFile(join(folder, name), content);
      const { exit, err } = await verify(folder, '--trail', join(folder, name));
      expect(err).toContain(says);
      // The first line is the world's.
      expect(err.trim().split('\n').slice(1)).toHaveLength(1);
      expect(exit, name).toBe(2);
    }
    const gone = await verify(folder, '--trail', join(folder, 'gone.json'));
    expect(gone).toMatchObject({
      exit: 2,
      err: expect.stringContaining('gone.json is not there: name a file'),
    });
    await mkdir(join(folder, 'bare'));
    expect((await verify(folder, '--trail', join(folder, 'bare'))).err).toContain('holds no file of a trail');
    expect((await verify(folder, '--writer', 'x')).err).toContain('give --trail too');
  });

  it('names what is missing where lines were taken out of it', async () => {
    const folder = await temporaryFolder();
    await converged(await startWorld(folder, await writeFleet(folder)), 1);
    const lines = (await readFile(join(folder, '.pawl', 'trail.ndjson'), 'utf8')).trim().split('\n');
    expect(lines.length).toBeGreaterThan(4);
    const path = join(folder, 'part.ndjson');
    const at = lines.findIndex(
      (line) => line.includes('"comment":"pawl stage') && line.includes('"changeInfo"'),
    );
    expect(at).toBeGreaterThan(0);
    await writeFile(path, lines.toSpliced(at, 1).join('\n'));
    const { findings } = await found(folder, path);
    expect(findings.map(({ code }) => code)).toEqual(['trail-lacks']);
    expect(findings[0]?.what).toMatch(
      /the trail lacks the writes of cell one between its fence of seq \d+ and the one of seq \d+/,
    );
  });

  it('goes on answering where the trail cannot be written, says so each time, and goes on with it later', async () => {
    const folder = await temporaryFolder();
    const pawl = join(folder, '.pawl');
    // A folder in the place of the file: nobody can write it, not even root.
    await mkdir(join(pawl, 'trail.ndjson'), { recursive: true });
    await chmod(join(pawl, 'trail.ndjson'), 0o700);
    const world = await startWorld(folder, await writeFleet(folder));
    await converged(world, 1);
    const troubles = world.reports.filter((report) => report.type === 'trouble' && report.role === 'trail');
    expect(troubles.length).toBeGreaterThan(2);
    await rm(join(pawl, 'trail.ndjson'), { recursive: true });
    const Changes = [
      {
        Action: 'CREATE' as const,
        ResourceRecordSet: {
          Name: 'stray.one._pawl.one.test',
          Type: 'TXT' as const,
          TTL: 5,
          ResourceRecords: [{ Value: '"x"' }],
        },
      },
    ];
    const HostedZoneId = await zoneOf(world);
    await hand(world).send(new ChangeResourceRecordSetsCommand({ HostedZoneId, ChangeBatch: { Changes } }));
    const { findings, accepted } = await found(folder);
    expect(accepted).toBeGreaterThan(0);
    expect(findings).toMatchObject([
      { code: 'outside-fence', what: expect.stringContaining('CREATE stray.one._pawl.one.test TXT') },
    ]);
  });
});
