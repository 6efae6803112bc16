import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { serveLedger } from '../../lib/local/ledger-server.ts';
import { cellName } from '../../lib/plan/names.ts';
import { connectLocally, createLocalTable } from '../../lib/wiring/local-world.ts';
import type { World } from '../../lib/wiring/world.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { worldFacts } from '../wiring/world-facts.ts';

const CELL = cellName('use1-a');

async function worldAt(url: string): Promise<World> {
  const facts = worldFacts({ dynamodb: url });
  await createLocalTable(facts);
  return connectLocally('.pawl', facts);
}

describe('the ledger’s server', () => {
  it('keeps what was written when it is closed and started again', async () => {
    const path = join(await temporaryFolder(), 'ledger');
    const first = await serveLedger(path);
    const before = await worldAt(first.url);
    const { id } = await before.ledger();
    const digest = await (await before.ledger()).putBody(CELL, 'kept');
    await before.close();
    await first.close();
    const second = await serveLedger(path);
    const after = await worldAt(second.url);
    onTestFinished(async () => {
      await after.close();
      await second.close();
    });
    const ledger = await after.ledger();
    expect(ledger.id).toBe(id);
    expect(await ledger.getBody(CELL, digest)).toBe('kept');
  });

  it('goes on when a client goes away in the middle of a request', async () => {
    const server = await serveLedger(join(await temporaryFolder(), 'ledger'));
    const world = await worldAt(server.url);
    onTestFinished(async () => {
      await world.close();
      await server.close();
    });
    for (const body of ['', '{"TableName":']) {
      const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
      await once(socket, 'connect');
      socket.write(`POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n${body}`);
      // Long enough for the server to have begun: its answer to somebody else proves it.
      expect((await world.ledger()).id).toBeDefined();
      const closed = once(socket, 'close');
      socket.destroy();
      await closed;
      expect(await (await world.ledger()).cells()).toEqual([]);
    }
  });
});
