import { carriesToken } from './session-token.ts';

/** What of a request decides whether it is answered at all. */
export interface GatedRequest {
  readonly method: string;
  /** As it was sent: a path with what follows it. */
  readonly url: string;
  /** Every Host header that was sent. */
  readonly hosts: readonly string[];
  readonly origin?: string | undefined;
  readonly fetchSite?: string | undefined;
  readonly authorization?: string | undefined;
}

/** Where the page is served, and who may see what is in it. */
export interface PageGate {
  readonly port: number;
  /** Absent: whoever reaches the machine's loopback may look, as they may into the folder of a local world. */
  readonly token?: string | undefined;
}

/** `refused`: the status and a sentence for whoever asked. */
export type GateVerdict =
  | { readonly type: 'open' }
  | { readonly type: 'refused'; readonly status: 400 | 401 | 403 | 405 | 421; readonly says: string };

/** A page that another site opened or asks through says so (Fetch Metadata, https://www.w3.org/TR/fetch-metadata/). */
const OWN_SITE: ReadonlySet<string> = new Set(['same-origin', 'none']);
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD']);
const HTTP_PORT = 80;

/**
 * Whether a request is answered (docs/adr/0079-the-page-only-reads.md). Pure.
 *
 * A name that an attacker points at 127.0.0.1 arrives with that name as its Host; a request of another site's page
 * arrives with its Origin, or with Sec-Fetch-Site; a form posts. All of them are turned away, whatever they ask for.
 *
 * @param isPrivate whether the answer tells something of the world.
 */
export function judgeRequest(request: GatedRequest, gate: PageGate, isPrivate: boolean): GateVerdict {
  const hosts = ownHosts(gate.port);
  const [host, ...more] = request.hosts;
  if (host === undefined || more.length > 0 || !hosts.includes(host.toLowerCase()))
    return refused(421, `This page is at http://${hosts[0]}/ and answers to no other name.`);
  if (!METHODS.has(request.method))
    return refused(405, 'This page only reads: GET and HEAD are all it knows.');
  if (!request.url.startsWith('/')) return refused(400, 'A request names a path.');
  const { origin, fetchSite } = request;
  if (origin !== undefined && !hosts.some((each) => origin === `http://${each}`))
    return refused(403, 'This page answers no other site.');
  if (fetchSite !== undefined && !OWN_SITE.has(fetchSite))
    return refused(403, 'This page is not opened from another site: type or paste its address.');
  if (isPrivate && gate.token !== undefined && !carriesToken(request.authorization, gate.token))
    return refused(401, 'This needs the address that "pawl page" printed, with its token.');
  return { type: 'open' };
}

/** The names that the page answers to. */
function ownHosts(port: number): readonly string[] {
  const names = ['127.0.0.1', 'localhost'];
  return [
    ...names.map((name) => `${name}:${port}`),
    // A browser leaves out the port of the protocol.
    ...(port === HTTP_PORT ? names : []),
  ];
}

function refused(status: Extract<GateVerdict, { type: 'refused' }>['status'], says: string): GateVerdict {
  return { type: 'refused', status, says };
}
