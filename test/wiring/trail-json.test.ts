import { describe, expect, it } from 'vitest';
import { InvalidValue } from '../../lib/plan/invariant.ts';
import { trailEventOf } from '../../lib/wiring/trail-json.ts';

const RECORD_SET = { name: 'a.example.test.', type: 'A', tTL: 60, resourceRecords: [{ value: '192.0.2.1' }] };
const EVENT = {
  eventVersion: '1.11',
  userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::1:user/ana', accessKeyId: 'AKIA', userName: 'ana' },
  eventTime: '2026-11-28T10:00:03Z',
  eventSource: 'route53.amazonaws.com',
  eventName: 'ChangeResourceRecordSets',
  requestParameters: {
    hostedZoneId: 'Z1',
    changeBatch: { changes: [{ action: 'CREATE', resourceRecordSet: RECORD_SET }] },
  },
  responseElements: { changeInfo: { id: '/change/C1', status: 'PENDING' } },
  eventID: 'e1',
};

describe('an event of a trail', () => {
  it('has its batch, its zone, its moment and its change', () => {
    const event = trailEventOf(EVENT);
    expect(event).toMatchObject({ id: 'e1', at: Date.UTC(2026, 10, 28, 10, 0, 3), zoneId: 'Z1' });
    expect(event?.content).toEqual({
      type: 'batch',
      changeId: 'C1',
      changes: [
        {
          action: 'CREATE',
          record: { name: 'a.example.test', type: 'A', ttl: 60, values: ['192.0.2.1'] },
        },
      ],
    });
    expect(
      trailEventOf({
        ...EVENT,
        requestParameters: { ...EVENT.requestParameters, hostedZoneId: '/hostedzone/Z1' },
      }),
    ).toEqual(event);
  });

  it('is read out of the detail of an event of EventBridge too', () => {
    expect(trailEventOf({ 'detail-type': 'AWS API Call via CloudTrail', detail: EVENT })).toEqual(
      trailEventOf(EVENT),
    );
  });

  it('names its sender by the ARN, and by everything by which the sender may be meant', () => {
    expect(trailEventOf(EVENT)?.who).toEqual({
      name: 'arn:aws:iam::1:user/ana',
      names: ['arn:aws:iam::1:user/ana', 'AKIA', 'ana'],
    });
    const userIdentity = {
      type: 'AssumedRole',
      arn: 'arn:aws:sts::1:assumed-role/pawl-enactor/run-5',
      principalId: 'AROA:run-5',
      sessionContext: {
        sessionIssuer: { arn: 'arn:aws:iam::1:role/pawl-enactor', userName: 'pawl-enactor' },
      },
    };
    const role = trailEventOf({ ...EVENT, userIdentity })?.who;
    expect(role?.name).toBe(userIdentity.arn);
    expect(role?.names).toEqual([
      userIdentity.arn,
      'arn:aws:iam::1:role/pawl-enactor',
      'pawl-enactor',
      'AROA:run-5',
    ]);
    expect(
      trailEventOf({ ...EVENT, userIdentity: { type: 'AWSService', invokedBy: 'x.amazonaws.com' } })?.who
        .name,
    ).toBe('x.amazonaws.com');
    expect(trailEventOf({ ...EVENT, userIdentity: null })?.who).toEqual({
      name: 'nobody says who',
      names: [],
    });
  });

  it('with an error code was refused, whatever was in it', () => {
    const refused = { ...EVENT, errorCode: 'InvalidChangeBatchException', responseElements: null };
    expect(trailEventOf(refused)?.content).toEqual({ type: 'refused' });
    expect(trailEventOf({ ...refused, requestParameters: null })).toMatchObject({
      zoneId: '',
      content: { type: 'refused' },
    });
    expect(trailEventOf({ ...EVENT, errorCode: null })?.content.type).toBe('batch');
  });

  it('without its contents is said to be omitted, in every form in which CloudTrail leaves them out', () => {
    const { hostedZoneId, changeBatch } = EVENT.requestParameters;
    const forms: readonly (readonly [form: object, zoneId: string])[] = [
      [{ requestParameters: { omitted: true, originalSize: 200_000 } }, ''],
      [{ requestParameters: { hostedZoneId, omitted: true } }, 'Z1'],
      [{ requestParameters: { hostedZoneId, changeBatch: { omitted: true } } }, 'Z1'],
      [{ requestParameters: { hostedZoneId, changeBatch: {} } }, 'Z1'],
      [{ requestParameters: null }, ''],
      [{ omitted: true }, 'Z1'],
      // Of which zone a batch is nobody may guess.
      [{ requestParameters: { changeBatch } }, ''],
    ];
    for (const [form, zoneId] of forms)
      expect(trailEventOf({ ...EVENT, ...form }), JSON.stringify(form)).toMatchObject({
        zoneId,
        content: { type: 'omitted', changeId: 'C1' },
      });
  });

  it('may say that the zone was made', () => {
    const made = {
      ...EVENT,
      eventName: 'CreateHostedZone',
      responseElements: { hostedZone: { id: '/hostedzone/Z7' } },
    };
    expect(trailEventOf(made)).toMatchObject({ zoneId: 'Z7', content: { type: 'zone-made' } });
    expect(trailEventOf({ ...made, errorCode: 'ConflictingDomainExistsException' })).toBeUndefined();
    expect(trailEventOf({ ...made, responseElements: null })).toBeUndefined();
  });

  it('about something else is left out, and what is no event is refused', () => {
    expect(trailEventOf({ ...EVENT, eventName: 'GetChange' })).toBeUndefined();
    expect(trailEventOf({ ...EVENT, eventSource: 'ec2.amazonaws.com' })).toBeUndefined();
    const changes = [{ action: 'PATCH', resourceRecordSet: RECORD_SET }];
    const wrong: readonly unknown[] = [
      null,
      [],
      {},
      { detail: {} },
      { ...EVENT, eventID: undefined },
      { ...EVENT, eventTime: 'soon' },
      { ...EVENT, requestParameters: { hostedZoneId: 'Z1', changeBatch: { changes } } },
      { ...EVENT, requestParameters: { hostedZoneId: 'Z1', changeBatch: { changes: [null] } } },
    ];
    for (const json of wrong) expect(() => trailEventOf(json), JSON.stringify(json)).toThrow(InvalidValue);
  });
});
