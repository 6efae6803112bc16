import type { Command } from 'commander';
import { LedgerUnavailable } from '../../ledger/ledger.ts';
import type { DnsName } from '../../plan/names.ts';
import { dnsName } from '../../plan/names.ts';
import { rootTypes } from '../../plan/plan.ts';
import type { DnsServerAddress, DnsTransport } from '../../resolve/dns-transport.ts';
import type { ResolveCounts } from '../../resolve/resolve.ts';
import { resolveMany } from '../../resolve/resolve.ts';
import { socketTransport } from '../../resolve/socket-transport.ts';
import type { World } from '../../wiring/world.ts';
import type { ExitCode } from '../command/exit-codes.ts';
import { EXIT } from '../command/exit-codes.ts';
import type { Runtime } from '../command/new-command.ts';
import { newCommand } from '../command/new-command.ts';
import { oneOf, wholeNumber } from '../command/option-values.ts';
import type { Progress } from '../command/progress.ts';
import { progress } from '../command/progress.ts';
import type { CommandResult, Session } from '../command/session.ts';
import type { AppliedEndpoint } from '../look/endpoint-lookup.ts';
import { appliedEndpoint } from '../look/endpoint-lookup.ts';
import type { Paper } from '../printing/paper.ts';
import { counted, paint, tame } from '../printing/paper.ts';
import { table } from '../printing/table.ts';
import type { AnswerSpread } from './answer-spread.ts';
import { answerSpread } from './answer-spread.ts';
import type { AskFlags } from './asked-from.ts';
import { askedServer, askerAt, askerDocument, askerText, withAskOptions } from './asked-from.ts';

const TYPES = ['A', 'AAAA', 'CNAME', 'TXT', 'MX', 'NS', 'SOA', 'SRV', 'CAA', 'PTR'] as const;
type Type = (typeof TYPES)[number];

interface ResolveFlags extends AskFlags {
  readonly count: number;
  readonly type?: Type;
}

const COUNT = 100;
const COUNT_MAX = 1_000_000;

type Connect = (server: DnsServerAddress) => Promise<DnsTransport>;

const OTHERS_MAX = 20;

export function resolveCommand(runtime: Runtime): Command {
  const command = newCommand(
    'resolve',
    'Ask the DNS server many times, and show how the answers spread beside the planned weights.',
    [
      ['pawl resolve api.example.test --count 1000', ''],
      ['pawl resolve api.example.test --from eu-west-1', 'the answers of a client in Ireland'],
      ['pawl resolve www.example.com --server 192.0.2.53', 'a server of your own choice'],
    ],
  )
    .argument('<name>', 'what to ask for')
    .option('--count <number>', `queries of each type, 1 to ${COUNT_MAX}`, wholeNumber(1, COUNT_MAX), COUNT)
    .option(
      '--type <type>',
      `${TYPES.join(', ')} (default: what the plan answers with, else A)`,
      oneOf(TYPES),
    );
  return withAskOptions(command).action((name: string, flags: ResolveFlags, self: Command) =>
    runtime.run(self, (session) => resolve(session, dnsName(name), flags)),
  );
}

async function resolve(session: Session, name: DnsName, flags: ResolveFlags): Promise<CommandResult> {
  const world = await session.world();
  const server = askedServer(world, flags);
  const asker = await askerAt(world, flags.from);
  const applied = await planned(session, world, name);
  const types = flags.type === undefined ? plannedTypes(applied?.endpoint) : [flags.type];
  const bar = progress(session, world.clock, 'query', flags.count * types.length);
  const counts = await ask(world, counting(bar), {
    server,
    name,
    types,
    count: flags.count,
    client: asker?.client,
  }).finally(() => bar.end());
  const report: ResolveReport = {
    name,
    types,
    plan: applied === undefined ? undefined : `${applied.plan.cell}@${applied.plan.generation}`,
    from: askerDocument(asker, counts.scopes),
    asked: counts.asked,
    empty: counts.empty,
    rcodes: Object.fromEntries(counts.rcodes),
    errors: Object.fromEntries(counts.errors),
    spread: answerSpread(applied?.endpoint, types, counts),
  };
  const who = asker === undefined ? undefined : askerText(asker, counts.scopes);
  session.say(resolveView(report, who, session.paper));
  return { exit: exitOf(counts), document: report };
}

/** The name's endpoint in the applied plan. The command also works while the ledger is down. */
async function planned(session: Session, world: World, name: DnsName): Promise<AppliedEndpoint | undefined> {
  try {
    return await appliedEndpoint(await world.ledger(), name);
  } catch (error) {
    if (!(error instanceof LedgerUnavailable)) throw error;
    session.remark(`Without the planned weights: ${tame(error.message)}\n`);
    return undefined;
  }
}

