import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { describeZone } from '../../lib/importer/describe-zone.ts';
import { dnsName } from '../../lib/plan/names.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import { fromSdkRecord } from '../../lib/zone/route53/record-shapes.ts';
import type { Imported } from '../support/imported.ts';
import { imported } from '../support/imported.ts';

/*
 * Zones in the shape of `aws route53 list-resource-record-sets`, each with what is usual in zones of one origin: made in
 * the console (aliases to CloudFront, load balancers and buckets, certificates' and mail's CNAMEs), kept by a tool that
 * makes pools of them (weighted values behind failover behind geolocation, names with underscores), and loaded from a
 * zone file (long TTLs, capital letters in identifiers, a weight of 0).
 */
const ZONE = { name: dnsName('example.com'), id: 'Z0123456789ABCDEFGHIJ' };

async function exported(name: string): Promise<readonly RecordSet[]> {
  const text = await readFile(new URL(`./exports/${name}.json`, import.meta.url), 'utf8');
  const { ResourceRecordSets } = JSON.parse(text) as {
    readonly ResourceRecordSets: readonly Parameters<typeof fromSdkRecord>[0][];
  };
  return ResourceRecordSets.map(fromSdkRecord);
}

function answers({ planned }: Imported): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    [...planned].map(([name, { leaves }]) => [
      name,
      leaves.map(
        ({ type, weight, values, alias }) =>
          `${type} ${weight} ${values?.join(' ') ?? `alias ${alias?.name}`}`,
      ),
    ]),
  );
}

function left({ unexpressed }: Imported): readonly string[] {
  return unexpressed.map(({ name, type }) => `${name} ${type}`);
}

describe('a zone', () => {
  it('made in the console', async () => {
    const records = await exported('console');
    // A weight of 0 behind an alias that evaluates health is a standby.
    const api = describeZone(records, ZONE, { names: [dnsName('api.example.com')] });
    expect(api.yaml).toContain('targets: [api-blue]\n        standby: [api-green]\n');
    const names = [...new Set(records.map(({ name }) => name))].filter((name) => !name.startsWith('api.'));
    const zone = imported(records, ZONE, { names });
    expect(answers(zone)).toEqual({
      '*.dev.example.com': ['A 255 198.51.100.7'],
      '_3f2a9c.example.com': ['CNAME 255 _7b1d.kqzvtxz.acm-validations.aws'],
      'bastion.example.com': ['A 255 203.0.113.9'],
      'example.com': [
        'A 255 alias d111111abcdef8.cloudfront.net',
        'AAAA 255 alias d111111abcdef8.cloudfront.net',
      ],
      'static.example.com': ['A 255 alias s3-website-us-east-1.amazonaws.com'],
      'www.example.com': ['A 255 alias example.com'],
      'xyz._domainkey.example.com': ['CNAME 255 xyz.dkim.amazonses.com'],
    });
    expect(left(zone)).toEqual(['example.com MX', 'example.com TXT', 'internal.example.com NS']);
  });

  it('kept by a tool that makes pools', async () => {
    const { yaml, unexpressed } = describeZone(await exported('pools'), ZONE);
    expect(yaml?.split('targets:\n')[1]?.split('\n\n')[0]).toMatchInlineSnapshot(`
      "      www-eu-primary-eu-000: { az: unknown, capacity: 2, ipv4: 192.0.2.11, health_check_id: '76d1f3a0' }
            www-eu-primary-eu-001: { az: unknown, capacity: 1, ipv4: 192.0.2.12 }
            www-eu-secondary: { az: unknown, capacity: 1, ipv4: [192.0.2.1, 192.0.2.2] } # set identifier "eu-Secondary-default"
          endpoints:
            www.example.com:
              kind: addresses
              families: [A]
              ttl_s: 60
              route:
                geolocation:
                  default: { targets: [www-eu-primary-eu-000, www-eu-primary-eu-001], standby: [www-eu-secondary] }
                  EU: { targets: [www-eu-primary-eu-000, www-eu-primary-eu-001], standby: [www-eu-secondary] }"
    `);
    const reason =
      'its answers are in the route of www.example.com: give it to --name to take it over as well';
    expect(unexpressed).toEqual(
      ['default-pool', 'eu-value', 'eu-pool'].map((pool) => ({
        name: `_octodns-${pool}.www.example.com`,
        type: 'A',
        reason,
      })),
    );
  });

  it('has its inner names too where someone asks for them', async () => {
    const names = ['default-pool', 'eu-value'].map((pool) => dnsName(`_octodns-${pool}.www.example.com`));
    const zone = imported(await exported('pools'), ZONE, { names });
    expect(answers(zone)).toEqual({
      '_octodns-default-pool.www.example.com': ['A 255 192.0.2.1 192.0.2.2'],
      '_octodns-eu-value.www.example.com': ['A 255 192.0.2.11', 'A 128 192.0.2.12'],
    });
    expect(zone.fleets[0]?.targets.map(({ id, healthCheckId }) => [id, healthCheckId])).toEqual([
      ['octodns-default-pool-www', undefined],
      ['octodns-eu-value-www-eu-000', '76d1f3a0'],
      ['octodns-eu-value-www-eu-001', undefined],
    ]);
  });

  it('loaded from a zone file', async () => {
    const records = await exported('zone-file');
    const names = [...new Set(records.map(({ name }) => name))].filter(
      (name) => !/^(geo|latency|multi)[.]/.test(name),
    );
    const zone = imported(records, ZONE, { names });
    expect(answers(zone)).toEqual({
      'alias.example.com': ['A 255 alias www.example.com'],
      'example.com': ['A 255 192.0.2.1'],
      'root.example.com': ['CNAME 255 example.com'],
      'weighted.example.com': ['A 128 192.0.2.61', 'A 255 192.0.2.62'],
      'www.example.com': ['A 255 192.0.2.1', 'AAAA 255 2001:db8::1'],
    });
    expect(left(zone)).toEqual(['example.com MX', '_sip._tcp.example.com SRV']);
    const ttls = zone.fleets[0]?.endpoints.map(({ name, ttl }) => [name, ttl]);
    expect(ttls).toContainEqual(['root.example.com', 86_400]);
    expect(ttls).toContainEqual(['www.example.com', 300]);
    expect(zone.lowered).toContainEqual({ name: 'root.example.com', fromS: 604_800, toS: 86_400 });
    expect(zone.lowered).toContainEqual({ name: 'www.example.com', fromS: 86_400, toS: 300 });
    expect(zone.lowered).toHaveLength(2);
    expect(zone.yaml).toContain('# its TTL is 604800 s, more than the longest here');
    expect(zone.yaml).toContain('# its records have TTLs of 300, 86400 s: this is the shortest');
  });
});
