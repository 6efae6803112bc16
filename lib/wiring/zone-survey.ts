import type { Route53Client } from '@aws-sdk/client-route-53';
import { GetHostedZoneCommand, GetHostedZoneLimitCommand } from '@aws-sdk/client-route-53';
import { dnsName } from '../plan/names.ts';
import type { HostedZoneFacts, SurveyedZone, ZoneSurvey } from '../preflight/survey.ts';
import { NotAsked } from '../preflight/survey.ts';
import { parseZone } from '../zone/route53/service-answers.ts';
import type { Failure } from '../zone/route53/service-errors.ts';
import { classify, deniedAdvice, UnbelievableAnswer } from '../zone/route53/service-errors.ts';

/** Words of HostedZoneFeatures (API reference) for a feature that is on, and off. */
const RECOVERY = new Map([
  ['ENABLED', 'enabled'],
  ['DISABLED', 'disabled'],
]);

/** Route 53 as the preflight asks it, through the client that `clientOf` has for a zone. One attempt a request. */
export function route53Survey(clientOf: (zone: SurveyedZone) => Route53Client): ZoneSurvey {
  return {
    describe: (zone) =>
      answered(
        'GetHostedZone',
        async () => factsOf(zone, await clientOf(zone).send(new GetHostedZoneCommand({ Id: zone.zoneId }))),
        ({ kind }) => kind === 'no-zone',
      ),
    records: async (zone) => {
      const command = new GetHostedZoneLimitCommand({
        HostedZoneId: zone.zoneId,
        Type: 'MAX_RRSETS_BY_ZONE',
      });
      const room = await answered('GetHostedZoneLimit', async () => {
        const { Limit, Count } = await clientOf(zone).send(command);
        if (Limit?.Value === undefined || Count === undefined)
          throw new UnbelievableAnswer('a limit without its value or its count');
        return { used: Count, limit: Limit.Value };
      });
      if (room === undefined) throw new NotAsked(`there is no hosted zone ${zone.zoneId}`);
      return room;
    },
    throttledOf: async (zone, requests) => {
      const client = clientOf(zone);
      const read = () =>
        answered('GetHostedZone', () => client.send(new GetHostedZoneCommand({ Id: zone.zoneId })), isBusy);
      const answers = await Promise.all(Array.from({ length: requests }, read));
      return answers.filter((answer) => answer === undefined).length;
    },
  };
}

function isBusy({ kind }: Failure): boolean {
  return kind === 'busy';
}

/** What an operation answered; undefined for a failure that is an answer too. @throws NotAsked. */
async function answered<T>(
  operation: string,
  send: () => Promise<T>,
  isAnswer: (failure: Failure) => boolean = () => false,
): Promise<T | undefined> {
  try {
    return await send();
  } catch (error) {
    const failure = classify(error);
    if (isAnswer(failure)) return undefined;
    const advice = failure.kind === 'denied' ? `: ${deniedAdvice(error, operation)}` : '';
    throw new NotAsked(`Route 53 does not say it (${failure.reason})${advice}`, { cause: error });
  }
}

function factsOf({ zoneId }: SurveyedZone, answer: Parameters<typeof parseZone>[1]): HostedZoneFacts {
  const { name, private: isPrivate } = parseZone(zoneId, answer);
  const { DelegationSet: delegation, HostedZone: zone } = answer;
  const status = zone?.Features?.AcceleratedRecoveryStatus ?? 'DISABLED';
  return {
    name,
    private: isPrivate,
    nameServers: (delegation?.NameServers ?? []).map(dnsName),
    acceleratedRecovery: RECOVERY.get(status) ?? status,
  };
}
