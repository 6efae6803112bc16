/** The reason of a freeze while a cell is being given back: what is left of it is in the zone. */
export const GIVING_BACK = 'being given back';

/** The reason of the freeze that a cell keeps once nothing of it is left in its zone, the fence neither. */
export const GIVEN_BACK = 'given back: nothing of it is left in the zone';
