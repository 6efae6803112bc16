import type { Decision, Port } from './decision.ts';
import type { Play, Seat } from './playing.ts';

/**
 * Everything that may happen next, in an order that depends on nothing else. So a number names a decision. Number 0
 * goes on with the actor that moved last. Disturbances come after undisturbed decisions.
 */
export function decisionsOf(play: Play): readonly Decision[] {
  const { budget } = play.settings;
  const live = liveInOrder(play);
  const decisions: Decision[] = [];
  if (live.length === 0) decisions.push({ type: 'rest' });
  for (const actor of live) decisions.push({ type: 'run', actor });
  play.inFlight.forEach((_, request) => {
    decisions.push({ type: 'land', request });
  });
  const { spent } = play;
  if (spent.returns < budget.returns) decisions.push(...returns(play));
  if (spent.faults < budget.faults) decisions.push(...faults(play, live));
  if (live.length === 0) return decisions;
  if (spent.duplicates < budget.duplicates) {
    for (const { name, role } of play.seats) {
      if (role.type === 'enactor' || role.type === 'janitor')
        decisions.push({ type: 'duplicate', actor: name });
    }
  }
  if (spent.tamperings < budget.tamperings) decisions.push({ type: 'tamper' });
  if (spent.advances < budget.advances) decisions.push({ type: 'advance' });
  for (const port of PORTS) {
    if (play.down.has(port) || spent.outages < budget.outages) decisions.push({ type: 'outage', port });
  }
  if (play.settings.restsAnywhere === true) decisions.push({ type: 'rest' });
  return decisions;
}

const PORTS: readonly Port[] = ['ledger', 'zone'];

function liveInOrder(play: Play): readonly string[] {
  const live = play.seats.filter((seat) => canGoOn(play, seat)).map(({ name }) => name);
  const { current } = play;
  if (current === undefined || !live.includes(current)) return live;
  return [current, ...live.filter((name) => name !== current)];
}

/**
 * Nobody goes on who waits for a message that is not there. In a search such an actor learns that none came, and ends:
 * that equals an actor who is abandoned.
 */
function canGoOn({ callOf, environment, settings }: Play, { name, state }: Seat): boolean {
  if (state !== 'live' || settings.reduce) return state === 'live';
  return callOf(name)?.isReady?.(environment) !== false;
}

/** One for each number of PENDING commits that the zone may keep. They come before faults, whose number varies. */
function returns({ environment: { route53, scope } }: Play): readonly Decision[] {
  const pending = route53.answerable(scope.zoneId).length - 1;
  return Array.from({ length: pending }, (_, kept) => ({ type: 'return', kept }));
}

function faults(play: Play, live: readonly string[]): readonly Decision[] {
  const { lostAnswers, reduce } = play.settings;
  const decisions: Decision[] = [];
  for (const actor of live) {
    const effect = play.callOf(actor)?.effect;
    if (effect === 'write') {
      decisions.push({ type: 'timeout', actor });
      if (lostAnswers) decisions.push({ type: 'lose-answer', actor });
    }
    if (effect !== 'time') decisions.push({ type: 'throttle', actor });
    // A death in a call that leaves no request behind equals a throttled call: the run ends in both.
    if (effect === 'write' || !reduce) decisions.push({ type: 'crash', actor });
  }
  return decisions;
}
