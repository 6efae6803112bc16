/** One changed field of a policy, an endpoint or a target that stays, with the old and the new value. */
export interface FieldChange {
  readonly subject: string;
  /** Its place in the file, as seen from the subject: `ttl`, `route.weighted.blue.share`. */
  readonly field: string;
  readonly before: string;
  readonly after: string;
  /** Of a list in a route: what came. */
  readonly added?: readonly string[];
  /** Of a list in a route: what went. */
  readonly removed?: readonly string[];
}
