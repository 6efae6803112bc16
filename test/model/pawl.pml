/*
 * The fence protocol as it is built (docs/protocol.md), small enough to look at every state: one cell, one endpoint.
 *
 * One atomic step here is one request there: reading the fence, reading the log, one batch, one append. Whoever is
 * between two steps may stay there for any time. A writer decides on what it read and remembers nothing from one pass
 * to the next, as lib/enactor/enact.ts does; an append is decided at the head it is made at, as lib/ledger/execute.ts
 * does, so reading that head and appending are one step.
 *
 * The model may do more than the code (a crash anywhere, name servers in any order); the code may do nothing that the
 * model does not. test/model/conformance.test.ts holds that, state by state, on the globals that `note` writes down.
 *
 * Sizes, by -D: BASE (0: nothing yet; 3: plans 1, 2 and 3 applied; 4: plans 1, 2 and 4), PLANS (appended during the
 * run), ROLLBACKS (of those, at most), ENACTORS, JANITORS (0 or 1), FREEZES, THAWS, ZOMBIES (0 or 1), FAULTS (0: nobody
 * dies and no answer is lost). What breaks it, by -D: see "mutants" in README.md.
 */
#ifndef BASE
#define BASE 3
#endif
#ifndef PLANS
#define PLANS 3
#endif
#ifndef ROLLBACKS
#define ROLLBACKS 1
#endif
#ifndef ENACTORS
#define ENACTORS 2
#endif
#ifndef JANITORS
#define JANITORS 1
#endif
#ifndef FREEZES
#define FREEZES 0
#endif
#ifndef THAWS
#define THAWS 0
#endif
#ifndef ZOMBIES
#define ZOMBIES 1
#endif
#ifndef FAULTS
#define FAULTS 1
#endif
#if defined(STAGE_WITHOUT_FENCE) || defined(FLIP_WITHOUT_FENCE)
#define UNFENCED
#endif

/* Generations and trees are 1 to 7; a set of them is a byte. */
#define MAX_GENERATION 7
#define BIT(n) (1 << (n))
#define HAS(set, n) (((set) >> (n)) & 1)
#define UP_TO(n) (BIT((n) + 1) - 2)

/* What somebody is about to do, with what was read; a request in flight has the kind that it would have been. */
#define IDLE 0
#define READ 1   /* the fence was read */
#define FENCE 2
#define STAGE 3
#define STAGED 4 /* to be appended */
#define FLIP 5
#define OWED 6   /* a PlanApplied to be appended */
#define KNOWN 7  /* the janitor has read the log */
#define CHOSEN 8 /* and the zone */
#define RETIRE 9 /* and TreesRetired is appended */
#define FREEZE 10
#define THAW 11
#define REFREEZE 12 /* an enactor: the log is frozen and the fence is not */

/* The zone. Each fence value has its own seq, so seq stands for the value: 0 is no fence. */
byte fence_gen, fence_seq;
bool fence_plan;   /* whether a plan was applied under this fence; false for a fresh one */
bool fence_frozen;
byte root, rollback_root;
byte trees;

/* The log, folded. */
byte newest;                      /* the newest plan; all are approved, so it is the goal too */
byte tree_of[MAX_GENERATION + 1]; /* a plan's tree: its own, or an older one that it keeps */
byte unretired;                   /* trees that a plan made and no janitor has retired */
byte staging_gen, staged;
bool sticky;
byte applied_gen, applied_seq;
byte history;                     /* generations that were applied */
byte log_frozen;                  /* which freeze; 0 is none */
byte frozen_at;                   /* the newest plan when it was frozen; 0 if it is not */

/* Name servers: what has reached every one of them. */
byte insync;     /* trees whose change in the log has; or, if the log has none, the last one */
byte last_insync; /* trees whose last change has */
byte everywhere; /* trees that stand at every name server */
bool flip_insync;

/* Plans that displace a staged one. */
bool by_hand[MAX_GENERATION + 1];

/* Enactors. Somebody whose next write can do nothing any more is as good as idle, and is put so at once (`settle`). */
byte act[ENACTORS], seq[ENACTORS], gen[ENACTORS];
bool read_frozen[ENACTORS], read_plan[ENACTORS];

