import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { readFleetFile } from '../fleet/fleet-file.ts';
import { formatMistake } from '../fleet/mistakes.ts';
import type { DeployedFleet } from './cell-names.ts';
import type { Deployment } from './deployment.ts';
import { DeploymentRefused, parseDeployment } from './deployment.ts';

/** Reads the file of a deployment. @throws DeploymentRefused. */
export async function readDeployment(path: string): Promise<Deployment> {
  return await deploymentOf(await textOf(path), path);
}

/**
 * Reads the text of a deployment's file, and the fleet file that it names.
 *
 * @param path of the deployment's file, to which the fleet file's is relative.
 * @throws DeploymentRefused.
 */
export async function deploymentOf(text: string, path: string): Promise<Deployment> {
  const raw = parseJson(text);
  const named = raw !== null && typeof raw === 'object' && 'fleet' in raw ? raw.fleet : undefined;
  if (typeof named !== 'string') return parseDeployment(raw);
  return parseDeployment(raw, await readFleet(resolve(dirname(path), named)));
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'no reason given';
    throw new DeploymentRefused(
      `It cannot be read (${code}): name its file with -c deployment=FILE; examples/deployment.json is one.`,
      { cause },
    );
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new DeploymentRefused(`It is not JSON (${why}).`, { cause });
  }
}

async function readFleet(file: string): Promise<DeployedFleet> {
  const parsed = await readFleetFile(file);
  if (parsed.type === 'invalid')
    throw new DeploymentRefused(
      `It names a fleet file with mistakes:\n${parsed.mistakes.map(formatMistake).join('\n')}`,
    );
  const cells = parsed.fleet.cells.map(
    ({ cell, zone, endpoints }) => [cell, { zone, names: endpoints.map(({ name }) => name) }] as const,
  );
  return { file, cells: new Map(cells) };
}
