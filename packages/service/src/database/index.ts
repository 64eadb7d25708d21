export { startDatabase, type Database } from "./database.ts";
export { isDuplicateKey } from "./duplicate-key.ts";
