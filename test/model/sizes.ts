/** One configuration of pawl.pml: how much of everything there is. See the top of that file. */
export interface ModelSize {
  readonly name: string;
  /** 0: an empty zone; 3: plans 1, 2 and 3 are applied; 4: plans 1, 2 and 4. */
  readonly base: 0 | 3 | 4;
  readonly plans: number;
  /** Of the plans, so many at most are rollbacks. */
  readonly rollbacks: number;
  readonly enactors: number;
  readonly janitors: 0 | 1;
  readonly freezes: number;
  readonly thaws: number;
  /** Requests in flight at a time: one batch and one event, or none. */
  readonly zombies: 0 | 1;
}

/** Two plans (a rollback at most one of them) while two enactors and a janitor are at work. */
export const USUAL_SIZE: ModelSize = {
  name: 'usual',
  base: 3,
  plans: 2,
  rollbacks: 1,
  enactors: 2,
  janitors: 1,
  freezes: 0,
  thaws: 0,
  zombies: 0,
};

/** The first plans of a cell: no fence yet. */
export const FIRST_SIZE: ModelSize = { ...USUAL_SIZE, name: 'first', base: 0, plans: 3, rollbacks: 0 };
/** Requests land long after their callers have gone. */
export const LATE_SIZE: ModelSize = { ...USUAL_SIZE, name: 'late', enactors: 1, zombies: 1 };
/** A freeze and a thaw while everybody is at work. */
export const FREEZE_SIZE: ModelSize = {
  ...USUAL_SIZE,
  name: 'freeze',
  plans: 1,
  rollbacks: 0,
  freezes: 1,
  thaws: 1,
};
/** Requests in flight while a cell is frozen and thawed; the janitor is in the next size, which takes minutes. */
export const FREEZE_LATE_SIZE: ModelSize = {
  ...FREEZE_SIZE,
  name: 'freeze-late',
  enactors: 1,
  janitors: 0,
  zombies: 1,
};
const FREEZE_LATE_JANITOR_SIZE: ModelSize = {
  ...FREEZE_LATE_SIZE,
  name: 'freeze-late-janitor',
  janitors: 1,
};
/** Two people freeze while a third thaws. */
export const FREEZES_SIZE: ModelSize = {
  ...FREEZE_SIZE,
  name: 'freezes',
  freezes: 2,
  enactors: 1,
  janitors: 0,
};
/** Plan 4 has the content of plan 2, and plan 1 stands to be retired: a rollback finds it. */
export const RETIRED_SIZE: ModelSize = { ...USUAL_SIZE, name: 'retired', base: 4, plans: 1 };

/** Every size that is looked at whole. */
export const SIZES: readonly ModelSize[] = [
  FIRST_SIZE,
  USUAL_SIZE,
  LATE_SIZE,
  RETIRED_SIZE,
  FREEZE_SIZE,
  FREEZE_LATE_SIZE,
  FREEZE_LATE_JANITOR_SIZE,
  FREEZES_SIZE,
];
