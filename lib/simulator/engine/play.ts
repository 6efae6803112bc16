import { LedgerUnusable } from '../../ledger/ledger.ts';
import { invariant } from '../../plan/invariant.ts';
import type { CommitWatch } from '../checkers/commit-watch.ts';
import type { Answer, PendingCall } from '../ports/port-call.ts';
import { outcomeOf } from '../ports/port-call.ts';
import { DELIVERED, RECEIVE_SITE } from '../ports/suspending-queue.ts';
import type { ActorRole } from './actor-roles.ts';
import { isExpectedEnd, workflowOf } from './actor-roles.ts';
import type { Behaviours, LocalState } from './behaviour.ts';
import type { Budget, Decision, Port } from './decision.ts';
import { NO_FAULTS } from './decision.ts';
import type { Environment } from './environment.ts';
import { isDead, performCall } from './perform-call.ts';
import type { PlaySettings } from './play-settings.ts';
import type { Play, PlayedStep, RequestInFlight, Seat } from './playing.ts';
import type { Sightings } from './sightings.ts';
import { sighting } from './sightings.ts';
import { tamperWith } from './tamper-with.ts';
import type { Choose } from './tampering-input.ts';
import type { Scene } from './write-sightings.ts';

interface Parts {
  readonly environment: Environment;
  readonly watch: CommitWatch;
  readonly behaviours: Behaviours;
  readonly sightings: Sightings;
  readonly settings: PlaySettings;
  readonly beganAt: number;
  readonly stagers: Scene['stagers'];
  seats: readonly Seat[];
  inFlight: readonly RequestInFlight[];
  spent: Budget;
  down: ReadonlySet<Port>;
  current: string | undefined;
}

/** A play in this environment, without actors. */
export function createPlay(
  environment: Environment,
  watch: CommitWatch,
  tools: { readonly behaviours: Behaviours; readonly sightings: Sightings; readonly settings: PlaySettings },
): Play {
  return playOf({
    environment,
    watch,
    ...tools,
    beganAt: environment.time.now(),
    stagers: new Map(),
    seats: [],
    inFlight: [],
    spent: NO_FAULTS,
    down: new Set(),
    current: undefined,
  });
}

/** @param environment the one of `parts`, as it is seen from the cell that the play is looked at from. */
function playOf(parts: Parts, environment: Environment = parts.environment): Play {
  const { watch } = parts;
  return {
    environment,
    watch,
    settings: parts.settings,
    sightings: parts.sightings,
    get seats() {
      return parts.seats;
    },
    get inFlight() {
      return parts.inFlight;
    },
    get spent() {
      return parts.spent;
    },
    get down() {
      return parts.down;
    },
    get current() {
      return parts.current;
    },
    callOf: (actor) => callIn(seatOf(parts, actor)),
    start: (name, role) => start(parts, name, role),
    at: (cell) => playOf(parts, environment.at(cell)),
    apply: (decision, choose) => apply(parts, decision, choose),
    after: (seat, answer) => after(parts, seat, answer),
    deliver: (call) => perform(parts, call),
    isDead: (call) => isDead(parts.environment, call),
    clone: (settings = parts.settings) => {
      const copy = parts.environment.clone(settings.winners);
      const made: Parts = {
        ...parts,
        environment: copy,
        watch: watch.clone(copy),
        settings,
        stagers: new Map(parts.stagers),
      };
      return playOf(made, environment === parts.environment ? copy : copy.at(environment.scope.cell));
    },
    key: () => keyOf(parts),
  };
}

function seatOf({ seats }: Parts, name: string): Seat {
  const seat = seats.find((candidate) => candidate.name === name);
  invariant(seat !== undefined, `no actor is called ${name}`);
  return seat;
}

function callIn({ local, state }: Seat): PendingCall | undefined {
  return state === 'live' && local.stop.type === 'call' ? local.stop.call : undefined;
}

function behaviourOf({ behaviours, environment }: Parts, name: string, role: ActorRole) {
  const { memory, recordLimit, scopes } = environment;
  const scope = scopes.find(({ cell }) => cell === role.cell) ?? environment.scope;
  const workplace = { scope, ledger: memory.id, recordLimit };
  return behaviours.of(name, () => workflowOf(role, name, workplace));
}

function toldTime({ settings, environment, beganAt }: Parts): number {
  return settings.timeless ? beganAt : environment.time.now();
}

