import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { detailSchema } from '../../lib/events/detail-schemas.ts';
import { isToldKind } from '../../lib/events/told-kinds.ts';
import { signatureOf } from '../../lib/events/webhook-signature.ts';
import { writeFleet } from '../local/small-fleet.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { pawl, pawlStart } from './start-process.ts';

const SECRET = 'k'.repeat(40);

function objection(body: string): unknown {
  const { source, 'detail-type': kind, detail } = JSON.parse(body);
  expect(source).toBe('pawl');
  return isToldKind(kind) ? detailSchema(kind).safeParse(detail).error : `${kind} is no kind`;
}

it('a world tells its events to a file, each once and as its schema says', async () => {
  const folder = await temporaryFolder();
  const to = join(folder, 'events.ndjson');
  const fleet = await writeFleet(folder, { cells: ['one', 'two'] });
  const start = pawlStart(folder, fleet, '--until-converged', '--events', to);
  expect(await start.ended(), start.stderr()).toEqual({ code: 0, signal: null });
  const lines = (await readFile(to, 'utf8')).trimEnd().split('\n');
  for (const line of lines) expect(objection(line), line).toBeUndefined();
  const said = lines.map((line) => JSON.parse(line));
  expect(new Set(said.map(({ detail }) => detail.id)).size).toBe(said.length);
  for (const cell of ['one', 'two'])
    expect(said.filter(({ detail }) => detail.cell === cell).map((each) => each['detail-type'])).toEqual([
      'FleetDeclared',
      'PlanAppended',
      'PlanApplied',
    ]);
});

it('a world tells a webhook that a person freezes a cell, signed', async () => {
  const folder = await temporaryFolder();
  const received: { readonly body: string; readonly signature: string }[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    received.push({ body, signature: String(request.headers['pawl-signature']) });
    response.writeHead(204).end();
    server.emit('told');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const secret = join(folder, 'secret.txt');
  await writeFile(secret, SECRET);
  const events = ['--events', `http://127.0.0.1:${port}/`, '--events-secret-file', secret];
  const world = pawlStart(folder, await writeFleet(folder, { cells: ['one'] }), ...events);
  await world.prints('Try, in another terminal:');
  const freeze = pawl('freeze', 'one', '--reason', 'look first', '--folder', join(folder, '.pawl'));
  expect(await freeze.ended(), freeze.stderr()).toMatchObject({ code: 0 });
  const frozen = () => received.find(({ body }) => JSON.parse(body)['detail-type'] === 'CellFrozen');
  while (frozen() === undefined) await once(server, 'told', { signal: AbortSignal.timeout(20_000) });
  const { body = '', signature = '' } = frozen() ?? {};
  expect(objection(body)).toBeUndefined();
  expect(JSON.parse(body).detail).toMatchObject({
    ...{ cell: 'one', attention: 'act', reason: 'look first', next: 'pawl thaw one' },
    summary: 'Cell one is frozen: look first.',
  });
  const [, at] = /^t=(\d+),/.exec(signature) ?? [];
  expect(signature).toBe(signatureOf(body, SECRET, Number(at)));
});

it('a world is refused with one sentence where its events cannot leave', async () => {
  const folder = await temporaryFolder();
  const fleet = await writeFleet(folder, { cells: ['one'] });
  const start = pawlStart(folder, fleet, '--events', 'http://hooks.example.test/');
  expect(await start.ended()).toMatchObject({ code: 2 });
  expect(start.stderr()).toContain('http:// on this machine alone');
  const alone = pawlStart(folder, fleet, '--events-secret-file', 'secret.txt');
  expect(await alone.ended()).toMatchObject({ code: 2 });
  expect(alone.stderr()).toContain('give both');
});
