/**
 * Asks how many records a hosted zone may hold: 10,000 unless AWS raised it (Route 53 quotas). Beside the zone's port,
 * because nothing may depend on the answer: an account may not let its roles ask.
 */
export interface ZoneQuota {
  /**
   * One request, tried once. `not-told`: Route 53 is busy or away, does not know the request, or does not allow it to
   * these credentials.
   *
   * @throws ZoneUnavailable when the caller's own rate leaves no room for it before its deadline.
   */
  recordLimit(): Promise<number | 'not-told'>;
}
