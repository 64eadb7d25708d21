import {
  breadcrumbsIntegration,
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
 * - Breadcrumbs of `fetch`: they would wrap it once more. Ours come from its spans.
 * - BrowserApiErrors wraps every listener and timer of the page, for errors that `window.onerror` tells of as well.
 * - Console: what an application prints is not for others.
 * - BrowserSession, as sessions are off in Node as well.
 */
export function createIntegrations({ errors }: { readonly errors: boolean }): Integration[] {
  return [
    eventFiltersIntegration(),
    breadcrumbsIntegration({ fetch: false }),
    ...(errors ? [globalHandlersIntegration()] : []),
    linkedErrorsIntegration(),
    dedupeIntegration(),
    createPageContext(),
  ];
}
