import type { DnsName } from './names.ts';
import { dnsName } from './names.ts';

/** Hosted zones of Application and Classic Load Balancers, then of Network Load Balancers, by Region. */
const BALANCER_ZONES: Readonly<Record<string, readonly [application: string, network: string]>> = {
  'af-south-1': ['Z268VQBMOI5EKX', 'Z203XCE67M25HM'],
  'ap-east-1': ['Z3DQVH9N71FHZ0', 'Z12Y7K3UBGUAD1'],
  'ap-northeast-1': ['Z14GRHDCWA56QT', 'Z31USIVHYNEOWT'],
  'ap-northeast-2': ['ZWKZPGTI48KDX', 'ZIBE1TIR4HY56'],
  'ap-northeast-3': ['Z5LXEXXYW11ES', 'Z1GWIQ4HH19I5X'],
  'ap-south-1': ['ZP97RAFLXTNZK', 'ZVDDRBQ08TROA'],
  'ap-southeast-1': ['Z1LMS91P8CMLE5', 'ZKVM4W9LS7TM'],
  'ap-southeast-2': ['Z1GM3OXH4ZPM65', 'ZCT6FZBF4DROD'],
  'ca-central-1': ['ZQSVJUPU6J1EY', 'Z2EPGBW3API2WT'],
  'eu-central-1': ['Z215JYRZR1TBD5', 'Z3F0SRJ5LGBH90'],
  'eu-north-1': ['Z23TAZ6LKFMNIO', 'Z1UDT6IFJ4EJM'],
  'eu-south-1': ['Z3ULH7SSC9OV64', 'Z23146JA1KNAFP'],
  'eu-west-1': ['Z32O12XQLNTSW2', 'Z2IFOLAFXWLO4F'],
  'eu-west-2': ['ZHURV8PSTC4K8', 'ZD4D7Y8KGAS4G'],
  'eu-west-3': ['Z3Q77PNBQS71R4', 'Z1CMS0P5QUZ6D5'],
  'me-south-1': ['ZS929ML54UICD', 'Z3QSRYVP46NYYV'],
  'sa-east-1': ['Z2P70J7HTTTPLU', 'ZTK26PT1VY4CU'],
  'us-east-1': ['Z35SXDOTRQ7X7K', 'Z26RNL4JYFTOTI'],
  'us-east-2': ['Z3AADJGX6KTTL2', 'ZLMOA37VPKANP'],
  'us-west-1': ['Z368ELLRRE2KJ0', 'Z24FKFUX50B4VW'],
  'us-west-2': ['Z1H1FL5HABSF5', 'Z18D5FSROUN65G'],
};

/** Hosted zones of buckets that are configured as websites, by Region. */
const WEBSITE_ZONES: Readonly<Record<string, string>> = {
  'ap-east-1': 'ZNB98KWMFR0R6',
  'ap-northeast-1': 'Z2M4EHUR26P7ZW',
  'ap-northeast-2': 'Z3W03O7B5YMIYP',
  'ap-northeast-3': 'Z2YQB5RD63NC85',
  'ap-south-1': 'Z11RGJOFQNVJUP',
  'ap-southeast-1': 'Z3O0J2DXBE1FTB',
  'ap-southeast-2': 'Z1WCIGYICN2BYD',
  'ca-central-1': 'Z1QDHH18159H29',
  'eu-central-1': 'Z21DNDUVLTQW6Q',
  'eu-north-1': 'Z3BAZG2TWCNX0D',
  'eu-west-1': 'Z1BKCTXD74EZPE',
  'eu-west-2': 'Z3GKZC51ZF0DB4',
  'eu-west-3': 'Z3R1K369G5AVDG',
  'me-south-1': 'Z1MPMWCPA7YB62',
  'sa-east-1': 'Z7KQH4QJS55SO',
  'us-east-1': 'Z3AQBSTGFYJSTF',
  'us-east-2': 'Z2O1EMRO9K5GLX',
  'us-west-1': 'Z2F56UZL2M1ACD',
  'us-west-2': 'Z3BJ6K6RIION7M',
};

