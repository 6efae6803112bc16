/** Type numbers of the IANA registry "DNS Parameters": the types that Route 53 can hold, and those that a query may ask for. */
const NUMBERS = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  HINFO: 13,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  NAPTR: 35,
  OPT: 41,
  DS: 43,
  SSHFP: 44,
  TLSA: 52,
  SVCB: 64,
  HTTPS: 65,
  SPF: 99,
  IXFR: 251,
  AXFR: 252,
  ANY: 255,
  CAA: 257,
} as const;

const NUMBER_OF = new Map<string, number>(Object.entries(NUMBERS));
const NAME_OF = new Map<number, string>(Object.entries(NUMBERS).map(([name, number]) => [number, name]));

/** The type's name; `TYPE999` for one that is not known here (RFC 3597, 5). */
export function typeName(number: number): string {
  return NAME_OF.get(number) ?? `TYPE${number}`;
}

/** The type's number, or undefined for a name that is not known here. */
export function typeNumber(name: string): number | undefined {
  return NUMBER_OF.get(name);
}
