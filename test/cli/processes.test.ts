// @module-tag slow
import { execFile } from 'node:child_process';
import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it, onTestFinished } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { startDynalite } from '../support/dynalite.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { fleetText } from './rehearsal.ts';

const LAUNCHER = fileURLToPath(new URL('../../bin/pawl.mjs', import.meta.url));
const MB = 1_024 * 1_024;

interface Ended {
  readonly exit: number | null;
  readonly out: string;
  readonly err: string;
}

/** A process of its own, in a folder where no world runs, with nothing of this machine's AWS settings. */
function pawl(folder: string, args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  const surroundings = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    AWS_EC2_METADATA_DISABLED: 'true',
    ...env,
  };
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [LAUNCHER, ...args],
      { cwd: folder, env: surroundings },
      (_error, out, err) => resolve({ exit: child.exitCode, out, err }),
    );
  });
}

/** The only sentence on standard error. */
function sentence({ err }: Ended): string {
  expect(err).toMatch(/^pawl: [^\n]+[.?:]\n$/);
  return err;
}

describe('a pawl process', () => {
  it('says its version', async () => {
    expect(await pawl(await temporaryFolder(), ['--version'])).toEqual({
      exit: 0,
      out: `${manifest.version}\n`,
      err: '',
    });
  });

  it('ends with 2 for a command that it does not know, and suggests one', async () => {
    const ended = await pawl(await temporaryFolder(), ['histroy']);
    expect(ended.exit).toBe(2);
    expect(sentence(ended)).toContain('did you mean history?');
  });

  it('ends with 3 where there is no world, and says how to start one', async () => {
    const ended = await pawl(await temporaryFolder(), ['status']);
    expect(ended.exit).toBe(3);
    expect(sentence(ended)).toMatch(/No local world runs.*npm start/);
  });

  it('ends with 2 when two worlds are meant at once', async () => {
    const ended = await pawl(await temporaryFolder(), ['status', '--folder', '.pawl', '--table', 'pawl']);
    expect(ended.exit).toBe(2);
    expect(sentence(ended)).toContain('give one of them');
  });

  it('ends with 2 where there are no credentials', async () => {
    const ended = await pawl(await temporaryFolder(), ['status', '--table', 'pawl', '--region', 'eu-west-1']);
    expect(ended.exit).toBe(2);
    expect(sentence(ended)).toContain('no AWS credentials');
  });

  it('ends with 2 for YAML that cannot be read, with the line', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'fleet.yaml'), 'version: 1\ncells: {\n');
    const ended = await pawl(folder, ['fleet', 'check', 'fleet.yaml']);
    expect(ended.exit).toBe(2);
    expect(ended.err).toMatch(/^pawl: fleet\.yaml:\d+:\d+: /m);
  });

  it('ends with 2 for a fleet file of 100 MB, unread', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'fleet.yaml'), fleetText());
    await truncate(join(folder, 'fleet.yaml'), 100 * MB);
    const ended = await pawl(folder, ['fleet', 'push', 'fleet.yaml', '--yes']);
    expect(ended.exit).toBe(2);
    expect(sentence(ended)).toContain('100 MB, more than 16 MB');
  });

  it('ends with 2 for a plan file that is none', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'plan.json'), '{"format": 1}');
    const ended = await pawl(
      folder,
      ['rescue', '--plan', 'plan.json', '--table', 't', '--region', 'eu-west-1'],
      {
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
        AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
      },
    );
    expect(ended.exit).toBe(2);
    expect(ended.err).toContain('plan.json is not a plan');
  });

  it('shows where a failure was with PAWL_DEBUG=1, and only then', async () => {
    const folder = await temporaryFolder();
    const plain = await pawl(folder, ['status']);
    const debugged = await pawl(folder, ['status'], { PAWL_DEBUG: '1' });
    expect(plain.err).not.toContain(' at ');
    expect(debugged.err).toContain(' at ');
  });
});

describe('a pawl process with a table in AWS', () => {
  async function tableEnv() {
    const dynalite = await startDynalite();
    onTestFinished(() => dynalite.close());
    const env = {
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_ENDPOINT_URL: dynalite.endpoint,
    };
    return { dynalite, env };
  }
  const place = ['--table', 'pawl', '--region', 'us-east-1'];

  it('ends with 2 when the table is missing', async () => {
    const { env } = await tableEnv();
    const ended = await pawl(await temporaryFolder(), ['status', ...place], env);
    expect(ended.exit).toBe(2);
    expect(ended.err).toMatch(/^table pawl, us-east-1, [^\n]+\npawl: [^\n]*table[^\n]*pawl[^\n]*\n$/i);
  });

  it('ends with 2 when the table has another key schema', async () => {
    const { dynalite, env } = await tableEnv();
    await dynalite.client().send(
      new CreateTableCommand({
        TableName: 'pawl',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      }),
    );
    const ended = await pawl(await temporaryFolder(), ['history', ...place], env);
    expect(ended.exit).toBe(2);
    expect(ended.err.split('\n')).toHaveLength(3);
  });

  it('ends with 3 when nothing listens there', async () => {
    const env = {
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
    };
    const ended = await pawl(await temporaryFolder(), ['status', ...place], env);
    expect(ended.exit).toBe(3);
    expect(ended.err).toMatch(/\npawl: [^\n]+\n$/);
  });
});
