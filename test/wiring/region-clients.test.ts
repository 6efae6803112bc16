import { BlockList } from 'node:net';
import { describe, expect, test } from 'vitest';
import { holds, ipBlock } from '../../lib/emulator/places/ip-block.ts';
import { AWS_REGIONS } from '../../lib/plan/aws-regions.ts';
import { REGION_NETWORKS } from '../../lib/wiring/region-clients.ts';

/** IPv4 networks that are nobody's on the Internet (IANA IPv4 Special-Purpose Address Registry; RFC 5771, RFC 1112). */
const SPECIAL = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  SPECIAL.addSubnet(network, prefix);

const NETWORKS = REGION_NETWORKS.map(([region, network]) => {
  const block = ipBlock(network);
  if (block === undefined) throw new Error(`${network} is no network`);
  return { region, network, block };
});

describe('the clients of Regions', () => {
  test.each(NETWORKS)('$network of $region is a public network, written as one', ({ network, block }) => {
    const [address = '', prefix] = network.split('/');
    expect(SPECIAL.check(address)).toBe(false);
    expect(block).toMatchObject({ family: 1, prefix: Number(prefix) });
    expect(ipBlock(address)?.number).toBe(block.number);
    expect(block.prefix).toBeGreaterThanOrEqual(8);
    expect(block.prefix).toBeLessThanOrEqual(24);
  });

  test('are in networks of which none holds another', () => {
    const pairs = NETWORKS.flatMap((one) =>
      NETWORKS.filter((other) => other !== one && holds(one.block, other.block)).map(({ network }) => [
        one.network,
        network,
      ]),
    );
    expect(pairs).toEqual([]);
  });

  test('are of Regions that Pawl knows, each once, and of all of them', () => {
    const regions = REGION_NETWORKS.map(([region]) => region);
    expect(new Set(regions).size).toBe(regions.length);
    expect(regions.filter((region) => !AWS_REGIONS.includes(region))).toEqual([]);
    // A Region that is added without a network of its own is told here.
    expect(AWS_REGIONS.filter((region) => !regions.includes(region))).toMatchInlineSnapshot(`[]`);
  });
});
