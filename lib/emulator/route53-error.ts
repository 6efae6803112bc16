/** The codes that the emulator answers with, as the Route 53 API reference names them. */
export type Route53ErrorCode =
  | 'AccessDenied'
  | 'CidrBlockInUseException'
  | 'CidrCollectionAlreadyExistsException'
  | 'CidrCollectionInUseException'
  | 'CidrCollectionVersionMismatchException'
  | 'HealthCheckAlreadyExists'
  | 'HostedZoneAlreadyExists'
  | 'HostedZoneNotEmpty'
  | 'InternalFailure'
  | 'InvalidAction'
  | 'InvalidChangeBatch'
  | 'InvalidDomainName'
  | 'InvalidInput'
  | 'InvalidResourceRecordSetProtectionBatch'
  | 'MalformedXML'
  | 'MissingAuthenticationToken'
  | 'NoSuchChange'
  | 'NoSuchCidrCollectionException'
  | 'NoSuchCidrLocationException'
  | 'NoSuchHealthCheck'
  | 'NoSuchHostedZone'
  | 'PriorRequestNotComplete'
  | 'ProtectionAlreadyExists'
  | 'RequestEntityTooLarge'
  | 'ServiceUnavailable'
  | 'Throttling';

/** A refusal as Route 53 gives it: a code, a text, and the HTTP status that carries both. */
export class Route53Error extends Error {
  override readonly name = 'Route53Error';
  readonly code: Route53ErrorCode;
  /** HTTP status, 400 to 503. */
  readonly status: number;

  constructor(code: Route53ErrorCode, message: string, status = 400, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.status = status;
  }
}

/** One InvalidChangeBatch lists every error of the batch, in brackets. */
export function invalidChangeBatch(messages: readonly string[]): Route53Error {
  return new Route53Error('InvalidChangeBatch', `[${messages.join(', ')}]`);
}

export function invalidInput(message: string): Route53Error {
  return new Route53Error('InvalidInput', message);
}
