export { startDatabase, type Database } from "./database.ts";
