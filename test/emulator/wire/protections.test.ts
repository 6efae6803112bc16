import { expect, test } from 'vitest';
import { answerRequest } from '../../../lib/emulator/wire/answer-request.ts';
import { a, account, put } from '../account.ts';

// The SDK of this release does not know these actions, so the requests are written out here.
const SIGNATURE = 'AWS4-HMAC-SHA256 Credential=emulated/20260101/us-east-1/route53/aws4_request';
const root = (name: string, entries: string) =>
  `<${name} xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><Protections>${entries}</Protections></${name}>`;
const key = '<RecordName>r.example.test</RecordName><RecordType>A</RecordType>';
const config = (comment = '') =>
  root(
    'CreateResourceRecordSetProtectionsRequest',
    `<ResourceRecordSetProtectionConfig>${key}${comment}</ResourceRecordSetProtectionConfig>`,
  );

function wired() {
  const made = account();
  const send = (method: string, path: string, body = '') => {
    const [bare = '', query = ''] = path.split('?');
    const answer = answerRequest(made.core, {
      method,
      path: `/2013-04-01/hostedzone/${made.zoneId}/${bare}`,
      query: new Map(new URLSearchParams(query)),
      headers: new Map([['authorization', SIGNATURE]]),
      body,
    });
    return `${answer.status} ${answer.body.replace(/^[^<]*<[^>]*>\n|<RequestId>.*<\/RequestId>| xmlns="[^"]*"/g, '')}`;
  };
  return { ...made, send };
}

test('a protection is made, listed and deleted over the wire', () => {
  const { send, refused, change } = wired();
  expect(send('POST', 'rrsetprotection', config('<Comment>why</Comment>'))).toBe(
    '200 <CreateResourceRecordSetProtectionsResponse></CreateResourceRecordSetProtectionsResponse>',
  );
  refused('InvalidChangeBatch', put(a('r.example.test', '192.0.2.1')));
  expect(send('GET', 'rrsetprotection?maxresults=5')).toBe(
    '200 <ListResourceRecordSetProtectionsResponse><ResourceRecordSetProtections><ResourceRecordSetProtection><RecordName>r.example.test.</RecordName><RecordType>A</RecordType><Comment>why</Comment></ResourceRecordSetProtection></ResourceRecordSetProtections></ListResourceRecordSetProtectionsResponse>',
  );
  const keys = root(
    'DeleteResourceRecordSetProtectionsRequest',
    `<ResourceRecordSetProtectionKey>${key}</ResourceRecordSetProtectionKey>`,
  );
  expect(send('POST', 'rrsetprotection/delete', keys)).toMatch(/^200 /);
  expect(send('POST', 'rrsetprotection/delete', keys)).toMatch(/^400 .*has no protection/);
  change(put(a('r.example.test', '192.0.2.1')));
});

test('pages of protections go on from the token', () => {
  const { core, zoneId, send } = wired();
  core.createResourceRecordSetProtections(zoneId, [
    { name: 'r.example.test', type: 'A' },
    { name: 'r.example.test', type: 'AAAA' },
  ]);
  const [, token = ''] =
    /<NextToken>(.*)<\/NextToken>/.exec(send('GET', 'rrsetprotection?maxresults=1')) ?? [];
  const second = send('GET', `rrsetprotection?maxresults=1&nexttoken=${encodeURIComponent(token)}`);
  expect(second).toContain('<RecordType>AAAA</RecordType>');
  expect(second).not.toContain('NextToken');
});

test('a request that is not of the schema is refused', () => {
  const { send } = wired();
  expect(send('POST', 'rrsetprotection', config('<Why>x</Why>'))).toMatch(/^400 .*InvalidInput/);
  expect(send('GET', 'rrsetprotection?maxitems=1')).toMatch(/^400 .*InvalidInput/);
  expect(send('GET', 'rrsetprotection?maxresults=0')).toMatch(/^400 .*InvalidInput/);
});
