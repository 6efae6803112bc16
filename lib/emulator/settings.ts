import type { PlaceTable } from './places/places.ts';
import type { BucketSettings } from './token-bucket.ts';

/**
 * One way in which a service may differ from Route 53. The emulator has none of them by default: tests turn one on to
 * show that a check finds the gap that it looks for.
 */
export type Weakness =
  | 'alias-order-ignored'
  | 'apex-deletable'
  | 'change-id-unknown'
  | 'cname-clash-accepted'
  | 'create-overwrites'
  | 'cross-zone-alias-accepted'
  | 'delete-ignores-ttl'
  | 'delete-of-missing-accepted'
  | 'live-target-delete-rejected'
  | 'limits-ignored'
  /** A page after the first begins one record too late. */
  | 'listing-leaves-out'
  /** A page is in the order of the names as they are written, and not with their labels reversed. */
  | 'listing-out-of-order'
  /** A page that begins within a set of weighted records begins with the first of them again. */
  | 'listing-shows-twice'
  | 'missing-alias-target-accepted'
  | 'not-atomic'
  | 'order-ignored'
  | 'outside-name-accepted'
  /** A batch that deletes a record set and creates the identical one is refused. */
  | 'reassert-rejected'
  /** Of each record set a batch may hold one change: nothing can be replaced. */
  | 'replace-rejected'
  | 'stale-delete-accepted'
  | 'value-order-matters';

export const WEAKNESSES: readonly Weakness[] = [
  'alias-order-ignored',
  'apex-deletable',
  'change-id-unknown',
  'cname-clash-accepted',
  'create-overwrites',
  'cross-zone-alias-accepted',
  'delete-ignores-ttl',
  'delete-of-missing-accepted',
  'live-target-delete-rejected',
  'limits-ignored',
  'listing-leaves-out',
  'listing-out-of-order',
  'listing-shows-twice',
  'missing-alias-target-accepted',
  'not-atomic',
  'order-ignored',
  'outside-name-accepted',
  'reassert-rejected',
  'replace-rejected',
  'stale-delete-accepted',
  'value-order-matters',
];

export interface Route53Settings {
  /** Milliseconds from a change's commit until it is INSYNC. 0: at once. Infinity: only by `settle`. */
  readonly insyncDelayMs: number;
  /** The control plane is away: every request is answered with 503, and names go on being served. */
  readonly away?: boolean | undefined;
  /** One token a request, whatever the operation; absent: no limit. */
  readonly throttle?: BucketSettings | undefined;
  /** One token a CREATE or a DELETE of a record set, two an UPSERT; absent: no limit. */
  readonly changeThrottle?: BucketSettings | undefined;
  /** Milliseconds for which a zone answers PriorRequestNotComplete after a change; absent: never. */
  readonly busyMs?: number | undefined;
  /** Record sets a zone may hold; 10,000 unless AWS raised it (Route 53 quotas). */
  readonly recordLimit: number;
  /**
   * An alias to a name of AWS's own zones that nobody has registered. `refused`, the default: as Route 53 refuses a load
   * balancer that does not exist. `accepted`: for an account that cannot know its load balancers, such as the local
   * world's; a target that was taken away is refused all the same.
   */
  readonly unregisteredTargets?: 'refused' | 'accepted' | undefined;
  /** Where Regions and the clients of the name servers are; the built-in table unless given. */
  readonly places?: PlaceTable | undefined;
  readonly weaknesses?: ReadonlySet<Weakness> | undefined;
}

/**
 * What an account may send unless AWS raised it: one bucket of requests, whatever they ask, and one of changes ("Throttling
 * for Amazon Route 53 API requests", Route 53 Developer Guide). Each operation has a bucket of its own besides; those of
 * the operations that the emulator knows are as large as the account's, so that they never refuse what it admits, except
 * for health checks and zones that are made or deleted.
 */
export const ROUTE53_RATE = {
  throttle: { burst: 50, perSecond: 10 },
  changeThrottle: { burst: 1_500, perSecond: 100 },
} as const satisfies Partial<Route53Settings>;

/** Route 53 without lag and without throttling: what most tests want. */
export const PROMPT_ROUTE53: Route53Settings = { insyncDelayMs: 0, recordLimit: 10_000 };
