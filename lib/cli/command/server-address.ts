import { isIP } from 'node:net';
import { InvalidArgumentError } from 'commander';
import type { DnsServerAddress } from '../../resolve/dns-transport.ts';

const DNS_PORT = 53;
const PORT_MAX = 65_535;

/** Parses an option's value: `192.0.2.53`, `192.0.2.53:5354`, `2001:db8::53`, `[2001:db8::53]:5354`. */
export function serverAddress(text: string): DnsServerAddress {
  const bracketed = /^\[(.+)\](?::(\d{1,5}))?$/.exec(text);
  const plain = /^([^:]+)(?::(\d{1,5}))?$/.exec(text);
  const [, host = text, port = String(DNS_PORT)] = bracketed ?? plain ?? [];
  if (isIP(host) === 0 || Number(port) < 1 || Number(port) > PORT_MAX)
    throw new InvalidArgumentError('It is an IP address and perhaps a port, such as 127.0.0.1:5354.');
  return { host, port: Number(port) };
}