/* The janitor. `mask`: trees that are needed, then trees that were chosen. */
byte j_act, j_seq, j_gen, j_mask, j_newest;

/* Requests whose caller is gone: one batch and one event. An event lands at the head it was decided at, or never. */
byte lost_act, lost_seq, lost_gen, lost_mask;
byte late_act, late_seq, late_gen;

/* What a step came to, and a counter; always back at 0 between two steps. */
bool ok;
byte i;

/* For assertions alone. */
byte retired;     /* trees in TreesRetired events */
byte freeze_seq;  /* the fence of the newest freeze that returned; 0 once it was thawed */
byte freezes_begun;

#ifdef ENUMERATE
c_code {
  /* Writes every distinct abstract state down once, a line each, in the order of test/model/abstraction.ts. */
  #define NOTED 18
  typedef unsigned char Noted[NOTED];
  static Noted *noted;
  static unsigned long noted_size, noted_count;
  static FILE *noted_file;

  static unsigned long noted_place(Noted *table, unsigned long size, const unsigned char *state) {
    unsigned long hash = 1469598103934665603UL;
    for (int i = 0; i < NOTED; i++) hash = (hash ^ state[i]) * 1099511628211UL;
    hash ^= hash >> 29;
    /* The last byte of a kept state is never 0. */
    while (table[hash % size][NOTED - 1] && memcmp(table[hash % size], state, NOTED)) hash++;
    return hash % size;
  }

  static void noted_grow(void) {
    unsigned long size = noted_size ? noted_size * 4 : 65536;
    Noted *table = calloc(size, sizeof(Noted));
    for (unsigned long i = 0; i < noted_size; i++)
      if (noted[i][NOTED - 1]) memcpy(table[noted_place(table, size, noted[i])], noted[i], NOTED);
    free(noted);
    noted = table;
    noted_size = size;
  }

  static void note(void) {
    Noted s = {
      now.fence_gen, now.fence_seq, now.fence_plan, now.fence_frozen, now.root, now.rollback_root, now.trees,
      now.newest, now.tree_of[now.newest], now.unretired, now.staging_gen, now.sticky, now.staged,
      now.insync & now.staged, now.applied_gen, now.applied_seq, now.history, 1 + now.frozen_at };
    if (noted_count * 2 >= noted_size) noted_grow();
    unsigned long place = noted_place(noted, noted_size, s);
    if (noted[place][NOTED - 1]) return;
    memcpy(noted[place], s, NOTED);
    noted_count++;
    if (!noted_file) noted_file = fopen("states.txt", "w");
    for (int i = 0; i < NOTED; i++)
      fprintf(noted_file, i + 1 < NOTED ? "%d " : "%d\n", i + 1 < NOTED ? s[i] : s[i] - 1);
    fflush(noted_file);
  }
};
#define NOTE c_code { note(); }
#else
#define NOTE skip
#endif

/* What holds after whatever was written. */
inline holds() {
  /* I2, I3: what roots and rollback roots point at is there. */
  assert(root == 0 || HAS(trees, root));
  assert(rollback_root == 0 || HAS(trees, rollback_root));
  /* A plan never needs a tree that was retired: it was told, or its janitor lost. */
  assert(newest == 0 || HAS(unretired, tree_of[newest]));
  assert(!sticky || staging_gen == 0 || HAS(unretired, tree_of[staging_gen]));
  /* The log never says more than the zone has seen. */
  assert(applied_seq <= fence_seq && applied_gen <= fence_gen && fence_gen <= newest);
  NOTE
}

/* ---- the zone: one batch each, done whole or not at all, as the fence that was read decides ---- */

/* I1: the generation never goes down and seq counts; I7: nothing goes through a freeze that has returned. */
inline advance(to) {
  assert(to >= fence_gen);
  assert(freeze_seq == 0);
  fence_seq++;
  fence_gen = to;
  settle()
}

inline forget(n) {
  act[n] = IDLE; seq[n] = 0; gen[n] = 0; read_frozen[n] = false; read_plan[n] = false
}

inline forget_janitor() {
  j_act = IDLE; j_seq = 0; j_gen = 0; j_mask = 0; j_newest = 0
}

