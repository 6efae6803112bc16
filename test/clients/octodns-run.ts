import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pythonOfClients } from './python-of-clients.ts';

const run = promisify(execFile);
const PAGE = new URL('../../docs/beside-others.md', import.meta.url);
const ZONE = 'example.test';

/** How OctoDNS is run: on which folder, against which Route 53. */
export interface OctoDnsRun {
  /** Holds the zone file and the configuration. */
  readonly folder: string;
  /** Of the emulator. */
  readonly url: string;
  /** YAML of `processors` and `zones`. */
  readonly settings: string;
  /** Changes the zone; a plan alone when false. */
  readonly isApplied?: boolean;
}

/** One change of a plan. */
export interface OctoDnsChange {
  readonly name: string;
  readonly type: 'create' | 'update' | 'delete';
  readonly record_type: string;
}

/** The settings without any filter. */
export const NO_FILTER = `processors: {}
zones:
  ${ZONE}.: {sources: [files], targets: [route53]}
`;

/** Writes the zone file. OctoDNS wants the keys of each map in order. */
export async function writeZoneFile(folder: string, text: string): Promise<string> {
  await mkdir(join(folder, 'zones'), { recursive: true });
  const path = join(folder, 'zones', `${ZONE}.yaml`);
  await writeFile(path, text);
  return path;
}

/**
 * What OctoDNS plans to change in the zone; with `isApplied` it has done so.
 *
 * @throws Error with what it printed when it fails.
 */
export async function octoDnsPlan({
  folder,
  url,
  settings,
  isApplied = false,
}: OctoDnsRun): Promise<readonly OctoDnsChange[]> {
  const config = join(folder, 'config.yaml');
  const plan = join(folder, 'plan.json');
  await writeFile(
    config,
    `manager:
  plan_outputs:
    json: {class: octodns.provider.plan.PlanJson, output_filename: '${plan}'}
providers:
  files: {class: octodns.provider.yaml.YamlProvider, directory: '${join(folder, 'zones')}'}
  route53: {class: octodns_route53.Route53Provider, access_key_id: key, secret_access_key: secret}
${settings}`,
  );
  const given = ['-m', 'octodns.cmds.sync', '--config-file', config, '--force'];
  await run(pythonOfClients(), isApplied ? [...given, '--doit'] : given, {
    env: {
      ...{ PATH: process.env['PATH'], HOME: folder, AWS_ENDPOINT_URL_ROUTE_53: url },
      AWS_DEFAULT_REGION: 'us-east-1',
    },
    timeout: 60_000,
  });
  const plans = JSON.parse(await readFile(plan, 'utf8')) as {
    readonly route53?: Readonly<Record<string, { readonly changes: readonly OctoDnsChange[] }>>;
  };
  return plans.route53?.[`${ZONE}.`]?.changes ?? [];
}

/** The settings that the page shows, in its order. */
export async function documentedSettings(): Promise<readonly string[]> {
  const text = await readFile(PAGE, 'utf8');
  return [...text.matchAll(/```yaml\n(.*?)```/gs)].map(([, block = '']) => block);
}
