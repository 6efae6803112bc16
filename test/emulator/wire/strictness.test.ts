import { describe, expect, test } from 'vitest';
import { answerRequest } from '../../../lib/emulator/wire/answer-request.ts';
import type { WireResponse } from '../../../lib/emulator/wire/request-reader.ts';
import { account } from '../account.ts';

const SIGNATURE = 'AWS4-HMAC-SHA256 Credential=emulated/20260101/us-east-1/route53/aws4_request';

function send(method: string, target: string, body = '', authorization: string | undefined = SIGNATURE) {
  const { core, zoneId, names } = account();
  const [path = '', query = ''] = target.replace('ZONE', zoneId).split('?');
  const headers = new Map(authorization === undefined ? [] : [['authorization', authorization]]);
  const response = answerRequest(core, {
    method,
    path,
    query: new Map(new URLSearchParams(query)),
    headers,
    body,
  });
  return { response, names: names() };
}

function code({ status, body }: WireResponse): string {
  return `${status} ${/<Code>(.*)<\/Code>/.exec(body)?.[1]}`;
}

const batch = (changes: string) =>
  `<?xml version="1.0" encoding="UTF-8"?><ChangeResourceRecordSetsRequest xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><ChangeBatch><Changes>${changes}</Changes></ChangeBatch></ChangeResourceRecordSetsRequest>`;
const change = (inner: string, more = '') =>
  `<Change><Action>CREATE</Action><ResourceRecordSet>${inner}</ResourceRecordSet>${more}</Change>`;
const values = '<ResourceRecords><ResourceRecord><Value>192.0.2.1</Value></ResourceRecord></ResourceRecords>';
const good = `<Name>x.example.test</Name><Type>A</Type><TTL>60</TTL>${values}`;
const RRSET = '/2013-04-01/hostedzone/ZONE/rrset';