async function start(parts: Parts, name: string, role: ActorRole): Promise<void> {
  invariant(!parts.seats.some((seat) => seat.name === name), `an actor called ${name} is there already`);
  const local = await behaviourOf(parts, name, role).begin(toldTime(parts));
  parts.seats = [...parts.seats, seated(parts, { name, role, local, state: 'live', begun: false })];
}

const STOPPED_BY_FORMAT = sighting('an actor of the release before was stopped by a format');

/** Records an actor's new local state. The checkers learn of an end, and a failure that no service caused is a bug. */
function seated(parts: Parts, seat: Seat): Seat {
  const { stop } = seat.local;
  if (stop.type === 'call') return seat;
  if (stop.type === 'failed') {
    const { error } = stop;
    if (!isExpectedEnd(error, seat.role)) throw error;
    if (error instanceof LedgerUnusable) parts.sightings.note(STOPPED_BY_FORMAT);
  }
  parts.watch.ended(
    { name: seat.name, role: seat.role.type, cell: seat.role.cell },
    stop.type === 'done' ? stop.outcome : undefined,
  );
  return { ...seat, state: 'ended' };
}

const LANDED_WITH_EFFECT = sighting('a request landed late and took effect');
const LANDED_IN_VAIN = sighting('a request landed late in vain');
const MESSAGE_CAME = sighting('a message reached a successor');
const MESSAGE_OUTLIVED = sighting('a message reached a successor after an enactor had died');
const ZONE_RETURNED = sighting('the zone went back to an earlier commit');
const OUTAGE_BEGAN = sighting('an outage began');
const OUTAGE_ENDED = sighting('an outage ended');

async function apply(parts: Parts, decision: Decision, choose: Choose): Promise<PlayedStep> {
  switch (decision.type) {
    case 'run':
    case 'lose-answer':
    case 'throttle':
    case 'timeout':
    case 'crash':
      return applyToCall(parts, decision);
    case 'land': {
      const request = parts.inFlight[decision.request];
      invariant(request !== undefined, 'no such request is in flight');
      parts.inFlight = parts.inFlight.filter((other) => other !== request);
      const answer = await perform(parts, request.call);
      const took = ['accepted', 'appended'].includes(outcomeOf(answer));
      parts.sightings.note(took ? LANDED_WITH_EFFECT : LANDED_IN_VAIN);
      return step(decision, request.call, said(answer));
    }
    case 'duplicate': {
      const { role } = seatOf(parts, decision.actor);
      spend(parts, 'duplicates');
      // Behaviours are kept by name from run to run. So the name of a duplicate contains the name of its original.
      const name = `${decision.actor}-${parts.seats.length + 1}`;
      await start(parts, name, role);
      return { decision, actor: name, site: 'start', detail: `a duplicate of ${decision.actor}`, answer: '' };
    }
    case 'tamper': {
      spend(parts, 'tamperings');
      const what = tamperWith(parts.environment, parts.watch, choose);
      return { decision, actor: 'a hand', site: 'tamper', detail: what, answer: '' };
    }
    case 'advance':
      spend(parts, 'advances');
      parts.environment.time.advanceTo(parts.environment.time.now() + ADVANCE_MS);
      return { decision, actor: 'time', site: 'advance', detail: `${ADVANCE_MS / 1_000} s`, answer: '' };
    case 'return': {
      spend(parts, 'returns');
      const { route53, scope } = parts.environment;
      const lost = route53.answerable(scope.zoneId).length - 1 - decision.kept;
      route53.returnTo(scope.zoneId, decision.kept);
      parts.watch.returned();
      parts.sightings.note(ZONE_RETURNED);
      return { decision, actor: 'the zone', site: 'return', detail: `${lost} changes lost`, answer: '' };
    }
    case 'outage': {
      const isDown = parts.down.has(decision.port);
      if (!isDown) spend(parts, 'outages');
      const others = [...parts.down].filter((port) => port !== decision.port);
      parts.down = new Set(isDown ? others : [...others, decision.port]);
      parts.sightings.note(isDown ? OUTAGE_ENDED : OUTAGE_BEGAN);
      const detail = `the ${decision.port} ${isDown ? 'is back' : 'is away'}`;
      return { decision, actor: decision.port, site: 'outage', detail, answer: '' };
    }
    case 'rest':
      parts.inFlight = [];
      return { decision, actor: 'everybody', site: 'rest', detail: '', answer: '' };
  }
}

/** Longer than INSYNC takes, and longer than a change that nobody knows counts as pending. */
const ADVANCE_MS = 600_000;

