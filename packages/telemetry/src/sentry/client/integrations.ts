import {
  contextLinesIntegration,
  eventFiltersIntegration,
  functionToStringIntegration,
  linkedErrorsIntegration,
  modulesIntegration,
  onUncaughtExceptionIntegration,
  processSessionIntegration,
  requestDataIntegration,
} from "@sentry/node";
import type { Integration } from "@sentry/core";
import { createFetchIntegration, createHttpIntegration } from "../requests/index.ts";

export interface IntegrationOptions {
  readonly sessions: boolean;
  readonly onFatalError: (error: Error) => void;
  /** Tells about the machine. */
  readonly machine: Integration;
}

/**
 * Sentry's integrations that describe errors, two of them our own; none makes spans, as OpenTelemetry does. Left out on purpose:
 *
 * - Dedupe drops an error that equals the one before it: two orders that fail alike would leave one issue.
 * - OnUnhandledRejection keeps a process alive that Node would end. Without it, Node turns an unhandled rejection
 *   into an uncaught exception, which is captured, and the exit code stays what it was.
 *   https://nodejs.org/api/cli.html#--unhandled-rejectionsmode
 * - LocalVariables sends the values of variables.
 */
export function createIntegrations({ sessions, onFatalError, machine }: IntegrationOptions): Integration[] {
  return [
    eventFiltersIntegration(),
    functionToStringIntegration(),
    linkedErrorsIntegration(),
    withoutSpans(requestDataIntegration()),
    createHttpIntegration(sessions),
    createFetchIntegration(),
    onUncaughtExceptionIntegration({ onFatalError }),
    contextLinesIntegration(),
    withoutSpans(machine),
    modulesIntegration(),
    ...(sessions ? [processSessionIntegration()] : []),
  ];
}

/** What these say of spans is written by ours, once for all that share it: ../spans/request-facts.ts, machine-attributes.ts. */
function withoutSpans(integration: Integration): Integration {
  const eventsOnly = { ...integration };
  delete eventsOnly.processSpan;
  delete eventsOnly.processSegmentSpan;
  return eventsOnly;
}
