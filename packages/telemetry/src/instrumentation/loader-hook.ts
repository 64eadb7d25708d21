import { createRequire, register as registerAsyncHooks, syncBuiltinESMExports } from "node:module";
import { register as registerSyncHooks, supportsSyncHooks } from "import-in-the-middle/register-hooks.mjs";

/**
 * The packages whose ES module imports are instrumented. Fastify and undici publish diagnostics channels and need none;
 * CommonJS `require` is hooked by the instrumentations themselves.
 */
const INCLUDED = ["express", "amqplib", "mongodb", "pino"];

/**
 * Lets instrumentations see ES modules. Call it after they were created and before the application's first import.
 * Hooks in the same thread are cheaper and `module.register` is deprecated from Node 26, so it serves old versions
 * only: https://nodejs.org/api/deprecations.html#DEP0205
 */
export function installLoaderHook(): void {
  patchBuiltins();
  if (supportsSyncHooks()) {
    registerSyncHooks({ include: INCLUDED });
  } else {
    registerAsyncHooks("import-in-the-middle/hook.mjs", import.meta.url, { data: { include: INCLUDED } });
  }
}

/**
 * The http instrumentation patches either the CommonJS exports or the ES module, whichever it meets first, and this
 * package's own imports would decide which. So: the CommonJS exports, and Node copies them to the ES modules.
 */
function patchBuiltins(): void {
  const require = createRequire(import.meta.url);
  require("node:http");
  require("node:https");
  syncBuiltinESMExports();
}
