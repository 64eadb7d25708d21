export { createResource } from "./resource.ts";
