import * as publicFunctions from "../../../src/browser/index.ts";

/** The page under test: starts telemetry as the test says, and lets the test play with the public functions. */
declare global {
  // Globals that a test reads or sets have to be variables.
  var telemetry: typeof publicFunctions;
  var startOptions: Parameters<typeof publicFunctions.startBrowserTelemetry>[0];
}

globalThis.telemetry = publicFunctions;
publicFunctions.startBrowserTelemetry(globalThis.startOptions);
document.documentElement.dataset["started"] = "yes";
