export { renameSpan } from "./rename-span.ts";
export type { NamedSpan } from "./rename-span.ts";
