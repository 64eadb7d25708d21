import type { Integration } from "@sentry/core";
import { readPageUrl } from "../page-url.ts";
import { readCulture } from "./page-surroundings.ts";

/** As Sentry's integrations `HttpContext` and `CultureContext` describe events, but for what addresses hold beside the path. */
export function createPageContext(): Integration {
  return {
    name: "HttpContext",
    preprocessEvent: (event) => {
      const { headers, ...request } = event.request ?? {};
      event.request = {
        url: readPageUrl(),
        ...request,
        headers: { "User-Agent": navigator.userAgent, ...headers },
      };
      event.contexts = { ...event.contexts, culture: { ...readCulture(), ...event.contexts?.culture } };
    },
  };
}
