import {
  dedupeIntegration,
  eventFiltersIntegration,
  globalHandlersIntegration,
  linkedErrorsIntegration,
} from "@sentry/browser";
import type { Integration } from "@sentry/core";
import { createPageContext } from "./page-context.ts";

/**
 * What describes errors; none makes spans, as OpenTelemetry does. Of Sentry's own defaults, these are left out on purpose:
 *
 * - BrowserApiErrors wraps every listener and timer of the page, for errors that `window.onerror` tells of as well.
 * - Console: what an application prints is not for others.
 * - BrowserSession, as sessions are off in Node as well.
 */
export function createIntegrations(breadcrumbs: Integration, errors: boolean): Integration[] {
  return [
    eventFiltersIntegration(),
    breadcrumbs,
    ...(errors ? [globalHandlersIntegration()] : []),
    linkedErrorsIntegration(),
    dedupeIntegration(),
    createPageContext(),
  ];
}
