import { balancerZone, CLOUDFRONT_ZONE, websiteZone } from '../plan/aws-alias-zones.ts';
import { InvalidValue } from '../plan/invariant.ts';
import type { DnsName } from '../plan/names.ts';
import { dnsName } from '../plan/names.ts';
import type { AliasTarget } from '../plan/records.ts';
import type { NodeAnswer } from './answer-nodes.ts';
import { Inexpressible } from './answer-nodes.ts';
import type { PolicyEndpoint } from './policy-schema.ts';

/** The website endpoint of a Region, with or without the bucket before it, as the document may give it. */
const WEBSITE = /(?:^|\.)s3-website[.-]([a-z0-9-]+)\.amazonaws\.com\.?$/;

/**
 * What an endpoint of a document answers with. The hosted zones of load balancers and buckets are those of AWS's table.
 *
 * @param evaluateTargetHealth what the item that leads to it says; where it says nothing, health is evaluated, as
 *   Route 53 does for the failover rules of its own examples, which do not mention it.
 * @throws Inexpressible when no target of a fleet can be that.
 */
export function endpointAnswer(
  endpoint: PolicyEndpoint,
  place: string,
  evaluateTargetHealth = true,
): NodeAnswer {
  const { Type, Value } = endpoint;
  if (Type === 'value') return { type: 'values', values: [Value] };
  if (Type === 'elastic-beanstalk')
    throw new Inexpressible(
      'it is an Elastic Beanstalk environment, of which Pawl does not know the hosted zone',
      {
        place,
      },
    );
  const { zoneId, name } = Type === 's3-website' ? website(endpoint, place) : named(endpoint, place);
  // Route 53 refuses to evaluate the health of a distribution (AliasTarget, API reference).
  const alias: AliasTarget = {
    zoneId,
    name,
    evaluateTargetHealth: Type !== 'cloudfront' && evaluateTargetHealth,
  };
  return { type: 'alias', alias };
}

function named({ Type, Value }: PolicyEndpoint, place: string): Pick<AliasTarget, 'zoneId' | 'name'> {
  const name = nameOf(Value, place);
  if (Type === 'cloudfront') return { zoneId: CLOUDFRONT_ZONE, name };
  const zone = balancerZone(name);
  if (zone === undefined)
    throw new Inexpressible(
      `${name} is no load balancer's name of a Region that Pawl knows, so that its hosted zone is not known`,
      { place },
    );
  const isNetwork = Type === 'network-load-balancer';
  if ((zone.type === 'network') !== isNetwork)
    throw new Inexpressible(
      `${name} is the name of ${isNetwork ? 'an Application or Classic' : 'a Network'} Load Balancer, and its type is ${Type}`,
      { place },
    );
  return { zoneId: zone.zoneId, name };
}

function website({ Region, Value }: PolicyEndpoint, place: string): Pick<AliasTarget, 'zoneId' | 'name'> {
  const region = Region ?? WEBSITE.exec(Value)?.[1];
  if (region === undefined)
    throw new Inexpressible('its bucket is in no Region that the document names', { place });
  const zone = websiteZone(region);
  if (zone === undefined)
    throw new Inexpressible(
      `its bucket is in ${region}, where Pawl does not know the hosted zone of websites`,
      {
        place,
      },
    );
  return zone;
}

function nameOf(text: string, place: string): DnsName {
  try {
    return dnsName(text);
  } catch (error) {
    if (!(error instanceof InvalidValue)) throw error;
    throw new Inexpressible(`${JSON.stringify(text)} is not a DNS name`, { place, cause: error });
  }
}
