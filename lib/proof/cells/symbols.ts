import type { TheoryPart } from '../theory.ts';

function relation(name: string, of: string, says: string): TheoryPart {
  return { name, of, gives: 'Bool', says };
}

function map(name: string, of: string, gives: string, says: string): TheoryPart {
  return { name, of, gives, says };
}

/** A writer is one pass of an enactor, a janitor, a person or a rescue. A root is a root or a rollback root. */
export const SORTS = [
  'Cell',
  'Fence',
  'Count',
  'Plan',
  'Head',
  'Node',
  'Root',
  'Server',
  'Change',
  'Writer',
] as const;

/** What never changes. A fence value carries what it says, and the content of a name is its own for ever. */
export const FIXED: readonly TheoryPart[] = [
  map('gen', 'Fence', 'Plan', 'The plan whose generation the fence says.'),
  map('seq', 'Fence', 'Count', 'The number of the fence in its cell.'),
  relation('below', 'Count, Count', 'The first number is below the second.'),
  relation('precedes', 'Count, Count', 'The second number is the next one after the first.'),
  relation('whole', 'Fence', 'The fence names that plan: all of it is applied under this fence.'),
  relation('frozen', 'Fence', 'The fence says that the cell is frozen.'),
  relation('missing', 'Fence', 'This stands for no fence at all.'),
  relation('atMost', 'Plan, Plan', 'The first generation is not above the second.'),
  map('cellOf', 'Plan', 'Cell', 'The cell that the plan is of.'),
  relation('tree', 'Plan, Root, Node', 'The plan has the root point at this tree.'),
  relation('part', 'Plan, Node', 'The plan needs this tree, or this node of a tree.'),
  map('home', 'Node', 'Cell', 'The cell below whose names the name is.'),
  relation('foreign', 'Node', "The name stands for an answer that is not Pawl's."),
  relation('serves', 'Node, Root', 'The name is one of the endpoint that the root is of.'),
  relation(
    'rolls',
    'Root, Root',
    'The first is a rollback root of the endpoint that the second is the root of.',
  ),
  relation(
    'under',
    'Node, Node',
    'The second name is the first, or its answers lead there: a tree or a node of it.',
  ),
];

