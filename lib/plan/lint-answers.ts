import type { Finding } from './findings.ts';
import type { DnsName } from './names.ts';
import type { Leaf } from './plan.ts';

/** Below this share of an endpoint's answers, in thousandths, a target is as good as not there. */
const SMALL_SHARE_PERMILLE = 10;

/**
 * Notes about what the targets of an endpoint answer, at most one of each kind, which names the first case of it and how
 * many there are. Pure.
 */
export function lintAnswers(subject: DnsName, leaves: readonly Leaf[]): readonly Finding[] {
  // A target may answer in several branches.
  const once = new Map(leaves.map((leaf) => [`${leaf.type} ${leaf.target}`, leaf]));
  const addressed = [...once.values()].filter(({ type }) => type !== 'CNAME');
  const nodes = new Set(leaves.map(({ node }) => node));
  const small = [...nodes].map((node) =>
    smallShare(
      subject,
      leaves.filter((leaf) => leaf.node === node),
    ),
  );
  return [
    ...unservedAddress(subject, addressed),
    ...sharedAddress(subject, addressed),
    ...(small.find((found) => found.length > 0) ?? []),
  ];
}

function unservedAddress(subject: DnsName, leaves: readonly Leaf[]): readonly Finding[] {
  const found = leaves.flatMap(({ target, values = [] }) =>
    values.flatMap((address) => {
      const scope = scopeWithoutService(address);
      return scope === undefined ? [] : [{ target, address, scope }];
    }),
  );
  const [first] = found;
  if (first === undefined) return [];
  return [{ code: 'unserved-address', severity: 'note', subject, ...first, addresses: found.length }];
}

/**
 * What an address is for, if no client elsewhere is served at it: IANA's special-purpose address registries (RFC 6890),
 * and the multicast blocks of RFC 5771 and RFC 4291. Addresses are canonical texts; anything else gives undefined.
 */
function scopeWithoutService(address: string): string | undefined {
  if (address === '::' || address.startsWith('0.')) return 'unspecified';
  if (address === '::1' || address.startsWith('127.')) return 'loopback';
  if (address === '255.255.255.255') return 'broadcast';
  if (/^(22[4-9]|23\d)\./.test(address) || /^ff[0-9a-f]{2}:/.test(address)) return 'multicast';
  return undefined;
}

function sharedAddress(subject: DnsName, leaves: readonly Leaf[]): readonly Finding[] {
  const owners = new Map<string, string>();
  const found: { readonly address: string; readonly target: string; readonly otherTarget: string }[] = [];
  for (const { target, values = [] } of leaves) {
    for (const address of values) {
      const otherTarget = owners.get(address);
      if (otherTarget === undefined) owners.set(address, target);
      else found.push({ address, target, otherTarget });
    }
  }
  const [first] = found;
  if (first === undefined) return [];
  return [{ code: 'shared-address', severity: 'note', subject, ...first, addresses: found.length }];
}

function smallShare(subject: DnsName, leaves: readonly Leaf[]): readonly Finding[] {
  const types = [...new Set(leaves.map(({ type }) => type))];
  const found = types.flatMap((type) => {
    const ofType = leaves.filter((leaf) => leaf.type === type);
    const sum = ofType.reduce((total, { weight }) => total + weight, 0);
    // Among many of much the same size each gets little, and none of them because of another's size.
    const halfOfEqual = 500 / ofType.length;
    return ofType
      .map(({ target, weight }) => ({ target, permille: (weight * 1_000) / sum }))
      .filter(({ permille }) => permille < Math.min(SMALL_SHARE_PERMILLE, halfOfEqual));
  });
  const [first] = found;
  if (first === undefined) return [];
  const permille = Math.round(first.permille);
  return [
    { code: 'small-share', severity: 'note', subject, target: first.target, permille, targets: found.length },
  ];
}
