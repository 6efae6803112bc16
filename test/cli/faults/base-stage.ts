import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fleetText } from '../rehearsal.ts';
import type { FaultyEndpoints } from './faulty-endpoints.ts';
import type { Stage } from './stage.ts';
import { emptyStage, play } from './stage.ts';
import type { Verb } from './verbs.ts';
import { CELL, looserDigest } from './verbs.ts';

/** The first of its endpoints answers by Region. */
const ROUTED = fleetText({ capacity: 80 })
  .replace(
    '    zone: example.test\n',
    '    zone: example.test\n    policy: { capacity_removed_percent: 100, endpoints_changed_percent: 100 }\n',
  )
  .replace(
    'targets: [api-1, api-2]',
    'route: { latency: { eu-west-1: { targets: [api-1] }, us-east-1: { targets: [api-2] } } }',
  );

/** The second of its endpoints is another cell's. */
const MOVED = fleetText({ capacity: 80 }).replace(
  '      www.example.test: { kind: addresses, targets: [web-1, web-2] }\n',
  `  use1-b:
    zone: example.test
    targets: { web-1: { az: az1, capacity: 50, ipv4: 192.0.2.11 } }
    endpoints: { www.example.test: { kind: addresses, targets: [web-1] } }
`,
);

/** Two cells, the second of which has an endpoint with this address. */
function bothText(capacity: number, address: string): string {
  return `${fleetText({ capacity })}  use1-b:
    zone: example.test
    policy: { coalesce_s: 0, capacity_removed_percent: 100 }
    targets: { far-1: { az: az1, capacity: 50, ipv4: ${address} } }
    endpoints: { far.example.test: { kind: addresses, targets: [far-1] } }
`;
}

/** Where every verb begins: two plans are applied. Writes the files that verbs name into the folder. */
export async function baseStage(endpoints: FaultyEndpoints, folder: string): Promise<Stage> {
  const texts = {
    first: fleetText(),
    second: fleetText({ capacity: 80 }),
    third: fleetText({ capacity: 90 }),
    // So much capacity goes that api is kept back.
    small: fleetText({ capacity: 2 }),
    // A target may go, however much it is.
    loose: fleetText({ capacity: 80 }).replace(
      '    zone: example.test\n',
      '    zone: example.test\n    policy: { capacity_removed_percent: 100, endpoints_changed_percent: 100 }\n',
    ),
    routed: ROUTED,
    // One of its endpoints goes over to another cell of the zone.
    moved: MOVED,
    both: bothText(80, '192.0.2.31'),
    waved: bothText(79, '192.0.2.32'),
    two: fleetText({
      extra: ['old', 'new']
        .map((name) => `      ${name}.example.test: { kind: addresses, targets: [api-1, api-2] }\n`)
        .join(''),
    }),
    old: fleetText({ extra: '      old.example.test: { kind: addresses, targets: [api-1, api-2] }\n' }),
  };
  for (const [name, text] of Object.entries(texts)) await writeFile(join(folder, `${name}.yaml`), text);
  const played = play(endpoints, emptyStage());
  for (const name of ['first', 'second']) {
    await played.pawl(`fleet push ${folder}/${name}.yaml --yes`);
    await played.pawl('plan --append');
    await played.pawl('enact use1-a');
    if (name === 'second') break;
    await played.pawl(`rescue --export --cell use1-a --zone example.test --out ${folder}/first.json`);
  }
  const stage = played.stage();
  const [zone] = stage.core.listHostedZones().zones;
  const cells = { 'use1-a': { zone: zone?.name, zoneId: zone?.id, names: ['*.example.test'] } };
  await writeFile(join(folder, 'deployment.json'), JSON.stringify({ cells }));
  return stage;
}

/** Removes the files that verbs write. */
export async function withoutWritten(folder: string): Promise<void> {
  for (const name of ['back.json', 'taken.yaml']) await rm(join(folder, name), { force: true });
}

/** The world in which a verb is typed. */
export async function prepared(
  endpoints: FaultyEndpoints,
  base: Stage,
  { before }: Verb,
  folder: string,
): Promise<Stage> {
  await withoutWritten(folder);
  const played = play(endpoints, base);
  await before?.(played, folder);
  return played.stage();
}

/** What is typed after `pawl`. */
export async function lineOf(
  endpoints: FaultyEndpoints,
  stage: Stage,
  { line }: Verb,
  folder: string,
): Promise<string> {
  const played = play(endpoints, stage);
  const { state } = await (await played.world().ledger()).head(CELL);
  const digest = state.keptBack[0]?.digest ?? '';
  return line
    .replace('FOLDER', folder)
    .replace('DIGEST', digest)
    .replace('LOOSENING', await looserDigest(played));
}
