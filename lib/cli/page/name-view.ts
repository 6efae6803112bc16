import { knowCell } from '../../cell/cell-knowledge.ts';
import type { RecordedEvent } from '../../ledger/decider/events.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { newestEvent } from '../../ledger/newest-events.ts';
import type { CellName } from '../../plan/names.ts';
import { dnsName } from '../../plan/names.ts';
import { namedNodes } from '../../plan/tree-nodes.ts';
import { Refused } from '../command/failures.ts';
import { appliedEndpoint } from '../look/endpoint-lookup.ts';
import { explanationOf } from '../look/look-at-endpoint.ts';
import { endpointShares } from '../printing/traffic-shares.ts';
import { waitingDocument } from '../printing/waiting-view.ts';
import { decisions, waitingIn } from './cell-view.ts';
import { eventDocument } from './fleet-view.ts';
import { typed } from './page-sentences.ts';
import type { PageWorld } from './page-world.ts';

/** Pages of 500 events that are read for the event behind an answer: a page that is open must not read a whole log. */
const PAGES_MAX = 4;

/** One name as its chain: root, tree, nodes, leaves, and whose plan it is. */
export async function nameView(world: PageWorld, text: string, place: string) {
  const ledger = await world.ledger();
  const name = dnsName(text);
  const found = await appliedEndpoint(ledger, name);
  if (found === undefined)
    throw new Refused(`No applied plan has ${name}: its cell's page says what was declared and waits.`);
  const { head, endpoint } = found;
  const now = world.clock.now();
  const { made, ...explanation } = await explanationOf(world, ledger, found, now, PAGES_MAX);
  const known = await knowCell(ledger, head, now);
  const waiting =
    known === undefined
      ? undefined
      : (await waitingIn(ledger, known, now)).find((each) => each.name === endpoint.name);
  return {
    asked: name,
    ...explanation,
    nodes: namedNodes(endpoint).map(({ path, name: at }) => ({ path, name: at })),
    shares: endpointShares(endpoint.name, endpoint, waiting === undefined ? endpoint : waiting.after),
    behind: made === null ? null : await behindPlan(ledger, { ...made, cell: head.cell }),
    keptBack: waiting === undefined ? null : waitingDocument(waiting),
    decide: decisions(head.cell, waiting, place),
    next: [`pawl explain ${name}`, `pawl resolve ${name} --count 1000`].map((line) => typed(line, place)),
  };
}

/** An event by what the chain shows of it. */
type MadeEvent = Pick<RecordedEvent, 'number' | 'at' | 'by' | 'event'> & { readonly cell: CellName };

/** The plan that made a tree, and the person's word that it followed from: an approval, an order, a fleet. */
async function behindPlan(ledger: Ledger, made: MadeEvent) {
  const { cell, number } = made;
  const before = await newestEvent(ledger, { cell, number: number - 1 }, isPersonsWord, PAGES_MAX);
  const fleet =
    before?.event.type === 'FleetDeclared'
      ? before
      : await newestEvent(
          ledger,
          { cell, number: number - 1 },
          ({ event }) => event.type === 'FleetDeclared',
          PAGES_MAX,
        );
  return {
    plan: eventDocument({ ...made, previous: '', hash: '' }),
    fleet: fleet === undefined ? null : eventDocument(fleet),
    last: before === undefined || before === fleet ? null : eventDocument(before),
  };
}

const WORDS: ReadonlySet<RecordedEvent['event']['type']> = new Set([
  'FleetDeclared',
  'TargetDrained',
  'TargetRestored',
  'AzEvacuated',
  'AzRestored',
  'BranchEvacuated',
  'BranchRestored',
  'EndpointAdopted',
  'LooseningApproved',
]);

/** Whether an event is what a person asked for. */
function isPersonsWord({ event }: RecordedEvent): boolean {
  return WORDS.has(event.type);
}
