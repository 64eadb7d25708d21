import { register as registerAsyncHooks } from "node:module";
import { register as registerSyncHooks, supportsSyncHooks } from "import-in-the-middle/register-hooks.mjs";

/**
 * The modules whose ES module imports are instrumented. Fastify and undici publish diagnostics channels and need none;
 * CommonJS `require` is hooked by the instrumentations themselves.
 */
const INCLUDED = ["http", "https", "express", "amqplib", "mongodb", "pino"];

/**
 * Lets instrumentations see ES modules. Must run before the application's first import. Hooks in the same thread are
 * cheaper and `module.register` is deprecated from Node 26, so it serves old versions only:
 * https://nodejs.org/api/deprecations.html#DEP0205
 */
export function installLoaderHook(): void {
  if (supportsSyncHooks()) {
    registerSyncHooks({ include: INCLUDED });
  } else {
    registerAsyncHooks("import-in-the-middle/hook.mjs", import.meta.url, { data: { include: INCLUDED } });
  }
}
