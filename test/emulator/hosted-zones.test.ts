import { describe, expect, test } from 'vitest';
import { createRoute53 } from '../../lib/emulator/route53.ts';
import { PROMPT_ROUTE53 } from '../../lib/emulator/settings.ts';
import { a, account, drop, put, refusal, txt } from './account.ts';

describe('hosted zones', () => {
  test('are made with their name servers, found by id, counted, and deleted when empty', () => {
    const { core, zoneId, change } = account();
    expect(core.getHostedZone(zoneId)).toEqual({
      id: zoneId,
      name: 'example.test',
      callerReference: 'first',
      recordCount: 2,
    });
    change(put(a('x.example.test', '192.0.2.1')));
    expect(core.getHostedZone(zoneId).recordCount).toBe(3);
    expect(refusal(() => core.deleteHostedZone(zoneId))).toMatchObject({
      code: 'HostedZoneNotEmpty',
      status: 400,
    });
    change(drop(a('x.example.test', '192.0.2.1')));
    const { changeId } = core.deleteHostedZone(zoneId);
    expect(core.getChange(changeId).status).toBe('INSYNC');
    expect(refusal(() => core.getHostedZone(zoneId))).toMatchObject({
      code: 'NoSuchHostedZone',
      status: 404,
      message: `No hosted zone found with ID: ${zoneId}`,
    });
  });

  test('need a caller reference of their own and a name', () => {
    const { core } = account();
    const code = (name: string, callerReference: string) =>
      refusal(() => core.createHostedZone({ name, callerReference })).code;
    expect(code('other.test', 'first')).toBe('HostedZoneAlreadyExists');
    expect(code('a..test', 'second')).toBe('InvalidDomainName');
    expect(code('*.test', 'second')).toBe('InvalidDomainName');
    expect(code('other.test', '')).toBe('InvalidInput');
    expect(code('other.test', 'c'.repeat(129))).toBe('InvalidInput');
  });

  test('of one name hold their own records', () => {
    const { core, zoneId, change, names } = account();
    const { zone } = core.createHostedZone({ name: 'example.test', callerReference: 'second' });
    change(put(a('x.example.test', '192.0.2.1')));
    core.changeResourceRecordSets(zone.id, { changes: [put(txt('y.example.test', 'y'))] });
    expect(names()).toEqual(['x.example.test A']);
    expect(core.getHostedZone(zone.id).recordCount).toBe(3);
    expect(zone.id).not.toBe(zoneId);
  });

  test('are listed in pages, and by name from any name on', () => {
    const { core, zoneId } = account();
    const made = ['b.test', 'a.test', 'x.b.test', 'a.example'].map(
      (name) => core.createHostedZone({ name, callerReference: name }).zone.id,
    );
    const first = core.listHostedZones({ maxItems: 2 });
    expect(first.zones.map(({ id }) => id)).toEqual([zoneId, made[0]]);
    if (first.nextMarker === undefined) throw new Error('There is no next page.');
    const rest = core.listHostedZones({ marker: first.nextMarker });
    expect(rest.zones).toHaveLength(3);
    expect(rest.nextMarker).toBeUndefined();

    const named = core.listHostedZonesByName();
    expect(named.zones.map(({ name }) => name)).toEqual([
      'a.example',
      'a.test',
      'b.test',
      'x.b.test',
      'example.test',
    ]);
    const page = core.listHostedZonesByName({ startName: 'B.test.', maxItems: 1 });
    expect(page.zones.map(({ name }) => name)).toEqual(['b.test']);
    expect(page.next).toMatchObject({ name: 'x.b.test' });
    expect(refusal(() => core.listHostedZones({ marker: 'ZNONE' })).code).toBe('NoSuchHostedZone');
    expect(refusal(() => core.listHostedZonesByName({ startId: zoneId })).code).toBe('InvalidInput');
  });

  test('never get an id twice, whatever the source of ids says', () => {
    const ids = ['Z1', 'C1', 'Z1', 'Z1', 'Z2', 'C2'];
    const core = createRoute53(PROMPT_ROUTE53, { now: () => 0, id: () => ids.shift() ?? 'Z1' });
    core.createHostedZone({ name: 'a.test', callerReference: 'a' });
    expect(core.createHostedZone({ name: 'b.test', callerReference: 'b' }).zone.id).toBe('Z2');
    expect(refusal(() => core.createHostedZone({ name: 'c.test', callerReference: 'c' })).code).toBe(
      'InternalFailure',
    );
  });
});
