import { ipBlock } from '../places/ip-block.ts';
import type { DnsAnswer, ResourceRecord } from './answer.ts';
import { answer } from './answer.ts';
import type { AnswerSource } from './answer-source.ts';
import { clientIn } from './client.ts';
import { clientSubnetOption } from './client-subnet.ts';
import type { Edns, Query, QueryHeader } from './query.ts';
import { HEADER_OCTETS, parseQuery } from './query.ts';
import { rdataOf } from './rdata.ts';
import { typeNumber } from './record-types.ts';
import { nameOctets } from './wire-name.ts';

export type Transport = 'udp' | 'tcp';

/** The largest UDP message that a client without EDNS accepts (RFC 1035, 4.2.1). */
const PLAIN_UDP_OCTETS = 512;
/** The largest UDP message that this server sends and accepts: the size that RFC 6891, 6.2.5 suggests to start with. */
const EDNS_UDP_OCTETS = 4096;
const TCP_OCTETS = 65_535;

const RCODE = {
  NOERROR: 0,
  FORMERR: 1,
  SERVFAIL: 2,
  NXDOMAIN: 3,
  NOTIMP: 4,
  REFUSED: 5,
  BADVERS: 16,
} as const;
type Rcode = keyof typeof RCODE;

const FLAG_RESPONSE = 0x8000;
const FLAG_AUTHORITATIVE = 0x0400;
const FLAG_TRUNCATED = 0x0200;
const FLAG_RECURSION_DESIRED = 0x0100;
const CLASS_IN = 1;
const CLASS_ANY = 255;
const OPT_TYPE = 41;
/** A compression pointer to the question's name, which always begins right after the header. */
const QUESTION_NAME = Buffer.from([0xc0, HEADER_OCTETS]);

interface Sections {
  readonly answers: readonly Buffer[];
  readonly authorities: readonly Buffer[];
  readonly additionals: readonly Buffer[];
}
const NO_SECTIONS: Sections = { answers: [], authorities: [], additionals: [] };

/**
 * The reply to one packet, or undefined where silence is right (no header, or not a query). Total over any
 * octets; a reply that does not fit is cut to its question with the TC flag, so that the client asks by TCP.
 *
 * @param fraction in [0, 1): which of several weighted sets answers.
 * @param sender the address that the packet came from; a client subnet in it goes before (RFC 7871).
 * @throws whatever the source throws, and nothing else.
 */
export function respond(
  source: AnswerSource,
  packet: Uint8Array,
  transport: Transport,
  fraction: number,
  sender?: string,
): Buffer | undefined {
  const bytes = Buffer.from(packet.buffer, packet.byteOffset, packet.byteLength);
  const parsed = parseQuery(bytes);
  switch (parsed.type) {
    case 'dropped':
      return undefined;
    case 'malformed':
      return message({ header: parsed.header, rcode: 'FORMERR' });
    case 'other-opcode':
      return message({ header: parsed.header, rcode: 'NOTIMP' });
    case 'query':
      return replyTo(source, parsed.query, transport, fraction, sender);
  }
}

/** SERVFAIL for a query whose answer failed; undefined for a packet that is not a query. */
export function servfail(packet: Uint8Array): Buffer | undefined {
  const parsed = parseQuery(Buffer.from(packet.buffer, packet.byteOffset, packet.byteLength));
  return parsed.type === 'query' ? message({ ...echo(parsed.query), rcode: 'SERVFAIL' }) : undefined;
}

function replyTo(
  source: AnswerSource,
  query: Query,
  transport: Transport,
  fraction: number,
  sender: string | undefined,
): Buffer {
  const plain = echo(query);
  if (query.edns !== undefined && query.edns.version !== 0) return message({ ...plain, rcode: 'BADVERS' });
  const isInternet = query.queryClass === CLASS_IN || query.queryClass === CLASS_ANY;
  // This server serves neither the root nor another class.
  if (query.name === undefined || !isInternet) return message({ ...plain, rcode: 'REFUSED' });

  const subnet = query.edns?.clientSubnet;
  // A prefix of 0 asks for an answer that does not depend on the client (RFC 7871, 7.1.2): its resolver stands for it.
  const network = subnet === undefined || subnet.prefix === 0 ? ipBlock(sender ?? '') : subnet;
  const client = clientIn(source.places, network);
  const found = answer(source, { name: query.name, type: query.type }, fraction, client);
  const base = { ...plain, scope: network === subnet && client.mattered() ? subnet?.prefix : 0 };
  const sections = encodedSections(found, query);
  // Values that do not parse cannot be sent. An answer without them would mean that the name has no such record.
  if (sections === undefined) return message({ ...base, rcode: 'SERVFAIL' });

  const whole = message({ ...base, rcode: found.rcode, authoritative: found.authoritative, sections });
  if (whole.length <= octetsMax(query.edns, transport)) return whole;
  if (transport === 'tcp') return message({ ...base, rcode: 'SERVFAIL' });
  return message({ ...base, rcode: found.rcode, authoritative: found.authoritative, truncated: true });
}

