import { AWS_ALIAS_ZONES } from '../plan/aws-alias-zones.ts';
import type { DnsName } from '../plan/names.ts';
import { dnsName, isWithin } from '../plan/names.ts';
import type { AliasTarget } from '../plan/records.ts';
import { parseDomain } from './domain-names.ts';
import { invalidInput } from './route53-error.ts';
import type { KnownTarget, Route53State } from './route53-state.ts';

/** The load balancers and the like that an alias may name, outside Route 53; costs no request. See
 * docs/adr/0049-alias-targets-exist-or-not.md. */
export interface AliasTargetControl {
  /** Makes a target, or takes it away: its name then has no address, and no new alias may name it. @throws Route53Error InvalidInput. */
  setAliasTarget(target: { readonly zoneId: string; readonly name: string }, exists: boolean): void;
  /** Whether the target of an alias into a hosted zone that is not the account's exists. */
  hasAliasTarget(target: Pick<AliasTarget, 'zoneId' | 'name'>): boolean;
  /** Every target that was made or taken away, and the examples. */
  aliasTargets(): readonly KnownTarget[];
}

/** Route 53 finds a load balancer also by its name with this in front, under which it has both families. */
const DUAL_STACK = 'dualstack.';

const US_EAST_1 = 'Z35SXDOTRQ7X7K';
const EU_WEST_1 = 'Z32O12XQLNTSW2';

/** The load balancers of examples/fleet.yaml, which every account of the emulator begins with. */
const EXAMPLES: readonly (readonly [zoneId: string, name: string])[] = [
  [US_EAST_1, 'shop-1-1234567890.us-east-1.elb.amazonaws.com'],
  [US_EAST_1, 'shop-2-1234567891.us-east-1.elb.amazonaws.com'],
  [US_EAST_1, 'shop-3-1234567892.us-east-1.elb.amazonaws.com'],
  [EU_WEST_1, 'shop-1-2345678901.eu-west-1.elb.amazonaws.com'],
  [EU_WEST_1, 'shop-2-2345678902.eu-west-1.elb.amazonaws.com'],
  [EU_WEST_1, 'shop-3-2345678903.eu-west-1.elb.amazonaws.com'],
];

/** The targets that a new account has. */
export function firstAliasTargets(): Map<string, KnownTarget> {
  return targetMap(EXAMPLES.map(([zoneId, name]) => ({ zoneId, name: dnsName(name), exists: true })));
}

export function targetMap(targets: readonly KnownTarget[]): Map<string, KnownTarget> {
  return new Map(targets.map((target) => [keyOf(target), { ...target, name: bareName(target.name) }]));
}

export function aliasTargetControl(state: Route53State): AliasTargetControl {
  return {
    setAliasTarget({ zoneId, name }, exists) {
      const parsed = parseDomain(name);
      if ('problem' in parsed) throw invalidInput(parsed.problem);
      const target = { zoneId, name: bareName(parsed.name), exists };
      state.aliasTargets.set(keyOf(target), target);
      state.deps.changed?.();
    },
    hasAliasTarget: (target) => targetProblem(state, target) === undefined,
    aliasTargets: () => [...state.aliasTargets.values()],
  };
}

/**
 * Why Route 53 refuses an alias to a name of a hosted zone that the account does not hold; undefined when the target is
 * there. `outside`: the zone id is nobody's, or the name is not in that zone. `missing`: nothing has this name.
 */
export function targetProblem(
  { aliasTargets, settings }: Pick<Route53State, 'aliasTargets' | 'settings'>,
  target: Pick<AliasTarget, 'zoneId' | 'name'>,
): 'outside' | 'missing' | undefined {
  const known = aliasTargets.get(keyOf(target));
  if (known !== undefined) return known.exists ? undefined : 'missing';
  const zone = AWS_ALIAS_ZONES.get(target.zoneId);
  if (zone === undefined || target.name === zone || !isWithin(target.name, zone)) return 'outside';
  return settings.unregisteredTargets === 'accepted' ? undefined : 'missing';
}

function keyOf({ zoneId, name }: Pick<AliasTarget, 'zoneId' | 'name'>): string {
  return `${zoneId} ${bareName(name)}`;
}

function bareName(name: DnsName): DnsName {
  return name.startsWith(DUAL_STACK) ? dnsName(name.slice(DUAL_STACK.length)) : name;
}
