import { errorRules } from "./errors.ts";
import { logRules } from "./logs.ts";
import { lossRules } from "./losses.ts";
import { nameRules } from "./names.ts";
import type { Rule } from "./rule.ts";
import { sentryAttributeRules } from "./sentry-attributes.ts";
import { statusRules } from "./status.ts";

/** Every known reason why two formats tell the same trace differently; docs/comparison.md shows it. */
export const rules: readonly Rule[] = [
  ...nameRules,
  ...statusRules,
  ...sentryAttributeRules,
  ...errorRules,
  ...logRules,
  ...lossRules,
];
