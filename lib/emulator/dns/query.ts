import type { DnsName } from '../../plan/names.ts';
import type { RecordType } from '../../plan/records.ts';
import type { IpBlock } from '../places/ip-block.ts';
import { readClientSubnet } from './client-subnet.ts';
import { typeName } from './record-types.ts';
import { readName, skipName } from './wire-name.ts';

export const HEADER_OCTETS = 12;
/** Type, class, time to live and length, after a record's name. */
const RECORD_FIXED_OCTETS = 10;
const OPT_TYPE = 41;
const FLAG_RESPONSE = 0x8000;
const FLAG_RECURSION_DESIRED = 0x0100;
const EDNS_DNSSEC_OK = 0x8000;

/** The contents of a query's OPT record (RFC 6891, 6.1). */
export interface Edns {
  readonly udpOctets: number;
  readonly version: number;
  readonly dnssecOk: boolean;
  /** The network for which a resolver asks, when it says so. */
  readonly clientSubnet: IpBlock | undefined;
}

export interface QueryHeader {
  readonly id: number;
  /** 0 for a standard query. */
  readonly opcode: number;
  readonly recursionDesired: boolean;
}

export interface Query {
  readonly header: QueryHeader;
  /** Undefined for the root. */
  readonly name: DnsName | undefined;
  readonly type: RecordType;
  /** 1 for IN, 255 for ANY. */
  readonly queryClass: number;
  /** The question as it came, to be echoed letter for letter. */
  readonly questionOctets: Buffer;
  readonly edns: Edns | undefined;
}

export type ParsedQuery =
  /** Not worth an answer: too short for a header, or itself an answer (two servers must not talk for ever). */
  | { readonly type: 'dropped' }
  | { readonly type: 'malformed'; readonly header: QueryHeader }
  /** Notifications, updates and the like, whose body is not read. */
  | { readonly type: 'other-opcode'; readonly header: QueryHeader }
  | { readonly type: 'query'; readonly query: Query };

/** Reads a query from a packet. Total: any octets at all have one of the four outcomes. */
export function parseQuery(bytes: Buffer): ParsedQuery {
  if (bytes.length < HEADER_OCTETS) return { type: 'dropped' };
  const flags = bytes.readUInt16BE(2);
  if ((flags & FLAG_RESPONSE) !== 0) return { type: 'dropped' };
  const header: QueryHeader = {
    id: bytes.readUInt16BE(0),
    opcode: (flags >> 11) & 0xf,
    recursionDesired: (flags & FLAG_RECURSION_DESIRED) !== 0,
  };
  if (header.opcode !== 0) return { type: 'other-opcode', header };
  const query = parseBody(bytes, header);
  return query === undefined ? { type: 'malformed', header } : { type: 'query', query };
}

function parseBody(bytes: Buffer, header: QueryHeader): Query | undefined {
  if (bytes.readUInt16BE(4) !== 1) return undefined;
  const read = readName(bytes, HEADER_OCTETS);
  if (read === undefined || read.end + 4 > bytes.length) return undefined;
  const after = read.end + 4;
  const edns = findEdns(bytes, after);
  if (edns === 'malformed') return undefined;
  return {
    header,
    name: read.name,
    type: typeName(bytes.readUInt16BE(read.end)),
    queryClass: bytes.readUInt16BE(read.end + 2),
    questionOctets: bytes.subarray(HEADER_OCTETS, after),
    edns,
  };
}

/** The OPT record among the records after the question; there may be at most one (RFC 6891, 6.1.1). */
function findEdns(bytes: Buffer, start: number): Edns | undefined | 'malformed' {
  const records = bytes.readUInt16BE(6) + bytes.readUInt16BE(8) + bytes.readUInt16BE(10);
  let found: Edns | undefined;
  let at = start;
  for (let index = 0; index < records; index += 1) {
    const fixed = skipName(bytes, at);
    if (fixed === undefined || fixed + RECORD_FIXED_OCTETS > bytes.length) return 'malformed';
    const end = fixed + RECORD_FIXED_OCTETS + bytes.readUInt16BE(fixed + 8);
    if (end > bytes.length) return 'malformed';
    if (bytes.readUInt16BE(fixed) === OPT_TYPE) {
      if (found !== undefined || fixed !== at + 1) return 'malformed';
      const clientSubnet = readClientSubnet(bytes.subarray(fixed + RECORD_FIXED_OCTETS, end));
      if (clientSubnet === 'malformed') return 'malformed';
      found = {
        clientSubnet,
        udpOctets: bytes.readUInt16BE(fixed + 2),
        version: bytes.readUInt8(fixed + 5),
        dnssecOk: (bytes.readUInt16BE(fixed + 6) & EDNS_DNSSEC_OK) !== 0,
      };
    }
    at = end;
  }
  return found;
}
