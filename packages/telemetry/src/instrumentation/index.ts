export { createInstrumentations } from "./instrumentations.ts";
