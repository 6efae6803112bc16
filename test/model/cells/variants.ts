import { effect } from '../../../lib/proof/theory.ts';
import type { Variant } from '../variant.ts';

/** Broken protocols, and where each must fail. The first six are simplifications that look harmless. */
export const VARIANTS: readonly Variant[] = [
  {
    name: 'a flip without the fence',
    alters: [
      {
        step: 'flip',
        without: ['fence-stands'],
        breaks: [
          'generation-never-goes-back',
          'seq-never-goes-back',
          'roots-resolve-at-every-name-server',
          'freeze-is-kept',
          'frozen-while-promised',
          'fence-names-what-is',
          'lenders-are-right',
          'held-roots-are-as-planned',
          'what-has-gone-stays-gone',
          'known-roots-stand',
          'no-root-is-overlooked',
          'seen-trees-stand',
          'listed-names-are-new',
          'settled-is-calm',
        ],
      },
    ],
  },
  {
    name: 'staging without the fence',
    alters: [
      {
        step: 'stage',
        without: ['fence-stands'],
        breaks: [
          'generation-never-goes-back',
          'seq-never-goes-back',
          'freeze-is-kept',
          'frozen-while-promised',
          'insync-has-it',
          'fence-names-what-is',
          'lenders-are-right',
          'held-roots-are-as-planned',
          'what-has-gone-stays-gone',
          'known-roots-stand',
          'no-root-is-overlooked',
          'seen-trees-stand',
          'listed-names-are-new',
          'settled-is-calm',
        ],
      },
    ],
  },
  {
    name: 'a flip before INSYNC',
    alters: [
      {
        step: 'flip',
        without: ['points-at-what-is-everywhere'],
        breaks: ['roots-resolve-at-every-name-server'],
      },
    ],
  },
  {
    name: 'deletion before TreesRetired',
    alters: [
      {
        step: 'delete',
        without: ['drops-what-is-retired'],
        breaks: ['retired-names-stay-away'],
      },
    ],
  },
  {
    name: 'the fence alone read again',
    alters: [
      {
        step: 'look-again',
        instead: [
          effect('lists', 'w: Writer, n: Node', 'lists(w, n)'),
          effect('spare', 'w: Writer, n: Node', 'spare(w, n)'),
          effect('settles', 'w: Writer, x: Change', 'settles(w, x)'),
          effect('looked', 'w: Writer', 'looked(w)'),
          effect('sees', 'w: Writer, n: Node', 'sees(w, n)'),
          effect('knows', 'w: Writer, r: Root, n: Node', 'knows(w, r, n)'),
        ],
        breaks: [
          'what-has-gone-stays-gone',
          'known-roots-stand',
          'no-root-is-overlooked',
          'seen-trees-stand',
          'listed-names-are-new',
          'settled-is-calm',
        ],
      },
    ],
  },
  {
    name: 'a thaw that tries again',
    alters: [{ step: 'thaw', without: ['decided-on-this'], breaks: ['freeze-is-kept'] }],
  },
  {
    name: 'a retirement without the fence',
    alters: [
      {
        step: 'delete',
        without: ['fence-stands'],
        breaks: [
          'generation-never-goes-back',
          'seq-never-goes-back',
          'roots-resolve-at-every-name-server',
          'freeze-is-kept',
          'frozen-while-promised',
          'what-stands-is-whole',
          'changes-have-a-past',
          'fence-names-what-is',
          'lenders-are-right',
          'held-roots-are-as-planned',
          'what-has-gone-stays-gone',
          'known-roots-stand',
          'no-root-is-overlooked',
          'seen-trees-stand',
          'listed-names-are-new',
          'settled-is-calm',
        ],
      },
    ],
  },
  {
    name: 'a retirement before the last flip is INSYNC',
    alters: [
      {
        step: 'delete',
        without: ['last-move-is-everywhere'],
        breaks: ['roots-resolve-at-every-name-server'],
      },
    ],
  },
  {
    name: 'a retirement without its proof, where hands are',
    alters: [{ step: 'delete', without: ['proof-holds'], breaks: ['roots-resolve-in-the-zone'] }],
  },
  {
    name: 'a janitor that overlooks a root',
    alters: [
      {
        step: 'delete',
        without: ['drops-what-nothing-points-at'],
        breaks: ['roots-resolve-in-the-zone', 'roots-resolve-at-every-name-server'],
      },
    ],
  },
  {
    name: 'a shared node retired with its first owner',
    alters: [
      {
        step: 'delete',
        without: ['drops-what-leads-there'],
        breaks: ['what-stands-is-whole', 'changes-have-a-past'],
      },
    ],
  },
  {
    name: 'a retirement appended at another head',
    alters: [{ step: 'retire', without: ['head-stands'], breaks: ['plans-need-nothing-retired'] }],
  },
  {
    name: 'a janitor that forgets the goal',
    alters: [{ step: 'retire', without: ['retires-what-is-spare'], breaks: ['plans-need-nothing-retired'] }],
  },
  {
    name: 'a retired name made again',
    alters: [{ step: 'append-plan', without: ['needs-what-is-listed'], breaks: ['retired-names-stay-away'] }],
  },
  {
    name: 'a fence value that returns, by a flip',
    alters: [
      {
        step: 'flip',
        without: ['fence-is-new'],
        breaks: [
          'seq-never-goes-back',
          'fences-are-of-one-cell',
          'calm-since-the-last-move',
          'lenders-are-right',
          'held-roots-are-as-planned',
          'what-has-gone-stays-gone',
          'known-roots-stand',
          'no-root-is-overlooked',
          'seen-trees-stand',
          'listed-names-are-new',
          'settled-is-calm',
        ],
      },
    ],
  },
  {
    name: 'a fence value that returns, by staging',
    alters: [
      {
        step: 'stage',
        without: ['fence-is-new'],
        breaks: [
          'seq-never-goes-back',
          'beginnings-are-past',
          'fences-are-of-one-cell',
          'lenders-are-right',
          'held-roots-are-as-planned',
          'what-has-gone-stays-gone',
          'known-roots-stand',
          'no-root-is-overlooked',
          'seen-trees-stand',
          'listed-names-are-new',
          'settled-is-calm',
        ],
      },
    ],
  },
  {
    name: 'the log read before the fence',
    alters: [
      {
        step: 'begin',
        instead: [
          effect('lists', 'w: Writer, n: Node', 'lists(w, n) & (w = writer -> own(n, cell))'),
          effect('settles', 'w: Writer, x: Change', 'settles(w, x)'),
        ],
        breaks: ['listed-names-are-new', 'settled-is-calm'],
      },
    ],
  },
  {
    name: 'a generation that is lowered to the goal',
    alters: [{ step: 'flip', without: ['goes-forward'], breaks: ['generation-never-goes-back'] }],
  },
  {
    name: 'a frozen fence overlooked',
    alters: [
      { step: 'flip', without: ['fence-is-open'], breaks: ['freeze-is-kept', 'frozen-while-promised'] },
    ],
  },
  {
    name: 'a freeze in the log alone',
    alters: [{ step: 'freeze-returns', without: ['reads-itself-back'], breaks: ['frozen-while-promised'] }],
  },
  {
    name: 'a slice that names the whole plan',
    alters: [
      {
        step: 'flip',
        without: ['names-what-is-complete'],
        breaks: ['fence-names-what-is', 'held-roots-are-as-planned'],
      },
    ],
  },
  {
    name: 'a tree whose node is not there',
    alters: [
      { step: 'stage', without: ['makes-it-whole'], breaks: ['what-stands-is-whole', 'changes-have-a-past'] },
    ],
  },
  {
    name: 'a change that staged nothing recorded as staging',
    alters: [{ step: 'record-staging', without: ['change-has-it'], breaks: ['log-says-what-was'] }],
  },
  {
    name: 'a change before the last move recorded as the one after it',
    alters: [{ step: 'record-applied', without: ['change-came-after'], breaks: ['log-says-what-was'] }],
  },
  {
    name: 'a listing of another fence believed',
    alters: [
      {
        step: 'look',
        without: ['listing-is-of-this-fence'],
        breaks: [
          'what-has-gone-stays-gone',
          'known-roots-stand',
          'no-root-is-overlooked',
          'seen-trees-stand',
        ],
      },
    ],
  },
  {
    name: 'a zone foretold from a fence that names no plan',
    alters: [
      {
        step: 'foretell',
        without: ['fence-names-its-plan'],
        breaks: ['what-has-gone-stays-gone', 'known-roots-stand'],
      },
    ],
  },
  {
    name: 'a tree of another cell pointed at',
    alters: [
      {
        step: 'flip',
        without: ['points-at-its-own'],
        breaks: [
          'roots-resolve-in-the-zone',
          'roots-resolve-at-every-name-server',
          'one-target',
          'fence-names-what-is',
          'what-has-gone-stays-gone',
          'no-root-is-overlooked',
        ],
      },
    ],
  },
  {
    name: 'a root of another cell flipped without its fence',
    alters: [
      {
        step: 'flip',
        without: ['moves-its-own'],
        breaks: [
          'calm-since-the-last-move',
          'fence-names-what-is',
          'held-roots-are-as-planned',
          'known-roots-stand',
        ],
      },
    ],
  },
  {
    name: 'a handover that leaves the other fence as it is',
    alters: [
      {
        step: 'take',
        instead: [effect('fence', 'c: Cell', 'if c = at(writer) then next else fence(c)')],
        breaks: ['held-roots-are-as-planned', 'known-roots-stand', 'settled-is-calm'],
      },
    ],
  },
  {
    name: 'a handover through a frozen cell',
    alters: [
      { step: 'take', without: ['giver-is-open'], breaks: ['freeze-is-kept', 'frozen-while-promised'] },
    ],
  },
  {
    name: 'a handover under a fence of the other cell that has moved',
    alters: [
      {
        step: 'take',
        without: ['giver-fence-stands'],
        breaks: [
          'generation-never-goes-back',
          'seq-never-goes-back',
          'freeze-is-kept',
          'frozen-while-promised',
          'fence-names-what-is',
        ],
      },
    ],
  },
  {
    name: 'a handover without an offer',
    alters: [
      {
        step: 'take',
        without: ['moves-what-is-offered'],
        breaks: [
          'calm-since-the-last-move',
          'fence-names-what-is',
          'held-roots-are-as-planned',
          'known-roots-stand',
        ],
      },
    ],
  },
  {
    name: 'a handover before INSYNC',
    alters: [
      {
        step: 'take',
        without: ['points-at-what-is-everywhere'],
        breaks: ['roots-resolve-at-every-name-server'],
      },
    ],
  },
  {
    name: 'an offer by a log that was read before the fence',
    alters: [
      { step: 'tend-offers', without: ['offers-what-the-log-lets-go'], breaks: ['offers-are-of-the-log'] },
    ],
  },
  {
    name: 'an offer that ends while somebody can still make it',
    alters: [{ step: 'end-offer', without: ['nobody-makes-one'], breaks: ['lenders-are-right'] }],
  },
  {
    name: 'an offer that ends while it stands',
    alters: [{ step: 'end-offer', without: ['no-offer-stands'], breaks: ['offers-are-of-the-log'] }],
  },
  {
    name: 'a rescue under names that were used before',
    alters: [
      {
        step: 'rescue-stages',
        without: ['makes-new-names'],
        breaks: ['others-stay', 'insync-has-it', 'seen-trees-stand'],
      },
    ],
  },
  {
    name: 'a rescue that flips before INSYNC',
    alters: [
      {
        step: 'rescue-flips',
        without: ['points-at-what-its-changes-made'],
        breaks: ['roots-resolve-at-every-name-server'],
      },
    ],
  },
  {
    name: 'a rescue that keeps the name of a plan',
    alters: [
      {
        step: 'rescue-flips',
        without: ['names-no-plan'],
        breaks: ['fence-names-what-is', 'held-roots-are-as-planned'],
      },
    ],
  },
  {
    name: 'a rescue that lowers the generation',
    alters: [{ step: 'rescue-freezes', without: ['goes-forward'], breaks: ['generation-never-goes-back'] }],
  },
  {
    name: 'a fence made anew that counts from the beginning',
    alters: [{ step: 'flip', without: ['counts-on'], breaks: ['seq-never-goes-back'] }],
  },
  {
    name: 'staging that changes the number of the fence',
    alters: [{ step: 'stage', without: ['keeps-seq'], breaks: ['seq-never-goes-back'] }],
  },
  {
    name: 'a freeze that is content with a frozen fence',
    alters: [{ step: 'freeze-returns', without: ['is-its-own-fence'], breaks: ['frozen-while-promised'] }],
  },
  {
    name: 'a plan recorded by a fence that never stood',
    alters: [
      {
        step: 'record-fence',
        without: ['fence-has-stood'],
        breaks: ['recorded-fences-stood'],
      },
    ],
  },
  {
    name: 'what is applied lowered by a late event',
    alters: [
      {
        step: 'record-fence',
        instead: [effect('recorded', 'c: Cell', 'if c = cell then mark else recorded(c)')],
        breaks: ['log-goes-forward'],
      },
    ],
  },
];
