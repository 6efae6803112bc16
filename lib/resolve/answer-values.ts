import type { Answer, DecodedPacket } from 'dns-packet';

/** A reply that was parsed: its rcode by name, and its values. */
export interface ReadReply {
  readonly rcode: string;
  readonly truncated: boolean;
  /**
   * In presentation form, each once: of the type that was asked for or, when the answer ends with a CNAME that
   * leaves the zone, that CNAME's target (with its trailing dot).
   */
  readonly values: readonly string[];
}

/** dns-packet knows the rcode, its type declarations do not. */
type DecodedWithRcode = DecodedPacket & { readonly rcode: string };

/** What a decoded reply says about a question of type `type`. */
export function readReply(packet: DecodedPacket, type: string): ReadReply {
  const answers = packet.answers ?? [];
  const wanted = answers.filter((answer) => answer.type === type);
  const last = answers.filter((answer) => answer.type === 'CNAME').slice(-1);
  const values = (wanted.length > 0 ? wanted : last).map(shownValue);
  return {
    rcode: (packet as DecodedWithRcode).rcode,
    truncated: packet.flag_tc,
    values: [...new Set(values)],
  };
}

function shownValue(answer: Answer): string {
  switch (answer.type) {
    case 'A':
    case 'AAAA':
      return answer.data;
    case 'CNAME':
    case 'DNAME':
    case 'NS':
    case 'PTR':
      return `${answer.data}.`;
    case 'TXT':
      return [answer.data]
        .flat()
        .map((part) => JSON.stringify(part.toString()))
        .join(' ');
    case 'MX':
      return `${answer.data.preference ?? 0} ${answer.data.exchange}.`;
    case 'SRV': {
      const { priority = 0, weight = 0, port, target } = answer.data;
      return `${priority} ${weight} ${port} ${target}.`;
    }
    case 'CAA':
      return `${answer.data.flags ?? 0} ${answer.data.tag} "${answer.data.value}"`;
    case 'SOA':
      return `${answer.data.mname}. ${answer.data.rname}. ${answer.data.serial ?? 0}`;
    default:
      return JSON.stringify('data' in answer ? answer.data : '');
  }
}