function octetsMax(edns: Edns | undefined, transport: Transport): number {
  if (transport === 'tcp') return TCP_OCTETS;
  if (edns === undefined) return PLAIN_UDP_OCTETS;
  return Math.min(Math.max(edns.udpOctets, PLAIN_UDP_OCTETS), EDNS_UDP_OCTETS);
}

function echo(query: Query) {
  return { header: query.header, questionOctets: query.questionOctets, edns: query.edns };
}

function encodedSections(found: DnsAnswer, query: Query): Sections | undefined {
  const encode = (records: readonly ResourceRecord[]) =>
    records.map((record) => encodedRecord(record, query)).filter((record) => record !== undefined);
  const answers = encode(found.answers);
  if (found.answers.length > 0 && answers.length === 0) return undefined;
  return { answers, authorities: encode(found.authorities), additionals: encode(found.additionals) };
}

function encodedRecord(record: ResourceRecord, query: Query): Buffer | undefined {
  const owner = record.name === query.name ? QUESTION_NAME : nameOctets(record.name);
  const type = typeNumber(record.type);
  const data = rdataOf(record.type, record.value);
  if (owner === undefined || type === undefined || data === undefined || data.length > 0xffff)
    return undefined;
  const fixed = Buffer.alloc(10);
  fixed.writeUInt16BE(type, 0);
  fixed.writeUInt16BE(CLASS_IN, 2);
  fixed.writeUInt32BE(Math.min(Math.max(record.ttl, 0), 0x7fffffff), 4);
  fixed.writeUInt16BE(data.length, 8);
  return Buffer.concat([owner, fixed, data]);
}

interface Message {
  readonly header: QueryHeader;
  readonly rcode: Rcode;
  readonly questionOctets?: Buffer;
  readonly edns?: Edns | undefined;
  /** How many bits of the client subnet the answer is for; 0 unless given. */
  readonly scope?: number | undefined;
  readonly authoritative?: boolean;
  readonly truncated?: boolean;
  readonly sections?: Sections;
}

function message(content: Message): Buffer {
  const { answers, authorities, additionals } = content.sections ?? NO_SECTIONS;
  const rcode = RCODE[content.rcode];
  const flags =
    FLAG_RESPONSE |
    (content.header.opcode << 11) |
    (content.authoritative === true ? FLAG_AUTHORITATIVE : 0) |
    (content.truncated === true ? FLAG_TRUNCATED : 0) |
    (content.header.recursionDesired ? FLAG_RECURSION_DESIRED : 0) |
    (rcode & 0xf);
  const opt = content.edns === undefined ? [] : [optRecord(content.edns, rcode, content.scope ?? 0)];
  const header = Buffer.alloc(HEADER_OCTETS);
  header.writeUInt16BE(content.header.id, 0);
  header.writeUInt16BE(flags, 2);
  header.writeUInt16BE(content.questionOctets === undefined ? 0 : 1, 4);
  header.writeUInt16BE(answers.length, 6);
  header.writeUInt16BE(authorities.length, 8);
  header.writeUInt16BE(additionals.length + opt.length, 10);
  const question = content.questionOctets === undefined ? [] : [content.questionOctets];
  return Buffer.concat([header, ...question, ...answers, ...authorities, ...additionals, ...opt]);
}

/** Only a client that sent an OPT record gets one (RFC 6891, 7). It holds the upper bits of the rcode. */
function optRecord(edns: Edns, rcode: number, scope: number): Buffer {
  const record = Buffer.alloc(11);
  record.writeUInt16BE(OPT_TYPE, 1);
  record.writeUInt16BE(EDNS_UDP_OCTETS, 3);
  record.writeUInt8(rcode >> 4, 5);
  record.writeUInt16BE(edns.dnssecOk ? 0x8000 : 0, 7);
  if (edns.clientSubnet === undefined) return record;
  const option = clientSubnetOption(edns.clientSubnet, scope);
  record.writeUInt16BE(option.length, 9);
  return Buffer.concat([record, option]);
}