async function applyToCall(
  parts: Parts,
  decision: Decision & { readonly actor: string },
): Promise<PlayedStep> {
  const seat = seatOf(parts, decision.actor);
  const call = callIn(seat);
  invariant(call !== undefined, `${decision.actor} is not suspended in a call`);
  parts.current = seat.name;
  if (!seat.begun) parts.watch.started({ name: seat.name, role: seat.role.type, cell: seat.role.cell });
  if (decision.type !== 'run') {
    spend(parts, 'faults');
    parts.sightings.fault(seat.role.type, call, decision.type);
  }
  const leavesRequest = (decision.type === 'timeout' || decision.type === 'crash') && call.effect === 'write';
  if (leavesRequest) parts.inFlight = [...parts.inFlight, { call, sentAt: seat.local.id }];
  if (decision.type === 'crash') {
    replace(parts, { ...seat, state: 'crashed', begun: true });
    return step(decision, call, '');
  }
  const answer = await answerTo(parts, decision, call);
  if (call.site === RECEIVE_SITE) noteMessage(parts, answer);
  const next = after(parts, seat, answer);
  const local = next instanceof Promise ? await next : next;
  replace(parts, seated(parts, { ...seat, local, begun: true }));
  return step(decision, call, said(answer));
}

function noteMessage({ seats, sightings }: Parts, answer: Answer): void {
  if (answer.type !== 'value' || answer.value !== DELIVERED) return;
  sightings.note(MESSAGE_CAME);
  const isDead = seats.some(({ role, state }) => role.type === 'enactor' && state === 'crashed');
  if (isDead) sightings.note(MESSAGE_OUTLIVED);
}

function after(
  parts: Parts,
  { name, role, local }: Pick<Seat, 'name' | 'role' | 'local'>,
  answer: Answer,
): LocalState | Promise<LocalState> {
  return behaviourOf(parts, name, role).after(local, answer, toldTime(parts));
}

async function answerTo(parts: Parts, decision: Decision, call: PendingCall): Promise<Answer> {
  switch (decision.type) {
    case 'throttle':
      return call.refused();
    case 'timeout':
      return call.unanswered();
    case 'lose-answer':
      await perform(parts, call);
      return call.unanswered();
    default:
      return isDown(parts, call) ? call.refused() : perform(parts, call);
  }
}

/** No outage reaches the queue: a message that is not taken is a fault. */
function isDown({ down }: Parts, { site }: PendingCall): boolean {
  if (down.size === 0 || site.startsWith('successor.') || site === RECEIVE_SITE) return false;
  return down.has(site.startsWith('zone.') ? 'zone' : 'ledger');
}

/** Lets a request take effect. The requests that it makes dead are dropped where the settings say so. */
async function perform(parts: Parts, call: PendingCall): Promise<Answer> {
  const answer = await performCall({ ...parts, freezing: isFreezing(parts) }, call);
  const { environment, inFlight, settings, spent } = parts;
  const mayReturn = spent.returns < settings.budget.returns;
  if (settings.dropsDead && !mayReturn && call.effect === 'write')
    parts.inFlight = inFlight.filter((other) => !isDead(environment, other.call));
  return answer;
}

function isFreezing({ seats }: Parts): boolean {
  return seats.some(({ role, begun, state }) => role.type === 'freeze' && begun && state === 'live');
}

function replace(parts: Parts, seat: Seat): void {
  parts.seats = parts.seats.map((other) => (other.name === seat.name ? seat : other));
}

function spend(parts: Parts, what: keyof Budget): void {
  parts.spent = { ...parts.spent, [what]: parts.spent[what] + 1 };
}

function step(decision: Decision, { actor, site, detail }: PendingCall, answer: string): PlayedStep {
  return { decision, actor, site, detail, answer };
}

/** The answer as a timeline shows it. */
function said(answer: Answer): string {
  if (answer.type === 'error') return 'no answer';
  const { value } = answer;
  if (typeof value === 'string') return value.length > 20 ? '' : value;
  return outcomeOf(answer);
}

function keyOf({ environment, watch, seats, inFlight, spent, down, settings }: Parts): string {
  const places = seats.map(({ local, state }) => (state === 'live' ? local.id : 'gone')).join();
  const flying = inFlight
    .map(({ sentAt }) => sentAt)
    .sort((a, b) => a - b)
    .join();
  const used = `${spent.faults},${spent.tamperings},${spent.duplicates},${spent.outages},${spent.advances},${spent.returns}`;
  return `${environment.key(settings.timeless)}/${places}/${flying}/${used}/${[...down].join()}/${watch.key()}`;
}