inline forget_lost() {
  lost_act = IDLE; lost_seq = 0; lost_gen = 0; lost_mask = 0
}

inline forget_late() {
  late_act = IDLE; late_seq = 0; late_gen = 0
}

/* Whoever can only lose is idle: the fence that its batch deletes is gone, or the log has its event already. */
inline settle() {
#ifndef UNFENCED
  i = 0;
  do
  :: i == ENACTORS -> break
  :: else ->
    if
    :: (act[i] == FENCE || act[i] == STAGE || act[i] == FLIP || act[i] == REFREEZE) && seq[i] != fence_seq -> forget(i)
    :: act[i] == READ && seq[i] != fence_seq && (seq[i] <= applied_seq || !read_plan[i]) -> forget(i)
    :: act[i] == OWED && seq[i] <= applied_seq && HAS(history, gen[i]) -> forget(i)
    :: else
    fi;
    i++
  od;
  i = 0;
  if
  :: j_act == RETIRE && j_seq != fence_seq -> forget_janitor()
  :: j_act == READ && j_seq < applied_seq -> forget_janitor()
  :: j_act == OWED && j_seq <= applied_seq -> forget_janitor()
  :: else
  fi;
#endif
  if
  :: lost_act != IDLE && lost_seq != fence_seq -> forget_lost()
  :: else
  fi
}

inline make_fence(under, to) {
  ok = (fence_seq == under);
  if
  :: ok ->
    fence_plan = false;
    fence_frozen = false;
    advance(to);
    holds()
  :: else
  fi
}

inline stage(under, planned) {
#ifdef STAGE_WITHOUT_FENCE
  ok = true;
#else
  ok = (fence_seq == under);
#endif
  if
  :: ok ->
    assert(freeze_seq == 0);
    /* A retired name is never made again. */
    assert(HAS(trees, tree_of[planned]) || !HAS(retired, tree_of[planned]));
    trees = trees | BIT(tree_of[planned]);
    last_insync = last_insync & ~BIT(tree_of[planned]);
    /* What is waited for is the change that the log has, if it has one already. */
    insync = insync & (last_insync | staged);
    holds()
  :: else
  fi
}

inline flip(under, planned) {
  /* Route 53 refuses an alias whose target is not there. */
#ifdef FLIP_WITHOUT_FENCE
  ok = HAS(trees, tree_of[planned]);
#else
  ok = (fence_seq == under && HAS(trees, tree_of[planned]));
#endif
  if
  :: ok ->
    /* I2: make before break. */
    assert(HAS(everywhere, tree_of[planned]));
    if
    :: root != 0 && root != tree_of[planned] -> rollback_root = root
    :: (root == 0 || root == tree_of[planned]) && rollback_root == 0 -> rollback_root = tree_of[planned]
    :: else
    fi;
    root = tree_of[planned];
    flip_insync = false;
    fence_plan = true;
    advance(planned);
    holds()
  :: else
  fi
}

inline delete_trees(under, chosen) {
  ok = (fence_seq == under && (trees & chosen) == chosen);
  if
  :: ok ->
    trees = trees & ~chosen;
    insync = insync & ~chosen;
    last_insync = last_insync & ~chosen;
    everywhere = everywhere & ~chosen;
    advance(fence_gen);
    holds()
  :: else
  fi
}

inline freeze_fence(under) {
  ok = (fence_seq == under);
  if
  :: ok ->
    freeze_seq = 0;
    fence_frozen = true;
    if
    :: under == 0 && newest == 0 -> advance(1)
    :: under == 0 && newest > 0 -> advance(newest)
    :: under != 0 -> advance(fence_gen)
    fi;
    holds()
  :: else
  fi
}

/* Nobody but the log's freeze asks for it, so it ends none that has returned. */
inline freeze_again(under) {
  ok = (fence_seq == under);
  if
  :: ok ->
    fence_frozen = true;
    advance(fence_gen);
    holds()
  :: else
  fi
}

/* I7: only a thaw that began after the freeze had its fence may end it. */
inline thaw_fence(under, seen) {
  ok = (fence_seq == under);
  if
  :: ok ->
    assert(freeze_seq <= seen);
    freeze_seq = 0;
    fence_frozen = false;
    advance(fence_gen);
    holds()
  :: else
  fi
}

