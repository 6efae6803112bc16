/** Bytes. Larger than any fleet that 120 endpoints a cell can describe; a larger file is refused unread. */
export const MAX_FLEET_FILE_BYTES = 16 * 1024 * 1024;

/** How many mistakes are shown at once; the rest are counted. */
export const MAX_MISTAKES = 50;

/** Levels of maps and lists. The format itself has seven. */
export const MAX_YAML_DEPTH = 32;

/** YAML aliases (`*name`) in a file. Each use of one counts, so that nested ones cannot multiply. */
export const MAX_YAML_ALIASES = 100;

/** Keys, values and items in a file, with aliases followed. */
export const MAX_YAML_NODES = 2_000_000;

/** Seconds, a day: the longest TTL, the longest interval and the longest bake that a fleet file may ask for. */
export const DAY_S = 86_400;

/** The largest capacity, in the owner's own unit. */
export const MAX_CAPACITY = 1_000_000;

/** Values a record set (Route 53 quotas: 400 resource records a record set). */
export const MAX_ADDRESSES_A_TARGET = 400;

/** Targets an endpoint may name in the file. Over 100 leaves is the planner's finding, which explains what to do. */
export const MAX_TARGETS_LISTED = 10_000;

/** Characters of a health check id (Route 53 API reference, HealthCheckId). */
export const MAX_HEALTH_CHECK_ID_LENGTH = 64;

/** Seconds between the last flip of a wave and the next wave, a day at most. A bake ends with an audit, which takes a second or more. */
export const BAKE_MIN_S = 1;
