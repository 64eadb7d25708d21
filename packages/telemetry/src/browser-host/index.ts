export { createBrowserHost } from "./browser-host.ts";
export type { BrowserHost, BrowserHostOptions } from "./browser-host.ts";