/* ---- the log: one event each, decided at the head at which it is appended ---- */

/* A janitor whose head is not the newest any more loses its append, and so does an event that is late. */
inline appended() {
  if
  :: j_act == KNOWN || j_act == CHOSEN -> forget_janitor()
  :: else
  fi;
  forget_late();
  settle();
  holds()
}

/* Trees of plans that were superseded before anybody staged them are forgotten (docs/adr/0006). */
inline append_plan(tree, hand) {
  i = tree;
  newest++;
  if
  :: i == newest -> unretired = (unretired & (UP_TO(applied_gen) | staged)) | BIT(newest)
  :: else
  fi;
  tree_of[newest] = i;
  by_hand[newest] = hand;
  sticky = sticky && !hand;
  appended()
}

inline append_staged(planned) {
  if
  :: applied_gen > planned || !HAS(unretired, tree_of[planned]) || HAS(staged, tree_of[planned])
  :: else ->
    if
    :: sticky
    :: else ->
      staging_gen = planned;
      /* Unless a plan that displaces what is staged has come meanwhile. */
      sticky = !(newest > planned && by_hand[newest])
    fi;
    insync = insync & ~(BIT(tree_of[planned]) & ~last_insync);
    staged = staged | BIT(tree_of[planned]);
    appended()
  fi
}

inline append_applied(at, planned) {
  if
  :: at > applied_seq ->
    applied_seq = at;
    applied_gen = planned;
    history = history | BIT(planned);
    if
    :: staging_gen <= planned -> staging_gen = 0; staged = 0; sticky = false
    :: else
    fi;
    appended()
  :: at < applied_seq && !HAS(history, planned) ->
    history = history | BIT(planned);
    appended()
  :: else
  fi
}

inline append_frozen(freeze) {
  frozen_at = (log_frozen == 0 -> newest : frozen_at);
  log_frozen = freeze;
  appended()
}

inline append_thawed() {
  frozen_at = 0;
  log_frozen = 0;
  appended()
}

inline append_retired(chosen) {
  retired = retired | chosen;
  unretired = unretired & ~chosen;
  appended()
}

/* ---- who acts ---- */

proctype Planner() {
  byte left = PLANS;
  byte rollbacks = ROLLBACKS;
  byte to;
  do
  :: d_step { left > 0 -> append_plan(newest + 1, false); left-- }
  :: atomic {
      left > 0 && rollbacks > 0 ->
      /* Forward, with the content of a plan that was applied: its tree serves again unless it was retired. */
      to = 1;
      do
      :: to < newest -> to++
      :: HAS(history, to) && tree_of[to] != tree_of[newest] ->
        d_step {
          to = (HAS(unretired, tree_of[to]) -> tree_of[to] : newest + 1);
          append_plan(to, true);
          left--;
          rollbacks--
        };
        break
      :: break
      od;
      to = 0
    }
  :: left == 0 -> break
  od
}

/* One pass, from a fence and a log that were read one after the other. */
inline decide_next(n) {
  if
  :: seq[n] == 0 ->
    if
    :: newest > 0 && !log_frozen -> act[n] = FENCE; gen[n] = newest
    :: else -> forget(n)
    fi
  :: else ->
    if
    /* Somebody was quicker. */
    :: seq[n] < applied_seq -> forget(n)
    /* Somebody died before saying so. */
    :: seq[n] > applied_seq && read_plan[n] -> act[n] = OWED
    :: else ->
      if
      :: read_frozen[n] -> forget(n)
      :: !read_frozen[n] && log_frozen -> act[n] = REFREEZE
      :: !(read_frozen[n] || log_frozen) && sticky && staging_gen > gen[n] -> decide_towards(n, staging_gen)
      :: !(read_frozen[n] || log_frozen) && !(sticky && staging_gen > gen[n]) -> decide_towards(n, newest)
      fi
    fi
  fi;
  read_frozen[n] = false;
  read_plan[n] = false
}

