export { createInstrumentations } from "./instrumentations.ts";
export { installLoaderHook } from "./loader-hook.ts";
