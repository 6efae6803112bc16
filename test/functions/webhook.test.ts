import { createHmac } from 'node:crypto';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { functionEnvironment } from './function-environment.ts';
import { imported } from './invoked.ts';

const secrets = mockClient(SecretsManagerClient);
afterAll(() => secrets.restore());

const SECRET = 's'.repeat(32);
const DETAIL = { id: 'pawl/use1-a/7', summary: 'Cell use1-a is frozen.' };
const EVENT = {
  ...{ version: '0', id: 'of-the-bus', account: '123456789012', region: 'us-east-1', resources: [] },
  ...{ source: 'pawl', 'detail-type': 'CellFrozen', time: '2026-11-28T12:00:00Z', detail: DETAIL },
};
const environment = {
  ...functionEnvironment,
  PAWL_WEBHOOK_URL: 'https://hooks.example.test/key-in-the-path',
  PAWL_WEBHOOK_SECRET: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:pawl-AbCdEf',
};

interface Posted {
  readonly url: string;
  readonly init: RequestInit;
}
let posted: Posted[] = [];

function answering(...statuses: readonly number[]): void {
  const left = [...statuses];
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    posted.push({ url, init });
    const status = left.shift() ?? 204;
    return new Response(status === 204 ? null : 'a word', { status });
  });
}

beforeEach(() => {
  posted = [];
  secrets.reset();
  secrets.on(GetSecretValueCommand).resolves({ SecretString: SECRET });
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('the webhook', () => {
  test('posts the event without what the bus adds, signed over the time and the body', async () => {
    answering(204);
    const { invoke } = await imported('webhook', environment);
    expect(await invoke(EVENT)).toEqual({ type: 'posted', id: 'pawl/use1-a/7' });
    const [only] = posted;
    const { source, 'detail-type': kind, time, detail } = EVENT;
    expect(JSON.parse(String(only?.init.body))).toEqual({ source, 'detail-type': kind, time, detail });
    const header = new Headers(only?.init.headers).get('pawl-signature') ?? '';
    const [, at = '', given] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(header) ?? [];
    expect(given).toBe(createHmac('sha256', SECRET).update(`${at}.${only?.init.body}`).digest('hex'));
    expect(only).toMatchObject({ url: environment.PAWL_WEBHOOK_URL, init: { redirect: 'manual' } });
  });

  test('signs each try anew, and is done when one is taken', async () => {
    answering(500, 503, 200);
    const { invoke } = await imported('webhook', environment);
    await invoke(EVENT);
    expect(posted).toHaveLength(3);
    expect(new Set(posted.map(({ init }) => init.body)).size).toBe(1);
  });

  test.each([301, 400, 404, 500])(
    'fails where it is answered %i, so that Lambda runs it again',
    async (status) => {
      answering(status, status, status, 200);
      const { invoke } = await imported('webhook', environment);
      await expect(invoke(EVENT)).rejects.toThrow(
        `The webhook at hooks.example.test did not take pawl/use1-a/7 in 3 tries: it answered ${status}.`,
      );
      expect(posted).toHaveLength(3);
    },
  );

  test('says neither the secret nor the path of the URL', async () => {
    answering(500, 500, 500);
    const { invoke, said } = await imported('webhook', environment);
    await expect(invoke(EVENT)).rejects.toThrow('did not take');
    expect(said()).not.toContain('key-in-the-path');
    expect(said()).not.toContain(SECRET);
  });

  test('reads the secret once a minute, so that a rotated one is used', async () => {
    answering();
    const { invoke } = await imported('webhook', environment);
    await invoke(EVENT);
    await invoke(EVENT);
    expect(secrets.calls()).toHaveLength(1);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 61_000 });
    await invoke(EVENT);
    expect(secrets.calls()).toHaveLength(2);
  });

  test('refuses a secret that is too short', async () => {
    secrets.on(GetSecretValueCommand).resolves({ SecretString: 'short' });
    answering();
    const { invoke } = await imported('webhook', environment);
    await expect(invoke(EVENT)).rejects.toThrow('fewer than 32 bytes');
    expect(posted).toEqual([]);
  });

  test('refuses what is no event of Pawl, and an address that is not https', async () => {
    answering();
    const { invoke } = await imported('webhook', environment);
    await expect(invoke({ ...EVENT, source: 'aws.ec2' })).rejects.toMatchObject({ name: 'EventRefused' });
    const plain = { ...environment, PAWL_WEBHOOK_URL: 'http://hooks.example.test/' };
    await expect(imported('webhook', plain)).rejects.toThrow('PAWL_WEBHOOK_URL');
  });
});