inline decide_towards(n, goal) {
  /* Never behind the fence: the log was read second. */
  assert(gen[n] <= goal);
  if
  :: read_plan[n] && gen[n] == goal -> forget(n)
  :: else ->
    gen[n] = goal;
    if
    :: applied_gen != 0 && tree_of[gen[n]] == tree_of[applied_gen] -> act[n] = FLIP
    :: else ->
      if
      :: !HAS(staged, tree_of[gen[n]]) -> act[n] = STAGE
      :: else ->
        if
#ifdef FLIP_BEFORE_INSYNC
        :: true -> act[n] = FLIP
#else
        :: HAS(insync, tree_of[gen[n]]) -> act[n] = FLIP
#endif
        /* Waits, and reads everything again. */
        :: else -> forget(n)
        fi
      fi
    fi
  fi
}

proctype Enactor(byte n) {
end:
  do
  :: d_step {
      act[n] == IDLE ->
      act[n] = READ; seq[n] = fence_seq; gen[n] = fence_gen;
      read_frozen[n] = fence_frozen; read_plan[n] = fence_plan
    }
  :: d_step { act[n] == READ -> decide_next(n); settle() }
  :: d_step { act[n] == FENCE -> make_fence(seq[n], gen[n]); ok = false; forget(n) }
  :: d_step {
      act[n] == STAGE ->
      stage(seq[n], gen[n]);
      if
      :: ok -> act[n] = STAGED
      :: else -> forget(n)
      fi;
      ok = false
    }
#ifdef FENCE_ALONE_REFRESHED
  /* As if what was decided before the wait were still worth something. */
  :: d_step { act[n] == STAGED -> append_staged(gen[n]); act[n] = STAGED + 100 }
  :: d_step { act[n] == STAGED + 100 && HAS(insync, tree_of[gen[n]]) -> act[n] = FLIP; seq[n] = fence_seq }
#else
  :: d_step { act[n] == STAGED -> append_staged(gen[n]); forget(n) }
#endif
  :: d_step {
      act[n] == FLIP ->
      /* Not to be settled by its own write. */
      act[n] = IDLE;
      flip(seq[n], gen[n]);
      if
      :: ok -> act[n] = OWED; seq[n] = fence_seq
      :: else -> forget(n)
      fi;
      ok = false
    }
  :: d_step { act[n] == OWED -> append_applied(seq[n], gen[n]); forget(n) }
  :: d_step { act[n] == REFREEZE -> freeze_again(seq[n]); ok = false; forget(n) }
#if FAULTS
  /* Dies, or hears that its request was too much; whatever is not in flight never happens. */
  :: d_step { act[n] != IDLE && act[n] != READ -> forget(n) }
#endif
#if ZOMBIES
  /* Hears nothing, or dies, and the request is in flight. */
  :: d_step {
      (act[n] == STAGE || act[n] == FLIP || act[n] == REFREEZE) && lost_act == IDLE ->
      lost_act = act[n]; lost_seq = seq[n]; lost_gen = gen[n];
      forget(n)
    }
  :: d_step {
      (act[n] == STAGED || act[n] == OWED) && late_act == IDLE ->
      late_act = act[n]; late_seq = (act[n] == STAGED -> 0 : seq[n]); late_gen = gen[n];
      forget(n)
    }
#endif
  od
}