describe('the wire', () => {
  test('takes a well-formed request, with or without the slash at the end, comments and blanks', () => {
    for (const path of [RRSET, `${RRSET}/`]) {
      const { response, names } = send('POST', path, batch(`\n  ${change(good)} <!-- a comment -->\n`));
      expect(response.status).toBe(200);
      expect(response.headers['content-type']).toBe('text/xml');
      expect(names).toEqual(['x.example.test A']);
    }
  });

  test('refuses a request without a signature', () => {
    const { core } = account();
    const request = { method: 'GET', path: '/2013-04-01/hostedzone', query: new Map(), body: '' };
    for (const headers of [new Map(), new Map([['authorization', 'Bearer x']])]) {
      expect(code(answerRequest(core, { ...request, headers }))).toBe('403 MissingAuthenticationToken');
    }
  });

  test('answers a refusal as Route 53 does', () => {
    const { response } = send('GET', '/2013-04-01/hostedzone/ZNONE');
    expect(response.body).toMatch(
      /^<\?xml version="1.0"\?>\n<ErrorResponse xmlns="https:\/\/route53.amazonaws.com\/doc\/2013-04-01\/"><Error><Type>Sender<\/Type><Code>NoSuchHostedZone<\/Code><Message>No hosted zone found with ID: ZNONE<\/Message><\/Error><RequestId>[0-9a-f-]+<\/RequestId><\/ErrorResponse>$/,
    );
    expect(response.status).toBe(404);
    expect(response.headers['x-amzn-requestid']).toMatch(/^[0-9a-f-]{36}$/);
  });

  test.each([
    ['GET', '/', '404 InvalidAction'],
    ['GET', '/2013-04-01/trafficpolicies', '404 InvalidAction'],
    ['PUT', '/2013-04-01/hostedzone/ZONE', '404 InvalidAction'],
    ['GET', '/2012-12-12/hostedzone/ZONE', '404 InvalidAction'],
    ['GET', '/2013-04-01/hostedzone/%E0%A4%A', '400 InvalidInput'],
    ['GET', '/2013-04-01/hostedzone?maxitem=1', '400 InvalidInput'],
    ['GET', '/2013-04-01/hostedzone?maxitems=none', '400 InvalidInput'],
    ['GET', '/2013-04-01/hostedzone?maxitems=0', '400 InvalidInput'],
    ['GET', '/2013-04-01/hostedzone/ZONE/rrset?startname=x', '400 InvalidInput'],
    ['GET', '/2013-04-01/hostedzone/ZONE/rrset?type=A', '400 InvalidInput'],
    ['DELETE', '/2013-04-01/hostedzone/ZONE?force=true', '400 InvalidInput'],
  ])('%s %s is %s', (method, target, expected) => {
    expect(code(send(method, target).response)).toBe(expected);
  });

  test.each([
    ['no body', ''],
    ['no XML', 'changes please'],
    ['a tag left open', batch(change(good)).replace('</Changes>', '')],
    ['a document type', `<!DOCTYPE x [<!ENTITY e "x">]>${batch(change(good)).replace(/^<\?.*?\?>/, '')}`],
    ['an entity that is none', batch(change(good.replace('x.example', '&e;.example')))],
    ['a bare ampersand', batch(change(good.replace('x.example', 'a&b.example')))],
  ])('a body with %s is malformed', (_what, body) => {
    const { response, names } = send('POST', RRSET, body);
    expect(code(response)).toBe('400 MalformedXML');
    expect(names).toEqual([]);
  });

  test.each([
    ['another root', batch(change(good)).replaceAll('ChangeResourceRecordSetsRequest', 'ChangeRequest')],
    ['an unknown element', batch(change(`${good}<Ttl>60</Ttl>`))],
    ['an unknown element beside the record set', batch(change(good, '<Force>true</Force>'))],
    ['something else than a change', batch(`${change(good)}<Chance/>`)],
    ['an element twice', batch(change(`${good}<TTL>60</TTL>`))],
    ['text between elements', batch(`${change(good)} and so on`)],
    ['an unknown action', batch(change(good).replace('CREATE', 'REPLACE'))],
    ['no action', batch(change(good).replace('<Action>CREATE</Action>', ''))],
    ['no name', batch(change(good.replace('<Name>x.example.test</Name>', '')))],
    ['a TTL that is no number', batch(change(good.replace('60', 'sixty')))],
    ['a TTL with an element inside', batch(change(good.replace('60', '<Seconds>60</Seconds>')))],
    ['a value missing', batch(change(good.replace('<Value>192.0.2.1</Value>', '')))],
    ['no changes', batch('')],
    [
      'an alias that is not complete',
      batch(
        change(
          '<Name>x.example.test</Name><Type>A</Type><AliasTarget><HostedZoneId>Z</HostedZoneId><DNSName>a.test</DNSName></AliasTarget>',
        ),
      ),
    ],
    [
      'an alias that is neither true nor false',
      batch(
        change(
          '<Name>x.example.test</Name><Type>A</Type><AliasTarget><HostedZoneId>Z</HostedZoneId><DNSName>a.test</DNSName><EvaluateTargetHealth>maybe</EvaluateTargetHealth></AliasTarget>',
        ),
      ),
    ],
    ['a traffic policy', batch(change(`${good}<TrafficPolicyInstanceId>t</TrafficPolicyInstanceId>`))],
  ])('a batch with %s is refused as a whole', (_what, body) => {
    const { response, names } = send('POST', RRSET, body);
    expect(code(response)).toBe('400 InvalidInput');
    expect(names).toEqual([]);
  });

  test('reads entities and character references', () => {
    const name = good.replace('x.example', '&#x78;&#121;.example');
    const { response, names } = send('POST', RRSET, batch(change(name)));
    expect([response.status, names]).toEqual([200, ['xy.example.test A']]);
  });

  test('refuses a private zone', () => {
    const body =
      '<CreateHostedZoneRequest><Name>p.test</Name><CallerReference>p</CallerReference><HostedZoneConfig><PrivateZone>true</PrivateZone></HostedZoneConfig></CreateHostedZoneRequest>';
    expect(code(send('POST', '/2013-04-01/hostedzone', body).response)).toBe('400 InvalidInput');
    const vpc = body.replace('<HostedZoneConfig>', '<VPC/><HostedZoneConfig>').replace('true', 'false');
    expect(code(send('POST', '/2013-04-01/hostedzone', vpc).response)).toBe('400 InvalidInput');
  });

  test('says so when something goes wrong inside', () => {
    const { core } = account();
    const broken = {
      ...core,
      getChange: () => {
        throw new TypeError('a bug');
      },
    };
    const headers = new Map([['authorization', SIGNATURE]]);
    const response = answerRequest(broken, {
      method: 'GET',
      path: '/2013-04-01/change/C1',
      query: new Map(),
      headers,
      body: '',
    });
    expect(code(response)).toBe('500 InternalFailure');
    expect(response.body).toContain('<Type>Receiver</Type>');
  });
});
