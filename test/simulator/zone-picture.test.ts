import { describe, expect, it } from 'vitest';
import { cellName, dnsName } from '../../lib/plan/names.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import { alarmsBetween } from '../../lib/simulator/recording/recording.ts';
import { pictureZone } from '../../lib/simulator/recording/zone-picture.ts';

const scope = { cell: cellName('use1-a'), zone: dnsName('example.test'), zoneId: 'Z1' };
const api = dnsName('api.example.test');
const own = (name: string) => dnsName(`${name}.use1-a._pawl.example.test`);
const root = (target: string, type = 'A'): RecordSet => ({
  name: api,
  type,
  alias: { zoneId: 'Z1', name: own(target), evaluateTargetHealth: false },
});
const leaf = (tree: string, value: string, weight: number): RecordSet => ({
  name: own(tree),
  type: 'A',
  ttl: 60,
  values: [value],
  setIdentifier: value,
  weight,
});
const picture = (...records: readonly RecordSet[]) => pictureZone(records, scope, [api]);

describe('a picture of a zone', () => {
  it('says that nothing is there', () => {
    expect(picture()).toEqual({
      endpoints: [
        { name: api, root: null, rollback: null, trees: [], answer: { rcode: 'NXDOMAIN', values: [] } },
      ],
      fence: null,
    });
  });

  it('shows what resolvers get, with shares, and every tree, oldest first', () => {
    const [endpoint] = picture(
      root('g000002.api'),
      leaf('g000002.api', '192.0.2.1', 3),
      leaf('g000002.api', '192.0.2.2', 1),
      leaf('g000001.api', '192.0.2.9', 1),
      leaf('g000001.web', '192.0.2.8', 1),
    ).endpoints;
    expect(endpoint?.root).toEqual({ target: 'g000002', generation: 2, dangles: false });
    expect(endpoint?.trees.map(({ label }) => label)).toEqual(['g000001', 'g000002']);
    expect(endpoint?.answer.values).toEqual([
      { value: '192.0.2.1', percent: 75 },
      { value: '192.0.2.2', percent: 25 },
    ]);
  });

  it('shows each node of a tree, and what its aliases point at', () => {
    const branch: RecordSet = {
      name: own('g000002.api'),
      type: 'A',
      setIdentifier: 'us-east-1',
      routing: { Region: 'us-east-1' },
      alias: { zoneId: 'Z1', name: own('us-east-1.g000001.api'), evaluateTargetHealth: true },
    };
    const [endpoint] = picture(
      root('g000002.api'),
      branch,
      leaf('us-east-1.g000001.api', '192.0.2.1', 1),
    ).endpoints;
    expect(endpoint?.trees).toEqual([
      { label: 'g000002', generation: 2, values: ['us-east-1.g000001'] },
      { label: 'us-east-1.g000001', generation: 1, values: ['192.0.2.1'] },
    ]);
    expect(endpoint?.answer.values).toEqual([{ value: '192.0.2.1', percent: 100 }]);
  });

  it('shows a root that points at nothing, at a stray name, or is no alias', () => {
    const pointer = (...records: readonly RecordSet[]) => picture(...records).endpoints[0]?.root;
    expect(pointer(root('g000002.api'))).toEqual({ target: 'g000002', generation: 2, dangles: true });
    expect(pointer(root('g000002.web'))).toEqual({
      target: 'g000002.web.use1-a._pawl.example.test',
      generation: null,
      dangles: true,
    });
    expect(pointer({ name: api, type: 'A', ttl: 5, values: ['192.0.2.66'] })).toEqual({
      target: '192.0.2.66',
      generation: null,
      dangles: false,
    });
  });

  it('asks for every type that stands at the name, and names a rescue tree without a generation', () => {
    const [endpoint] = picture(
      root('r000312.api'),
      root('r000312.api', 'AAAA'),
      leaf('r000312.api', '192.0.2.1', 1),
      { name: own('r000312.api'), type: 'AAAA', ttl: 60, values: ['2001:db8::1'] },
    ).endpoints;
    expect(endpoint?.root?.generation).toBeNull();
    expect(endpoint?.answer.values.map(({ value }) => value)).toEqual(['192.0.2.1', '2001:db8::1']);
  });

  it('shows a fence, and one that nobody can read', () => {
    const fence = (value: string) =>
      picture({ name: dnsName('fence.use1-a._pawl.example.test'), type: 'TXT', ttl: 5, values: [value] })
        .fence;
    const text = '"v1 gen=145 seq=312 plan=9f3c2a71b0de frozen=1 ledger=5be1c07a by=enactor-b n=k3v9q0xw"';
    expect(fence(text)).toEqual({ generation: 145, seq: 312, frozen: true, by: 'enactor-b', text });
    expect(fence('"what"')).toEqual({ generation: null, seq: null, frozen: false, by: '', text: '"what"' });
  });
});

describe('an alarm', () => {
  const live = picture(
    root('g000002.api'),
    leaf('g000002.api', '192.0.2.2', 1),
    leaf('g000001.api', '192.0.2.1', 1),
  );
  const back = picture(root('g000001.api'), leaf('g000001.api', '192.0.2.1', 1));
  const gone = picture(root('g000002.api'));

  it('is a root that went back, or an answer that was lost, once', () => {
    expect(alarmsBetween(live, back)).toEqual(['api.example.test went back from plan 2 to plan 1.']);
    expect(alarmsBetween(live, gone)).toEqual([
      'api.example.test has no answer: its root points at g000002, which is gone.',
    ]);
    expect(alarmsBetween(gone, gone)).toEqual([]);
  });

  it('is not a move forward, a repair, or a name that is new', () => {
    expect(alarmsBetween(back, live)).toEqual([]);
    expect(alarmsBetween(gone, live)).toEqual([]);
    expect(alarmsBetween({ endpoints: [], fence: null }, gone)).toEqual([]);
  });
});
