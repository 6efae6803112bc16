import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ToldEvent } from '../../lib/events/told-event.ts';
import { toldEvent } from '../../lib/events/told-event.ts';
import { signatureOf } from '../../lib/events/webhook-signature.ts';
import { openOutlet } from '../../lib/local/event-outlet.ts';
import type { Report } from '../../lib/local/reports.ts';
import { cellName } from '../../lib/plan/names.ts';
import { systemClock } from '../../lib/runtime/clock.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const SECRET = 's'.repeat(32);

function event(number: number): ToldEvent {
  const of = { cell: cellName('use1-a'), number, at: 1, by: 'operator-ana', previous: '', hash: '' };
  const told = toldEvent({ ...of, event: { type: 'CellThawed' } }, { stack: null, zone: null });
  if (told === undefined) throw new Error('a thaw is told');
  return told;
}

async function secretIn(folder: string, text = `${SECRET}\n`): Promise<string> {
  const file = join(folder, 'secret.txt');
  await writeFile(file, text);
  return file;
}

function reporter(): { readonly reports: Report[]; readonly report: (report: Report) => void } {
  const reports: Report[] = [];
  return { reports, report: (each) => reports.push(each) };
}

interface Received {
  readonly body: string;
  readonly headers: IncomingMessage['headers'];
}

/** A receiver on the loopback that answers with these, and then with 204. */
async function receiver(...statuses: readonly number[]): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = [];
  const left = [...statuses];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    received.push({ body, headers: request.headers });
    response.writeHead(left.shift() ?? 204, { location: 'http://127.0.0.1:9/' }).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/hook`, received };
}

describe('events of a local world', () => {
  it('are lines of a file, in their order, and the file is added to', async () => {
    const to = join(await temporaryFolder(), 'events.ndjson');
    const { report, reports } = reporter();
    for (const number of [1, 2]) {
      const outlet = await openOutlet({ to }, { clock: systemClock, report });
      outlet.tell([event(number * 10), event(number * 10 + 1)]);
      await outlet.close();
    }
    const lines = (await readFile(to, 'utf8')).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).detail.event)).toEqual([10, 11, 20, 21]);
    expect(JSON.parse(lines[0] ?? '')).toEqual(event(10));
    expect(reports).toEqual([]);
  });

  it('are posted to a webhook, one after the other, with a signature', async () => {
    const { url, received } = await receiver();
    const { report, reports } = reporter();
    const secretFile = await secretIn(await temporaryFolder());
    const outlet = await openOutlet({ to: url, secretFile }, { clock: systemClock, report });
    outlet.tell([event(1), event(2), event(3)]);
    await outlet.close();
    expect(received.map(({ body }) => JSON.parse(body).detail.event)).toEqual([1, 2, 3]);
    for (const { body, headers } of received) {
      const [, at] = /^t=(\d+),/.exec(String(headers['pawl-signature'])) ?? [];
      expect(headers['pawl-signature']).toBe(signatureOf(body, SECRET, Number(at)));
    }
    expect(reports).toEqual([]);
  });

  it('go on after one that was not taken, which is reported', async () => {
    const { url, received } = await receiver(500, 302, 404);
    const { report, reports } = reporter();
    const secretFile = await secretIn(await temporaryFolder());
    const outlet = await openOutlet({ to: url, secretFile }, { clock: systemClock, report });
    outlet.tell([event(1), event(2)]);
    await outlet.close();
    expect(received.map(({ body }) => JSON.parse(body).detail.event)).toEqual([1, 1, 1, 2]);
    expect(reports).toMatchObject([
      { type: 'trouble', role: 'events', reason: expect.stringContaining('did not take local/use1-a/1') },
    ]);
  });

  it('are left out where a thousand wait, which is reported', async () => {
    const to = join(await temporaryFolder(), 'events.ndjson');
    const { report, reports } = reporter();
    const outlet = await openOutlet({ to }, { clock: systemClock, report });
    outlet.tell(Array.from({ length: 1_003 }, (_, index) => event(index + 1)));
    await outlet.close();
    expect((await readFile(to, 'utf8')).trimEnd().split('\n')).toHaveLength(1_000);
    expect(reports).toMatchObject([{ type: 'trouble', reason: '3 events are left out: 1000 wait already' }]);
  });
});

describe('a world is not started', () => {
  const open = async (to: string, secret?: string) => {
    const folder = await temporaryFolder();
    const secretFile = secret === undefined ? undefined : await secretIn(folder, secret);
    return openOutlet(
      { to: to.replace('FOLDER', folder), secretFile },
      { clock: systemClock, report: () => undefined },
    );
  };

  it.each<readonly [string, string, string | undefined, string]>([
    ['where the file cannot be written', 'FOLDER/none/events', undefined, 'name another file'],
    ['where a file is to be signed', 'FOLDER/events', SECRET, 'leave the secret out'],
    ['with an address of another machine in the clear', 'http://hooks.example.test/', SECRET, 'https://'],
    ['with a password in the address', 'https://a:b@hooks.example.test/', SECRET, 'no name or password'],
    ['with what is no address', 'ftp://127.0.0.1/', SECRET, 'https://'],
    ['without a secret', 'https://hooks.example.test/', undefined, '--events-secret-file'],
    ['with a short secret', 'https://hooks.example.test/', 'short', 'fewer than 32 bytes'],
  ])('%s', async (_what, to, secret, says) => {
    await expect(open(to, secret)).rejects.toMatchObject({
      name: 'StartRefused',
      message: expect.stringContaining(says),
    });
  });

  it('where the secret is not there', async () => {
    const secretFile = join(await temporaryFolder(), 'none');
    const deps = { clock: systemClock, report: () => undefined };
    await expect(openOutlet({ to: 'https://a.example/', secretFile }, deps)).rejects.toThrow(
      'cannot be read',
    );
  });
});
