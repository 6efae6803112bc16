/**
 * Asks how many records a hosted zone may hold: 10,000 unless AWS raised it (Route 53 quotas). Beside the zone's port,
 * because nothing may depend on the answer: an account may not let its roles ask.
 */
export interface ZoneQuota {
  /**
   * One request, tried once. `not-told`: Route 53 is busy or away, does not know the zone or the request, does not allow
   * it to these credentials, or the rate leaves no room for it in time.
   *
   * @throws only what ends the run that asks: a bug, or an abort while it waits for the rate.
   */
  recordLimit(): Promise<number | 'not-told'>;
}
