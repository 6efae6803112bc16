import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { machineLimit } from '../runtime/system-failure.ts';

/** A DynamoDB over LevelDB, on this machine. */
export interface LedgerServer {
  /** For a client's `endpoint`. */
  readonly url: string;
  /** True: no request is answered from now on, as of a table that is away; false: all are again. */
  away(isAway: boolean): void;
  /** Resolves when everything is on disk and LevelDB is closed. */
  close(): Promise<void>;
}

interface DynaliteOptions {
  readonly path: string;
  /** Milliseconds that a new table stays in CREATING. */
  readonly createTableMs: number;
}

// The packages have no types here: this is the part of them that is used.
type Dynalite = (options: DynaliteOptions) => Server;
interface Store {
  open(): Promise<void>;
  close(): Promise<void>;
}
const require = createRequire(import.meta.url);
const dynalite = require('dynalite') as Dynalite;
const { Level } = createRequire(require.resolve('dynalite'))('level') as {
  Level: new (path: string) => Store;
};

/** What is kept in the folder cannot be opened, or went away while it was open. The message is one sentence. */
export class StoreBroken extends Error {
  override readonly name = 'StoreBroken';
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * Serves the DynamoDB that is kept in the folder `path`, at a free port of 127.0.0.1. The caller must hold the folder's
 * lock: in a folder that is in use dynalite would report that it listens and crash at the first request.
 *
 * @param onBroken is called when the store fails while it is served, as on a full disk: nothing is answered from then on.
 * @throws StoreBroken when what is in the folder cannot be opened.
 */
export async function serveLedger(
  path: string,
  onBroken?: (broken: StoreBroken) => void,
): Promise<LedgerServer> {
  await tryStore(path);
  const server = dynalite({ path, createTableMs: 0 });
  let [isBroken, isAway] = [false, false];
  surviveLostClients(server, () => isBroken || isAway);
  const forget = hearBrokenStore(path, (broken) => {
    if (onBroken === undefined) throw broken;
    if (isBroken) return;
    isBroken = true;
    // Whoever waits for an answer would wait for ever.
    server.closeAllConnections();
    onBroken(broken);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    away: (now) => {
      isAway = now;
      if (now) server.closeAllConnections();
    },
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => {
          forget();
          if (error === undefined || error === null) resolve();
          else reject(error);
        });
        server.closeAllConnections();
      }),
  };
}

/** Dynalite opens its store behind its back, and what it finds there ends the process: so it is opened here first. */
async function tryStore(path: string): Promise<void> {
  const store = new Level(path);
  try {
    await store.open();
  } catch (cause) {
    throw storeBroken(path, cause);
  }
  await store.close();
}

function storeBroken(path: string, cause: unknown): StoreBroken {
  const reason = cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : String(cause);
  const damaged = `${path} does not hold a ledger that can be read (${reason.replace(/\.$/, '')}): bring a copy of it back, or move it away to start without one.`;
  return new StoreBroken(machineLimit(cause) ?? damaged, { cause });
}

/**
 * Dynalite throws what its store answers out of a callback, where nobody can catch it but the process.
 *
 * @returns ends it.
 */
function hearBrokenStore(path: string, onBroken: (broken: StoreBroken) => void): () => void {
  const hear = (error: unknown): void => {
    if (isOfStore(error)) {
      onBroken(storeBroken(path, error));
      return;
    }
    // As if nobody listened: Node ends the process and says where.
    process.off('uncaughtException', hear);
    throw error;
  };
  process.on('uncaughtException', hear);
  return () => void process.off('uncaughtException', hear);
}

function isOfStore(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  return code.startsWith('LEVEL_') || error.message === 'Database is closed';
}

/** Dynalite throws out of an event when a client goes away in the middle of a request, which would end the process. */
function surviveLostClients(server: Server, isSilent: () => boolean): void {
  const handlers = server.listeners('request') as Handler[];
  server.removeAllListeners('request');
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (isSilent()) {
      response.destroy();
      return;
    }
    for (const handler of handlers) handler(request, response);
    request.removeAllListeners('error');
    request.on('error', () => response.destroy());
  });
}
