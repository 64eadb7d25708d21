import { AGGREGATE_CHECKS } from "./aggregate-checks.ts";
import type { Check } from "./check.ts";
import { INDEX_CHECKS } from "./index-checks.ts";
import { QUERY_CHECKS } from "./query-checks.ts";
import { READ_CHECKS } from "./read-checks.ts";
import { SERVER_CHECKS } from "./server-checks.ts";
import { UPDATE_CHECKS } from "./update-checks.ts";
import { WRITE_CHECKS } from "./write-checks.ts";

/** Everything that is expected of any MongoDB-wire server. */
export const ALL_CHECKS: readonly Check[] = [
  ...SERVER_CHECKS,
  ...QUERY_CHECKS,
  ...READ_CHECKS,
  ...UPDATE_CHECKS,
  ...WRITE_CHECKS,
  ...INDEX_CHECKS,
  ...AGGREGATE_CHECKS,
];