proctype Janitor() {
  bool all;
  byte kept;
end:
  do
  :: d_step {
      j_act == IDLE && fence_seq != 0 && fence_plan && !fence_frozen ->
      j_act = READ; j_seq = fence_seq; j_gen = fence_gen
    }
  :: atomic {
      j_act == READ ->
      if
      :: all = false
      /* What was live at this very instant is kept too; the model does not know the time. */
      :: all = true
      fi;
      d_step {
        if
        :: log_frozen || applied_gen != j_gen || applied_seq > j_seq || !flip_insync -> forget_janitor()
        :: else ->
          j_act = KNOWN;
          j_newest = newest;
          j_mask = BIT(tree_of[newest]) | BIT(tree_of[applied_gen]);
          if
          :: staging_gen != 0 -> j_mask = j_mask | BIT(tree_of[staging_gen])
          :: else
          fi;
          /* The last two that were applied, or all. */
          i = MAX_GENERATION;
          do
          :: i == 0 -> break
          :: i > 0 && !HAS(history, i) -> i--
          :: i > 0 && HAS(history, i) ->
            j_mask = j_mask | BIT(tree_of[i]);
            kept++;
            i = (kept == 2 && !all -> 0 : i - 1)
          od;
          kept = 0
        fi;
        all = false
      }
    }
  :: d_step {
      j_act == KNOWN ->
      j_mask = trees & ~(j_mask | BIT(root) | BIT(rollback_root)) & UP_TO(j_newest);
      j_newest = 0;
      if
      :: j_mask == 0 -> forget_janitor()
      :: else -> j_act = CHOSEN
      fi
    }
#ifdef DELETE_BEFORE_TREES_RETIRED
  :: d_step {
      j_act == CHOSEN ->
      j_act = IDLE;
      delete_trees(j_seq, j_mask);
      if
      :: ok -> j_act = RETIRE; j_seq = fence_seq
      :: else -> forget_janitor()
      fi;
      ok = false
    }
  :: d_step { j_act == RETIRE -> append_retired(j_mask); j_act = OWED; j_mask = 0 }
#else
  /* At exactly the head that was read, else this janitor would be idle by now. */
  :: d_step { j_act == CHOSEN -> j_act = IDLE; append_retired(j_mask); j_act = RETIRE; settle() }
  :: d_step {
      j_act == RETIRE ->
      j_act = IDLE;
      delete_trees(j_seq, j_mask);
      if
      :: ok -> j_act = OWED; j_seq = fence_seq; j_mask = 0
      :: else -> forget_janitor()
      fi;
      ok = false
    }
#endif
  :: d_step { j_act == OWED -> append_applied(j_seq, j_gen); forget_janitor() }
#if FAULTS
  :: d_step { j_act > READ -> forget_janitor() }
#endif
#if ZOMBIES
  :: d_step {
      j_act == RETIRE && lost_act == IDLE ->
      lost_act = RETIRE; lost_seq = j_seq; lost_mask = j_mask;
      forget_janitor()
    }
#endif
  od
}

/* Freezes may undo each other's reading back for as long as they try. */
#define FREEZE_ATTEMPTS 2

proctype Freezer() {
  byte read, attempts;
  d_step { freezes_begun++; append_frozen(freezes_begun) };
#if FAULTS
  /* It did not hear that its event landed, and appends it again: which only a log thawed meanwhile can be told. */
  atomic {
    if
    :: true
    :: d_step { log_frozen == 0 -> append_frozen(freezes_begun) }
    fi
  };
#endif
again:
  atomic { attempts++; read = fence_seq };
  atomic {
    if
    :: attempts > FREEZE_ATTEMPTS -> goto gave_up
    :: attempts <= FREEZE_ATTEMPTS -> skip
    fi;
    if
    :: d_step { freeze_fence(read); if :: ok -> read++ :: else -> read = 0 fi; ok = false }
#if ZOMBIES
    :: d_step { lost_act == IDLE && fence_seq == read -> lost_act = FREEZE; lost_seq = read; read = 0 }
#endif
#if FAULTS
    :: read = 0
#endif
    fi;
    if
    :: read == 0 -> goto again
    :: else
    fi
  };
  /* Reads its own fence back. */
  atomic {
    if
    :: d_step { fence_seq == read -> freeze_seq = read }
    :: fence_seq != read -> read = 0; goto again
    fi
  };
gave_up:
  atomic { read = 0; attempts = 0 }
}

/* The log first, then the fence: an enactor that reads a frozen log freezes the fence again. */
proctype Thawer() {
  byte read, first_seen, read_log;
  bool frozen, lost;
  d_step { read = fence_seq; first_seen = read; frozen = fence_frozen };
  read_log = log_frozen;
  atomic {
    if
    :: d_step { log_frozen != 0 && log_frozen == read_log -> append_thawed() }
    :: log_frozen == 0
    /* Somebody froze it anew: the fence stays as it is. */
    :: log_frozen != 0 && log_frozen != read_log -> goto gave_up
#if FAULTS
    :: goto gave_up
#endif
    fi
  };
#ifdef THAW_RETRIES
again:
#endif
  atomic {
    if
    :: read == 0 || (!frozen && read_log == 0)
    :: d_step {
        read != 0 && (frozen || read_log != 0) ->
        thaw_fence(read, first_seen);
        lost = !ok;
        ok = false
      }
#if ZOMBIES
    :: d_step {
        read != 0 && (frozen || read_log != 0) && lost_act == IDLE && fence_seq == read ->
        lost_act = THAW; lost_seq = read;
        lost = true
      }
#endif
#if FAULTS
    :: read != 0 && (frozen || read_log != 0) -> lost = true
#endif
    fi
  };
#ifdef THAW_RETRIES
  if
  :: lost && fence_frozen -> d_step { lost = false; read = fence_seq } -> goto again
  :: else
  fi;
#endif
gave_up:
  atomic { read = 0; first_seen = 0; read_log = 0; frozen = false; lost = false }
}

