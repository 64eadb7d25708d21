import { errorRules } from "./errors.ts";
import { jaegerV1BesideSentryRules } from "./jaeger-v1-beside-sentry.ts";
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

/** By subject, as docs/comparison.md shows them. */
export const ruleTable: readonly { subject: string; rules: readonly Rule[] }[] = [
  { subject: "Names, ops, kinds", rules: nameRules },
  { subject: "Status", rules: statusRules },
  { subject: "Parents", rules: parentRules },
  { subject: "Times", rules: timeRules },
  { subject: "Attributes that Sentry has of the trace and of the resource", rules: sentryAttributeRules },
  { subject: "Attributes that Sentry's SDK adds or leaves out", rules: sentryAdditionRules },
  { subject: "Values of attributes at Sentry", rules: sentryValueRules },
  { subject: "Errors", rules: errorRules },
  { subject: "Logs", rules: logRules },
  { subject: "Jaeger", rules: [...jaegerRules, ...jaegerV1BesideSentryRules] },
  { subject: "What Sentry's API was not asked for", rules: sentryApiRules },
  { subject: "What a format has no place for", rules: lossRules },
];

/** Every known reason why two formats tell the same trace differently. */
export const rules: readonly Rule[] = ruleTable.flatMap((group) => group.rules);
