import type { TrailFindingCode } from './finding.ts';

/** Whether a trail beside its log shows what a guard of the proof asks for. */
export type AskedGuard =
  | {
      readonly isAsked: true;
      /** What it is asked of. */
      readonly of: string;
      /** What says the same of a batch, and more: where one of these is found, the guard is not told again. */
      readonly toldAs?: readonly TrailFindingCode[];
    }
  | { readonly isAsked: false; readonly why: string };

function asked(of: string, ...toldAs: readonly TrailFindingCode[]): AskedGuard {
  return { isAsked: true, of, toldAs };
}

function hidden(why: string): AskedGuard {
  return { isAsked: false, why };
}

const FENCES = 'the fences that the batch deletes and creates';
const CHANGES = 'the changes of the batch';
const STANDING = 'the changes of the batch, and what stood before it';
const COMPARED =
  'Route 53 has compared it with what stood: where it does not fit, events are missing, which is trail-lacks';
const COUNTED = 'the rule of fences counts every seq, and says fence';
const INSYNC = 'it rests on which changes were INSYNC, and CloudTrail has no such event';
const READ = 'it rests on what the writer had read, and CloudTrail has no reads';

/**
 * Every guard of every batch of the proof, and of the end of a cell: whether `pawl verify --trail` asks it, of what, and why
 * not where it does not. A test demands that none is missing. docs/trail.md says it in sentences.
 */
export const ASKED_GUARDS: Readonly<Record<string, AskedGuard>> = {
  'fence-stands': hidden(COMPARED),
  'fence-is-new': hidden('the rule of fences has every nonce that stood, and says fence'),
  'change-is-new': hidden('Route 53 gives each change an id of its own'),
  'fence-is-open': asked(FENCES, 'frozen'),
  'stays-open': asked(FENCES, 'frozen'),
  'keeps-plan': asked(`${FENCES}, and the plans of the log`, 'fence', 'unknown-plan'),
  'has-the-generation': asked(`${FENCES}, and the plans of the log`, 'fence', 'unknown-plan'),
  'goes-forward': asked(FENCES, 'fence'),
  'counts-on': hidden(COUNTED),
  'keeps-seq': hidden(COUNTED),
  'makes-nothing': asked(CHANGES),
  'moves-nothing': asked(CHANGES),
  'drops-nothing': asked(CHANGES),
  'makes-what-is-listed': asked(
    'the changes of the batch, and what the log has listed since the event that the deleted fence names: of nodes below a tree it says nothing',
    'retired-again',
  ),
  'makes-what-is-absent': hidden(COMPARED),
  'makes-it-whole': asked(STANDING, 'missing-answer'),
  'moves-its-own': asked(`${STANDING}, and what the log lets the cell take over`),
  'points-at-its-own': asked(STANDING),
  'points-at-what-is-everywhere': hidden(INSYNC),
  'names-what-is-complete': hidden(
    'it rests on where the plan has its roots, and bodies of plans are not read',
  ),
  'drops-its-own': asked(CHANGES),
  'drops-what-is-retired': asked(
    'the changes of the batch, and what the log listed at the event after the one that the fence names, which is where a janitor says what it retires: of nodes below a tree it says nothing',
  ),
  'whole-zone-was-read': hidden(READ),
  'drops-what-nothing-points-at': asked(
    `${STANDING}: what roots pointed at, for what was read under the fence that stood`,
    'pointed',
  ),
  'drops-what-leads-there': asked(
    `${STANDING}: what led there, for what was read under the fence that stood`,
    'pointed',
  ),
  'last-move-is-everywhere': hidden(INSYNC),
  'proof-holds': hidden(COMPARED),
  freezes: asked(FENCES, 'frozen'),
  'fence-is-frozen': asked(FENCES, 'frozen'),
  'decided-on-this': hidden(READ),
  'fence-is-missing': asked(FENCES),
  'names-no-plan': asked(`${FENCES}, and the plans of the log`, 'unknown-plan'),
  'giver-fence-stands': asked('the fences of both cells; that they stood Route 53 has compared'),
  'giver-fence-is-new': hidden('the rule of fences has every nonce that stood, and says fence'),
  'giver-is-open': asked('the fences of both cells', 'frozen'),
  'giver-keeps-plan': asked('the fences of both cells, and the plans of the log', 'fence', 'unknown-plan'),
  'giver-counts-on': hidden(COUNTED),
  'moves-what-is-offered': asked(`${STANDING}, and the offers among it`),
  'offers-what-the-log-lets-go': asked(
    'the offers of the batch, and what the log has let go since the event that the deleted fence names',
  ),
  'makes-new-names': asked('the changes of the batch, and the seq of the frozen fence', 'retired-again'),
  'points-at-what-its-changes-made': hidden(INSYNC),
  'moves-what-a-person-names': asked(STANDING),
};
