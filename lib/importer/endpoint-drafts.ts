import type { DnsName } from '../plan/names.ts';
import type { EndpointDraft } from './described-zone.ts';
import type { ExpressedRoute } from './express-route.ts';

/** The longest TTL that a fleet file takes, a day, seconds. */
const TTL_MAX_S = 86_400;

/** A name with its answers, as the file will have it. */
export function endpointDraft(name: DnsName, expressed: ExpressedRoute): EndpointDraft {
  const { kind, targets, route, ttls } = expressed;
  const isFlat = route.type === 'targets' && route.answer === 'weighted';
  return {
    name,
    kind,
    families: kind === 'hostname' ? [] : expressed.families,
    targets,
    ...(isFlat ? {} : { route }),
    ...(kind === 'alias' ? { remarks: [] } : ttlOf(ttls)),
  };
}

/** An endpoint has one TTL, the shortest of its records': no answer is then cached longer than before. */
function ttlOf(found: ReadonlySet<number>): Pick<EndpointDraft, 'remarks' | 'loweredFromS' | 'ttl'> {
  const ttls = [...found].sort((a, b) => a - b);
  const [shortest] = ttls;
  if (shortest === undefined) return { remarks: [] };
  const remarks = [
    ...(ttls.length > 1 ? [`its records have TTLs of ${ttls.join(', ')} s: this is the shortest`] : []),
    ...(shortest > TTL_MAX_S ? [`its TTL is ${shortest} s, more than the longest here`] : []),
  ];
  const ttl = Math.min(shortest, TTL_MAX_S);
  const longest = ttls.at(-1) ?? ttl;
  return { ttl, remarks, ...(longest > ttl ? { loweredFromS: longest } : {}) };
}
