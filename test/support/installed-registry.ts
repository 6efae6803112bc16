import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

interface Manifest {
  readonly name: string;
  readonly version: string;
}

/** A registry on the loopback that has exactly the packages which are installed here. */
export interface InstalledRegistry {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves what stands in this clone's node_modules as npm asks a registry for it, so that an installation needs no
 * network and takes the versions that everything else was tested with. npm itself resolves, unpacks and links them.
 */
export async function installedRegistry(): Promise<InstalledRegistry> {
  const folders = installedFolders();
  const server = createServer(({ url = '/' }, response) => {
    const path = decodeURIComponent(url.slice(1));
    const [, folder] = /^-\/(.+)[.]tgz$/.exec(path) ?? [];
    if (folder !== undefined) sendArchive(join(root, folder), response);
    else sendVersions(path, folders.get(path) ?? [], origin(), response);
  });
  const origin = () => {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('The registry has no port.');
    return `http://127.0.0.1:${address.port}`;
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: origin(),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** By name, every folder in which some version of the package is installed. */
function installedFolders(): ReadonlyMap<string, readonly string[]> {
  const lock: { packages: Record<string, unknown> } = JSON.parse(
    readFileSync(join(root, 'node_modules/.package-lock.json'), 'utf8'),
  );
  const folders = new Map<string, string[]>();
  for (const folder of Object.keys(lock.packages)) {
    const name = folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length);
    folders.set(name, [...(folders.get(name) ?? []), folder]);
  }
  return folders;
}

function sendVersions(
  name: string,
  folders: readonly string[],
  origin: string,
  response: ServerResponse,
): void {
  if (folders.length === 0) {
    response.writeHead(404).end();
    return;
  }
  const versions = folders.map((folder) => {
    const manifest: Manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    const tarball = `${origin}/-/${encodeURIComponent(folder)}.tgz`;
    return [manifest.version, { ...manifest, dist: { tarball } }] as const;
  });
  response.setHeader('content-type', 'application/json');
  const latest = versions.at(-1)?.[0];
  response.end(JSON.stringify({ name, 'dist-tags': { latest }, versions: Object.fromEntries(versions) }));
}

/** npm takes the first folder off every path of an archive, whatever it is called, and reads archives that are not compressed. */
function sendArchive(folder: string, response: ServerResponse): void {
  const name = basename(folder);
  const tar = spawn('tar', ['-cf', '-', '-C', dirname(folder), `--exclude=${name}/node_modules`, name], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  tar.stdout.pipe(response);
}
