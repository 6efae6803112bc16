import {
  InvalidChangeBatch,
  LimitsExceeded,
  NoSuchHealthCheck,
  NoSuchHostedZone,
  NotAuthorizedException,
  PriorRequestNotComplete,
  Route53ServiceException,
  ThrottlingException,
} from '@aws-sdk/client-route-53';
import { describe, expect, it } from 'vitest';
import { classify, UnbelievableAnswer } from '../../../lib/zone/route53/service-errors.ts';

const options = (status: number) => ({ message: 'm', $metadata: { httpStatusCode: status } });

function unmodelled(name: string, status: number): Route53ServiceException {
  return new Route53ServiceException({ name, $fault: 'client', ...options(status) });
}

describe('classify', () => {
  it.each([
    ['busy', unmodelled('Throttling', 400)],
    ['busy', new ThrottlingException(options(400))],
    ['busy', new PriorRequestNotComplete(options(400))],
    ['refused', new InvalidChangeBatch(options(400))],
    ['refused', new NoSuchHealthCheck(options(404))],
    ['no-zone', new NoSuchHostedZone(options(404))],
    ['denied', new NotAuthorizedException(options(401))],
    ['denied', unmodelled('AccessDenied', 403)],
    ['denied', unmodelled('InvalidClientTokenId', 403)],
    ['denied', unmodelled('SignatureDoesNotMatch', 403)],
    ['denied', unmodelled('ExpiredToken', 403)],
    ['denied', unmodelled('RequestTimeTooSkewed', 403)],
    ['denied', unmodelled('SomeNewReason', 403)],
    ['refused', new LimitsExceeded(options(400))],
    ['refused', unmodelled('MalformedInput', 400)],
    ['busy', unmodelled('TooManyRequests', 429)],
    ['busy', Object.assign(new Error('bad xml'), { $response: { statusCode: 429 } })],
    ['denied', Object.assign(new Error('none'), { name: 'CredentialsProviderError' })],
    ['lost', unmodelled('ServiceUnavailable', 503)],
    ['lost', unmodelled('Throttling', 503)],
    ['lost', Object.assign(new Error('slow'), { name: 'TimeoutError' })],
    ['lost', Object.assign(new Error('reset'), { code: 'ECONNRESET' })],
    ['lost', Object.assign(new Error('garbage'), { code: 'HPE_INVALID_CONSTANT' })],
    ['lost', Object.assign(new Error('bad xml'), { $metadata: { httpStatusCode: 200 } })],
    ['lost', Object.assign(new Error('bad xml'), { $response: { statusCode: 200 } })],
    ['odd', Object.assign(new Error('bad xml from a proxy'), { $metadata: { httpStatusCode: 403 } })],
    ['odd', Object.assign(new TypeError('bad url'), { code: 'ERR_INVALID_URL' })],
    ['odd', unmodelled('SomethingNew', 400)],
    ['odd', new Error('Region is missing')],
    ['odd', 'not even an error'],
    ['odd', undefined],
  ])('calls it %s: %s', (kind, error) => {
    expect(classify(error).kind).toBe(kind);
  });

  it('does not look at the message', () => {
    const message = 'Throttling: Rate exceeded, PriorRequestNotComplete';
    expect(classify(new InvalidChangeBatch({ message, $metadata: { httpStatusCode: 400 } })).kind).toBe(
      'refused',
    );
    expect(classify(new Error(message)).kind).toBe('odd');
  });

  it.each([
    [
      "an answer came that is not Route 53's: a list without its end",
      new UnbelievableAnswer('a list without its end'),
    ],
    ['InvalidChangeBatch: [not found]', new InvalidChangeBatch({ ...options(400), message: '[not found]' })],
    [
      'the connection ended before an answer came (ECONNRESET)',
      Object.assign(new Error('x'), { code: 'ECONNRESET' }),
    ],
  ])('gives the reason as a clause: %s', (reason, error) => {
    expect(classify(error).reason).toBe(reason);
  });
});
