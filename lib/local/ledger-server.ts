import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';

/** A DynamoDB over LevelDB, on this machine. */
export interface LedgerServer {
  /** For a client's `endpoint`. */
  readonly url: string;
  /** Resolves when everything is on disk and LevelDB is closed. */
  close(): Promise<void>;
}

interface DynaliteOptions {
  readonly path: string;
  /** Milliseconds that a new table stays in CREATING. */
  readonly createTableMs: number;
}

// The package has no types: this is the part of it that is used here.
type Dynalite = (options: DynaliteOptions) => Server;
const dynalite = createRequire(import.meta.url)('dynalite') as Dynalite;

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * Serves the DynamoDB that is kept in the folder `path`, at a free port of 127.0.0.1. The caller must hold the folder's
 * lock: in a folder that is in use dynalite would report that it listens and crash at the first request.
 */
export async function serveLedger(path: string): Promise<LedgerServer> {
  const server = dynalite({ path, createTableMs: 0 });
  surviveLostClients(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => {
          if (error === undefined || error === null) resolve();
          else reject(error);
        });
        server.closeAllConnections();
      }),
  };
}

/** Dynalite throws out of an event when a client goes away in the middle of a request, which would end the process. */
function surviveLostClients(server: Server): void {
  const handlers = server.listeners('request') as Handler[];
  server.removeAllListeners('request');
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    for (const handler of handlers) handler(request, response);
    request.removeAllListeners('error');
    request.on('error', () => response.destroy());
  });
}