/** What changes. Relations of the past are there for the proof alone: nobody in the protocol asks for them. */
export const STATE: readonly TheoryPart[] = [
  map('fence', 'Cell', 'Fence', 'The fence that stands in the zone.'),
  relation('written', 'Fence', 'Past: the value has stood.'),
  relation('reached', 'Cell, Plan', 'Past: a fence of the cell has had this generation.'),
  relation(
    'follows',
    'Fence, Fence',
    'Past: the second value is the first, or came after it in the same cell.',
  ),
  map(
    'recorded',
    'Cell',
    'Fence',
    'The fence by which the log says that a plan is applied; at first the absence of one.',
  ),
  relation('noted', 'Cell, Fence', 'Past: the log has said that a plan was applied by it.'),
  relation('there', 'Node', 'A tree or a node stands in the zone.'),
  relation('was', 'Node', 'Past: it has stood.'),
  relation('points', 'Root, Node', 'The root points at it in the zone.'),
  relation(
    'touched',
    'Root',
    'Past: a hand has moved the root, or it was pointed where such a root pointed.',
  ),
  relation('adopted', 'Cell, Root', 'The log says that the cell may take over what stands at the root.'),
  relation(
    'has',
    'Server, Node',
    'The name server has it, and will have it until it is deleted. A deletion is at all of them at once: that is the worst that can be.',
  ),
  relation(
    'answers',
    'Server, Root, Node',
    'The name server answers the root with it, or may: it is on its way there, or is not overwritten there yet.',
  ),
  relation('sent', 'Change', 'Route 53 has accepted the change.'),
  relation('insync', 'Change', 'Route 53 says that the change is INSYNC.'),
  relation('upto', 'Change, Node', 'Past: it stood in the zone once the change was accepted.'),
  relation(
    'since',
    'Change, Root, Node',
    'Past: the root pointed at it when the change was accepted, or at some time since.',
  ),
  map('movedAt', 'Cell', 'Fence', 'Past: the fence by which a root of the cell was moved last.'),
  relation(
    'calm',
    'Fence, Change',
    'Past: the change came by this fence or after it, and no root of its cell was moved between.',
  ),
  map('head', 'Cell', 'Head', "The newest event of the cell's log."),
  relation('logged', 'Head', 'Past: it is an event of a log.'),
  relation(
    'listed',
    'Node',
    'Plans may use it: the log has it as made, and neither as retired nor as forgotten.',
  ),
  relation('coined', 'Node', 'Past: a plan or a rescue has given somebody this name.'),
  relation('wanted', 'Plan', 'The log says that the plan is the goal, the newest, or staged.'),
  relation('staged', 'Node, Change', 'The log says that the change staged it.'),
  relation(
    'told',
    'Fence, Change',
    'The log has, with the seq of this fence, a change by which its roots stood as they do.',
  ),
  relation(
    'released',
    'Cell, Root',
    'The log of the cell lets another cell have the root, or says that another one has it.',
  ),
  relation('offer', 'Cell, Cell, Root', 'In the zone, the first cell offers the root to the second.'),
  map('at', 'Writer', 'Cell', 'The cell that the writer is at work on.'),
  map('saw', 'Writer', 'Fence', 'The fence that it read last, or left by its own batch.'),
  map('decided', 'Writer', 'Fence', 'The fence on which a person decided.'),
  map('began', 'Writer', 'Fence', 'The fence that stood when it began.'),
  relation('wrote', 'Writer, Fence', 'It has written the fence itself, since it began.'),
  map('heard', 'Writer', 'Head', 'The head that it read, after the fence.'),
  relation('lists', 'Writer, Node', 'The log that it read lists the name.'),
  relation(
    'spare',
    'Writer, Node',
    'By the log that it read the name is in use by nobody: no wanted plan has it.',
  ),
  relation(
    'settles',
    'Writer, Change',
    'By the log that it read this change came after the last move of a root.',
  ),
  relation('holds', 'Writer, Root', 'By the log that it read its cell lets nobody have the root.'),
  relation('lends', 'Writer, Root', 'By the log that it read its cell lets another one have the root.'),
  map('beside', 'Writer', 'Fence', 'The fence of the cell that gives, as it was listed.'),
  relation('looked', 'Writer', 'It has read the whole zone under the fence that it saw.'),
  relation('sees', 'Writer, Node', 'It found the tree or the node there.'),
  relation('knows', 'Writer, Root, Node', 'It knows, by the zone or by the log, that the root points there.'),
  relation(
    'promise',
    'Cell, Fence',
    'Past: a freeze that began under this fence has returned, and no thaw has ended it.',
  ),
  relation('breach', 'Cell', 'Past: something was written that a freeze had promised not to be.'),
];

/** What a step is about. A batch has all of it; whatever is not asked for by a guard is as it likes. */
export const GIVEN: readonly TheoryPart[] = [
  map('writer', '', 'Writer', 'Who acts.'),
  map('cell', '', 'Cell', 'The cell that it begins with.'),
  map('next', '', 'Fence', 'The fence that a batch creates.'),
  map('change', '', 'Change', 'The change that a batch becomes, or that is spoken of.'),
  map('mark', '', 'Fence', 'The fence whose seq an event carries.'),
  map('plan', '', 'Plan', 'The plan that is flipped to or appended.'),
  map('nextHead', '', 'Head', 'The event that is appended.'),
  map('root', '', 'Root', 'The root that is spoken of.'),
  map('node', '', 'Node', 'The name that is spoken of.'),
  map('server', '', 'Server', 'The name server that learns.'),
  map('giver', '', 'Cell', 'The cell that gives.'),
  map('nextBeside', '', 'Fence', 'The fence that the batch creates for it.'),
  relation('puts', 'Cell, Root', 'The batch offers the root to the cell.'),
  relation('takesBack', 'Cell, Root', 'The batch takes such an offer back.'),
  relation('makes', 'Node', 'The batch creates it.'),
  relation('drops', 'Node', 'The batch deletes it.'),
  relation('moves', 'Root', 'The batch changes where the root points.'),
  relation('to', 'Root, Node', 'Where to: nowhere for a root that goes.'),
  relation('retires', 'Node', 'The event retires it.'),
  relation('forgets', 'Node', 'The event forgets it: nobody has staged it before its plan was superseded.'),
  relation('keeps', 'Plan', 'The plan is wanted still, once the event is appended.'),
  relation('listing', 'Node', 'The listing shows it.'),
  relation('shows', 'Root, Node', 'The listing shows that the root points at it.'),
  relation('stays', 'Node', 'The name server may still answer with it.'),
];
