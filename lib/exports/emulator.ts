/**
 * `pawl/emulator`: Amazon Route 53 in one process, with its limits, its rules of batches, aliases and CNAMEs, INSYNC,
 * throttling, and name servers that answer by place and health. docs/emulator.md describes it.
 *
 * @packageDocumentation
 */

export { route53AnswerSource } from '../emulator/dns/route53-answer-source.ts';
export type { DnsServer, ServeDnsOptions } from '../emulator/dns/serve-dns.ts';
export { DnsPortInUse, serveDns } from '../emulator/dns/serve-dns.ts';
export type { Route53 } from '../emulator/route53.ts';
export { createRoute53 } from '../emulator/route53.ts';
export type { Route53ErrorCode } from '../emulator/route53-error.ts';
export { Route53Error } from '../emulator/route53-error.ts';
export type { Route53Deps } from '../emulator/route53-state.ts';
export type { Route53Settings, Weakness } from '../emulator/settings.ts';
export { PROMPT_ROUTE53, ROUTE53_RATE, WEAKNESSES } from '../emulator/settings.ts';
export type { EmulatorOptions, LoggedRequest, RunningEmulator } from '../emulator/start-emulator.ts';
export { startEmulator } from '../emulator/start-emulator.ts';
export type { BucketSettings } from '../emulator/token-bucket.ts';
export type { AnsweredRequest } from '../emulator/wire/answer-request.ts';
export type { Route53Server, ServeOptions } from '../emulator/wire/http-server.ts';
export { PortInUse, serveRoute53 } from '../emulator/wire/http-server.ts';
export type { EmulatedRequestHandler } from '../emulator/wire/route53-handler.ts';
export { route53RequestHandler } from '../emulator/wire/route53-handler.ts';