proctype NameServers() {
  byte tree;
end:
  do
  :: atomic {
      (trees & ~(insync & last_insync)) != 0 ->
      tree = 1;
      do
      :: ((trees & ~(insync & last_insync)) >> (tree + 1)) != 0 -> tree++
      :: HAS(trees, tree) && !HAS(insync & last_insync, tree) ->
        d_step {
          insync = insync | BIT(tree);
          last_insync = last_insync | BIT(tree);
          everywhere = everywhere | BIT(tree);
          NOTE
        };
        break
      od;
      tree = 0
    }
  :: d_step { !flip_insync && root != 0 -> flip_insync = true }
  od
}

#if ZOMBIES
/* Requests in flight land whenever they like, or never. */
proctype InFlight() {
  byte read, plan, these;
end:
  do
  :: d_step { lost_act == STAGE -> stage(lost_seq, lost_gen); ok = false; forget_lost() }
  :: d_step { lost_act == FLIP -> plan = lost_gen; flip(lost_seq, plan); plan = 0; ok = false; forget_lost() }
  :: d_step { lost_act == RETIRE -> these = lost_mask; delete_trees(lost_seq, these); these = 0; ok = false; forget_lost() }
  :: d_step { lost_act == FREEZE -> freeze_fence(lost_seq); ok = false; forget_lost() }
  :: d_step { lost_act == THAW -> read = lost_seq; thaw_fence(read, read); read = 0; ok = false; forget_lost() }
  :: d_step { lost_act == REFREEZE -> freeze_again(lost_seq); ok = false; forget_lost() }
  :: d_step { lost_act != IDLE -> forget_lost() }
  :: d_step { late_act == STAGED -> plan = late_gen; append_staged(plan); plan = 0; forget_late() }
  :: d_step {
      late_act == OWED ->
      read = late_seq; plan = late_gen;
      append_applied(read, plan);
      read = 0; plan = 0;
      forget_late()
    }
  :: d_step { late_act != IDLE -> forget_late() }
  od
}
#endif

init {
  byte made;
  atomic {
    d_step {
#if BASE == 3
      trees = UP_TO(3);
#elif BASE == 4
      trees = UP_TO(4) & ~BIT(3);
#endif
#if BASE
      do
      :: made < BASE -> made++; tree_of[made] = made
      :: else -> break
      od;
      made = 0;
      newest = BASE;
      fence_gen = BASE; fence_seq = 4; fence_plan = true;
      root = BASE; rollback_root = 2;
      unretired = trees; history = trees;
      applied_gen = BASE; applied_seq = 4;
      insync = trees; last_insync = trees; everywhere = trees; flip_insync = true;
#endif
      holds()
    };
    run Planner();
    made = 0;
    do
    :: made < ENACTORS -> run Enactor(made); made++
    :: else -> break
    od;
#if JANITORS
    run Janitor();
#endif
    made = 0;
    do
    :: made < FREEZES -> run Freezer(); made++
    :: else -> break
    od;
    made = 0;
    do
    :: made < THAWS -> run Thawer(); made++
    :: else -> break
    od;
    made = 0;
    run NameServers();
#if ZOMBIES
    run InFlight();
#endif
  }
}

#ifdef LIVE
/* With nobody dying: once the planner rests, the zone comes to the goal and stays there. */
#define AT_GOAL (fence_plan && fence_gen == newest && root == tree_of[newest] && applied_gen == newest)
ltl reached { <> [] AT_GOAL }
#endif
