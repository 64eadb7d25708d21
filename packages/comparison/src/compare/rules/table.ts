import { errorRules } from "./errors.ts";
import { jaegerRules } from "./jaeger.ts";
import { logRules } from "./logs.ts";
import { lossRules } from "./losses.ts";
import { nameRules } from "./names.ts";
import { parentRules } from "./parents.ts";
import type { Rule } from "./rule.ts";
import { sentryAdditionRules } from "./sentry-additions.ts";
import { sentryApiRules } from "./sentry-api.ts";
import { sentryAttributeRules } from "./sentry-attributes.ts";
import { sentryValueRules } from "./sentry-values.ts";
import { statusRules } from "./status.ts";
import { timeRules } from "./times.ts";

/** Every known reason why two formats tell the same trace differently; docs/comparison.md shows it. */
export const rules: readonly Rule[] = [
  ...nameRules,
  ...statusRules,
  ...parentRules,
  ...timeRules,
  ...sentryAttributeRules,
  ...sentryAdditionRules,
  ...sentryValueRules,
  ...errorRules,
  ...logRules,
  ...jaegerRules,
  ...sentryApiRules,
  ...lossRules,
];
