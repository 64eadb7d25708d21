export { startDatabase, type Database, type DatabaseOptions } from "./database.ts";
