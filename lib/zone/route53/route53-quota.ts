import type { Route53Client } from '@aws-sdk/client-route-53';
import { GetHostedZoneLimitCommand, HostedZoneLimitType } from '@aws-sdk/client-route-53';
import { instant } from '../../runtime/clock.ts';
import { ZoneUnavailable } from '../zone.ts';
import type { ZoneQuota } from '../zone-quota.ts';
import type { Route53ZoneSettings } from './route53-zone.ts';
import { tryOnce } from './route53-zone.ts';

/** The quota of the zone `zoneId`, by a client that was built with the same settings as a zone's. */
export function route53Quota(
  client: Route53Client,
  zoneId: string,
  settings: Route53ZoneSettings,
): ZoneQuota {
  const command = new GetHostedZoneLimitCommand({
    HostedZoneId: zoneId,
    Type: HostedZoneLimitType.MAX_RRSETS_BY_ZONE,
  });
  const options = settings.signal === undefined ? {} : { abortSignal: settings.signal };
  return {
    recordLimit: async () => {
      const { clock, deadlineMs, urgency = 'routine' } = settings;
      const sending = { urgency, deadline: instant(clock.now() + deadlineMs) };
      const asked = tryOnce({ zoneId, settings }, 'GetHostedZoneLimit', sending, () =>
        client.send(command, options),
      );
      const answer = await asked.catch(unlessLate);
      if (answer.type !== 'answer') return 'not-told';
      const limit = answer.value.Limit?.Value;
      return limit !== undefined && Number.isSafeInteger(limit) && limit >= 1 ? limit : 'not-told';
    },
  };
}

/** A rate that leaves no room for the question is no reason to end a run that can do without the answer. */
function unlessLate(error: unknown): { readonly type: 'late' } {
  if (error instanceof ZoneUnavailable) return { type: 'late' };
  throw error;
}
