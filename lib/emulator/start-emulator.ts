import { route53AnswerSource } from './dns/route53-answer-source.ts';
import { serveDns } from './dns/serve-dns.ts';
import { machineDeps } from './machine-deps.ts';
import type { Route53 } from './route53.ts';
import { createRoute53 } from './route53.ts';
import type { Route53Settings } from './settings.ts';
import { PROMPT_ROUTE53 } from './settings.ts';
import type { AnsweredRequest } from './wire/answer-request.ts';
import { serveRoute53 } from './wire/http-server.ts';

/** A request as it was answered, and when: milliseconds since 1970. */
export interface LoggedRequest extends AnsweredRequest {
  readonly at: number;
}

/** How to start an emulator; nothing has to be given. */
export interface EmulatorOptions {
  /** The IP address at which both servers listen. @default 127.0.0.1 */
  readonly host?: string | undefined;
  /** The port of the API over HTTP. @default 0: any free port. */
  readonly port?: number | undefined;
  /** The port of the name server, UDP and TCP. @default 0: any free port. */
  readonly dnsPort?: number | undefined;
  /**
   * Limits, delays and weaknesses. `core.configure` changes them at any time.
   *
   * @default no lag, no throttling, 10,000 record sets a zone, no weakness.
   */
  readonly settings?: Partial<Route53Settings> | undefined;
  /** Is called for every request when it is answered: the request log. @default nobody is told. */
  readonly onRequest?: ((request: LoggedRequest) => void) | undefined;
  /** Is called with errors that should not happen and end no server. @default nobody is told. */
  readonly onTrouble?: ((error: unknown) => void) | undefined;
}

/** An emulator that runs in this process. */
export interface RunningEmulator {
  /** The account itself: every verb without a wire, and what no API has, such as the health of a health check. */
  readonly core: Route53;
  /** For a client's `endpoint`, or AWS_ENDPOINT_URL_ROUTE_53. */
  readonly url: string;
  /** Where the name server answers. */
  readonly dns: { readonly host: string; readonly port: number };
  /** Ends both servers; resolves when their ports are free. */
  close(): Promise<void>;
}

/**
 * Starts an account of Route 53 without hosted zones: its API over HTTP, and its name server over UDP and TCP.
 *
 * @throws PortInUse or DnsPortInUse when a port is taken, RangeError when `host` is no IP address.
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<RunningEmulator> {
  const { host = '127.0.0.1', port = 0, dnsPort = 0, settings = {}, onRequest, onTrouble } = options;
  const deps = machineDeps();
  const core = createRoute53({ ...PROMPT_ROUTE53, ...settings }, deps);
  const api = await serveRoute53(core, {
    host,
    port,
    onRequest: (answered) => onRequest?.({ ...answered, at: deps.now() }),
  });
  try {
    const dns = await serveDns(route53AnswerSource(core), {
      host,
      port: dnsPort,
      random: Math.random,
      report: (error) => onTrouble?.(error),
    });
    return {
      core,
      url: api.url,
      dns: { host: dns.host, port: dns.port },
      close: async () => {
        await Promise.all([api.close(), dns.close()]);
      },
    };
  } catch (error) {
    await api.close();
    throw error;
  }
}
