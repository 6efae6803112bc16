import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Route53Server } from '../../lib/emulator/wire/http-server.ts';
import { serveRoute53 } from '../../lib/emulator/wire/http-server.ts';
import type { CellFleet, FleetRoute } from '../../lib/plan/fleet-model.ts';
import { dnsName } from '../../lib/plan/names.ts';
import type { Rehearsal } from '../cli/rehearsal.ts';
import { rehearsal } from '../cli/rehearsal.ts';
import { declared, leftOf } from '../support/declared.ts';
import { imported } from '../support/imported.ts';
import { NO_FILTER, octoDnsPlan, writeZoneFile } from './octodns-run.ts';

/**
 * OctoDNS wants the keys of each map in order. It creates the records of pools in the order of their names, and the
 * emulator no alias before all records of its target are made: a pool comes after the one behind it.
 */
const ZONE_FILE = `'':
- {ttl: 300, type: A, values: [192.0.2.1, 192.0.2.2]}
- {ttl: 300, type: AAAA, value: '2001:db8::1'}
- {ttl: 300, type: MX, value: {exchange: mx.example.net., preference: 10}}
'*.apps': {ttl: 60, type: CNAME, value: lb.example.net.}
api:
  dynamic:
    pools:
      all:
        values: [{status: up, value: 192.0.2.21}, {status: up, value: 192.0.2.22}]
      eu:
        fallback: all
        values: [{value: 192.0.2.11, weight: 2}, {value: 192.0.2.12, weight: 1}]
      gb: {fallback: eu, values: [{value: 192.0.2.31}]}
    rules:
    - {geos: [EU-GB], pool: gb}
    - {geos: [AF-ZA, EU], pool: eu}
    - {geos: [NA-US-CA], pool: all}
    - {pool: all}
  ttl: 60
  type: A
  values: [192.0.2.9]
balanced:
  dynamic:
    pools:
      one: {values: [{value: one.example.net., weight: 3}, {value: two.example.net., weight: 2}]}
    rules: [{pool: one}]
  ttl: 60
  type: CNAME
  value: sorry.example.net.
'no-ttl': {type: A, value: 192.0.2.40}
`;

let stage: Rehearsal;
let emulator: Route53Server;
let front: Server;
let url: string;

beforeEach(async () => {
  stage = await rehearsal();
  emulator = await serveRoute53(stage.core, { port: 0 });
  front = createServer((request, response) => void forward(request, response));
  front.listen(0, '127.0.0.1');
  await once(front, 'listening');
  url = `http://127.0.0.1:${(front.address() as AddressInfo).port}`;
});

afterEach(async () => {
  front.close();
  front.closeAllConnections();
  await emulator.close();
});

/** OctoDNS gives its health checks tags, and the emulator has none: they are taken and forgotten. */
async function forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await buffer(request);
  if (request.method === 'POST' && request.url?.startsWith('/2013-04-01/tags/') === true) {
    response.end('<ChangeTagsForResourceResponse xmlns="https://route53.amazonaws.com/doc/2013-04-01/"/>');
    return;
  }
  const answered = await fetch(`${emulator.url}${request.url ?? ''}`, {
    method: request.method ?? 'GET',
    headers: { authorization: request.headers.authorization ?? '' },
    ...(body.length === 0 ? {} : { body }),
  });
  response.writeHead(answered.status, { 'content-type': 'text/xml' });
  response.end(await answered.text());
}

it('what OctoDNS makes of its file in Route 53 is imported as the file is', async () => {
  const { core, zoneId } = stage;
  const path = await writeZoneFile(stage.folder, ZONE_FILE);
  const made = await octoDnsPlan({
    folder: stage.folder,
    url,
    settings: NO_FILTER,
    isApplied: true,
  });
  expect(made).toHaveLength(7);
  const { records } = core.listResourceRecordSets(zoneId, { maxItems: 1000 });
  const zone = imported(records, { name: dnsName('example.test'), id: zoneId });
  const file = declared('octodns', { [path]: ZONE_FILE }, { id: zoneId });
  expect(answers(file.fleets)).toEqual(answers(zone.fleets));
  expect(answers(file.fleets).map(({ name }) => name)).toHaveLength(5);
  // In the zone the names that OctoDNS makes up are there to be seen, and listed.
  expect(leftOf(zone).filter((line) => !line.startsWith('_octodns-'))).toEqual(leftOf(file));
  const checked = zone.fleets[0]?.targets.filter(({ healthCheckId }) => healthCheckId !== undefined);
  expect(checked?.length).toBeGreaterThan(0);
  expect(file.yaml).toContain('OctoDNS checks its targets (HTTPS for api.example.test/_dns at port 443)');
});

/** What each endpoint answers with, whatever its targets are called and whoever checks them. */
function answers(fleets: readonly CellFleet[]) {
  return fleets.flatMap(({ endpoints, targets }) => {
    const contents = new Map(
      targets.map(({ id, healthCheckId: _, ...content }) => [id, { ...content, health: 'any' }]),
    );
    const routed = (route: FleetRoute): unknown =>
      route.type === 'targets'
        ? { ...route, targets: route.targets.map((id) => contents.get(id)) }
        : {
            policy: route.policy,
            branches: route.branches.map((branch) => ({ ...branch, route: routed(branch.route) })),
          };
    return [...endpoints]
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ name, ttl, kind, route, targets: ids }) => ({
        ...{ name, ttl, kind },
        route: route === undefined ? ids.map((id) => contents.get(id)) : routed(route),
      }));
  });
}