/** Regions whose website endpoint has a hyphen before the Region; the newer ones have a dot. */
const HYPHENATED_WEBSITES: ReadonlySet<string> = new Set([
  'ap-northeast-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'eu-west-1',
  'sa-east-1',
  'us-east-1',
  'us-west-1',
  'us-west-2',
]);

/** The hosted zone of every CloudFront distribution. */
export const CLOUDFRONT_ZONE = 'Z2FDTNDATAQYW2';

/** Services that have one hosted zone for the whole world. */
const GLOBAL_ZONES: readonly (readonly [id: string, name: string])[] = [
  [CLOUDFRONT_ZONE, 'cloudfront.net'],
  ['Z2BJ6XQ5FK7U4H', 'awsglobalaccelerator.com'],
];

/**
 * The name of each hosted zone that AWS keeps for its own alias targets, by id (AWS General Reference, "Elastic Load
 * Balancing endpoints and quotas", and the pages of CloudFront and Global Accelerator). It leaves out the services whose
 * names a fleet can hardly have as targets, and the newest Regions: a target that is registered makes its zone known.
 */
export const AWS_ALIAS_ZONES: ReadonlyMap<string, DnsName> = new Map([
  ...GLOBAL_ZONES.map(([id, name]) => [id, dnsName(name)] as const),
  ...Object.entries(BALANCER_ZONES).flatMap(([region, [application, network]]) => [
    [application, dnsName(`${region}.elb.amazonaws.com`)] as const,
    [network, dnsName(`elb.${region}.amazonaws.com`)] as const,
  ]),
]);

/**
 * The hosted zone of a load balancer, by the Region in its name (`x.eu-west-1.elb.amazonaws.com` for Application and
 * Classic Load Balancers, `x.elb.eu-west-1.amazonaws.com` for Network Load Balancers); undefined when the name is neither,
 * or the Region is not in the table.
 */
export function balancerZone(
  name: DnsName,
): { readonly zoneId: string; readonly type: 'application' | 'network' } | undefined {
  for (const [region, [application, network]] of Object.entries(BALANCER_ZONES)) {
    if (name.endsWith(`.${region}.elb.amazonaws.com`)) return { zoneId: application, type: 'application' };
    if (name.endsWith(`.elb.${region}.amazonaws.com`)) return { zoneId: network, type: 'network' };
  }
  return undefined;
}

/**
 * The hosted zone and the name that an alias to a bucket's website has in a Region (AWS General Reference, "Amazon S3
 * endpoints and quotas"); undefined when the Region is not in the table.
 */
export function websiteZone(region: string): { readonly zoneId: string; readonly name: DnsName } | undefined {
  const zoneId = Object.hasOwn(WEBSITE_ZONES, region) ? WEBSITE_ZONES[region] : undefined;
  if (zoneId === undefined) return undefined;
  const separator = HYPHENATED_WEBSITES.has(region) ? '-' : '.';
  return { zoneId, name: dnsName(`s3-website${separator}${region}.amazonaws.com`) };
}

/**
 * The hosted zone that an alias to a name of AWS must have: a load balancer's, by the form of its name and its Region, a
 * distribution's, an accelerator's, or that of a bucket's website; undefined for a name that the tables do not know.
 */
export function zoneOfAwsName(name: DnsName): string | undefined {
  const balancer = balancerZone(name);
  if (balancer !== undefined) return balancer.zoneId;
  const global = GLOBAL_ZONES.find(([, suffix]) => name.endsWith(`.${suffix}`));
  if (global !== undefined) return global[0];
  const websites = Object.keys(WEBSITE_ZONES).map((region) => websiteZone(region));
  return websites.find((website) => website?.name === name)?.zoneId;
}
