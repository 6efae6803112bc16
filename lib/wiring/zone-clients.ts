import type { Route53Client } from '@aws-sdk/client-route-53';
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import { failedRequest, failureText } from '../runtime/failed-request.ts';
import type { DeployedCells, ZoneRole } from './deployed-cells.ts';

// See docs/adr/0055-zones-of-another-account.md.
/** The Route 53 clients of one process: its own, and one for each role of an account that owns zones. */
export interface ZoneClients {
  /** Acts as the process itself. */
  readonly own: Route53Client;
  /** Acts as the role; the process itself where there is none, or where roles have no meaning. */
  through(role: ZoneRole | undefined): Route53Client;
  /** The clients that read and write a zone, by the roles that the deployed cells name for it. */
  of(zoneId: string): { readonly reads: Route53Client; readonly writes: Route53Client };
  destroy(): void;
}

/**
 * @param assumed makes the client of a role, once a role; absent where roles have no meaning, as in a local world.
 */
export function zoneClients(
  own: Route53Client,
  cells: DeployedCells | undefined,
  assumed: ((role: ZoneRole) => Route53Client) | undefined,
): ZoneClients {
  const rolesOf = new Map([...(cells?.values() ?? [])].map(({ zoneId, roles }) => [zoneId, roles]));
  const made = new Map<string, Route53Client>();
  const through = (role: ZoneRole | undefined): Route53Client => {
    if (role === undefined || assumed === undefined) return own;
    const key = JSON.stringify([role.arn, role.externalId]);
    const client = made.get(key) ?? assumed(role);
    made.set(key, client);
    return client;
  };
  return {
    own,
    through,
    of: (zoneId) => {
      const roles = rolesOf.get(zoneId);
      return { reads: through(roles?.reads), writes: through(roles?.writes) };
    },
    destroy: () => {
      for (const client of [own, ...made.values()]) client.destroy();
    },
  };
}

/** STS gave no session of the role. By its name, Route 53's adapter knows that no request was sent. */
export class RoleNotAssumed extends Error {
  override readonly name = 'CredentialsProviderError';
}

type AssumeOptions = Parameters<typeof fromTemporaryCredentials>[0];

const SERVER_ERROR = 500;
const STS = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 3_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
} as const;

/**
 * Credentials of a role, for a client's `credentials`. The client asks for new ones before they expire, also in the
 * middle of a run.
 *
 * @param session who assumes it, for CloudTrail: `enactor-b`.
 * @throws RoleNotAssumed when STS denies it; the SDK's own error when STS is away.
 */
export function roleCredentials(
  role: ZoneRole,
  session: string,
  clientConfig: NonNullable<AssumeOptions['clientConfig']> = {},
): ReturnType<typeof fromTemporaryCredentials> {
  const assume = fromTemporaryCredentials({
    params: {
      RoleArn: role.arn,
      RoleSessionName: `pawl-${session}`,
      ...(role.externalId === undefined ? {} : { ExternalId: role.externalId }),
    },
    clientConfig: { ...STS, ...clientConfig },
  });
  return async (properties) => {
    try {
      return await assume(properties);
    } catch (cause) {
      const { status, isForeign } = failedRequest(cause);
      if (status === undefined || status >= SERVER_ERROR || isForeign) throw cause;
      const why = failureText(cause, 'STS');
      throw new RoleNotAssumed(
        `the role ${role.arn} cannot be assumed (${why}): its trust policy must name this caller and the external id, and this caller must be allowed sts:AssumeRole on it`,
        { cause },
      );
    }
  };
}