function plannedTypes(endpoint: Parameters<typeof rootTypes>[0] | undefined): readonly Type[] {
  const types = endpoint === undefined ? [] : rootTypes(endpoint);
  return types.length === 0 ? ['A'] : types;
}

function ask(
  { clock, randomness }: World,
  connect: Connect,
  request: Parameters<typeof resolveMany>[1],
): Promise<ResolveCounts> {
  return resolveMany({ clock, randomness, connect }, request);
}

/** Sockets that advance the bar after every query, answered or not. */
function counting(bar: Progress): Connect {
  return async (server) => {
    const transport = await socketTransport(server);
    return {
      askTcp: (query, signal) => transport.askTcp(query, signal),
      close: () => transport.close(),
      askUdp: async (query, signal) => {
        try {
          return await transport.askUdp(query, signal);
        } finally {
          bar.step();
        }
      },
    };
  };
}

/** `done` when every query was answered with a value, `unknown` when none was answered at all, else `refused`. */
function exitOf({ rcodes, errors, empty }: ResolveCounts): ExitCode {
  const answered = rcodes.get('NOERROR') ?? 0;
  if (rcodes.size === 0) return EXIT.unknown;
  return rcodes.size === 1 && answered > 0 && errors.size === 0 && empty === 0 ? EXIT.done : EXIT.refused;
}

/** What `pawl resolve` found. */
interface ResolveReport {
  readonly name: string;
  readonly types: readonly string[];
  /** `use1-a@145`; undefined when no applied plan has the name. */
  readonly plan: string | undefined;
  /** For whom it was asked; undefined when for this machine. */
  readonly from: ReturnType<typeof askerDocument>;
  readonly asked: number;
  readonly empty: number;
  readonly rcodes: Readonly<Record<string, number>>;
  readonly errors: Readonly<Record<string, number>>;
  readonly spread: AnswerSpread;
}

/** The distribution of the answers over the targets, beside the planned weights. */
function resolveView(report: ResolveReport, who: string | undefined, paper: Paper): string {
  const { name, types, plan, spread } = report;
  const planned = plan === undefined ? 'no applied plan has this name' : `planned by ${plan}`;
  return `${paint(paper, 'strong', name)} ${types.join(' ')}, ${planned}\n${targetsTable(spread, paper)}${othersTable(spread, paper)}${totals(report, who, paper)}`;
}

function targetsTable({ targets }: AnswerSpread, paper: Paper): string {
  if (targets.length === 0) return '';
  return table(
    paper,
    [
      { head: 'TARGET' },
      { head: 'TYPE' },
      { head: 'ANSWER' },
      { head: 'WEIGHT', align: 'right' },
      { head: 'PLANNED', align: 'right' },
      { head: 'ANSWERS', align: 'right' },
      { head: 'SHARE', align: 'right' },
    ],
    targets.map(({ target, branch, type, answer, weight, multivalue, plannedShare, answers, share }) => [
      branch === undefined ? tame(target) : `${tame(target)} in ${tame(branch)}`,
      type,
      tame(answer),
      multivalue === true ? 'multivalue' : String(weight),
      multivalue === true ? '-' : percent(plannedShare),
      answers === null ? '-' : String(answers),
      share === null ? '-' : percent(share),
    ]),
  );
}

function othersTable({ targets, others }: AnswerSpread, paper: Paper): string {
  if (others.length === 0) return '';
  const title = targets.some(({ answers }) => answers === null) ? 'ANSWER OF AN ALIAS' : 'ANSWER';
  const rows = others.slice(0, OTHERS_MAX).map(({ answer, answers }) => [tame(answer), String(answers)]);
  const more = others.length - OTHERS_MAX;
  const grid = table(paper, [{ head: title }, { head: 'ANSWERS', align: 'right' }], rows);
  return more > 0 ? `${grid}and ${counted(more, 'other answer')} more\n` : grid;
}

function totals(
  { asked, empty, rcodes, errors }: ResolveReport,
  who: string | undefined,
  paper: Paper,
): string {
  const parts = [
    ...Object.entries(rcodes).map(([rcode, count]) =>
      rcode === 'NOERROR' ? `${count} ${rcode}` : paint(paper, 'bad', `${count} ${rcode}`),
    ),
    ...(empty === 0 ? [] : [paint(paper, 'bad', `${empty} without an answer`)]),
    ...Object.entries(errors).map(([error, count]) => paint(paper, 'bad', `${count} ${error}`)),
  ];
  const queries = counted(asked, 'query', 'queries');
  return `${who === undefined ? queries : `${queries} ${who}`}: ${parts.join(', ')}\n`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
