/** MongoDB's own limits: https://www.mongodb.com/docs/manual/reference/limits/ */
export const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024;
export const MAX_MESSAGE_BYTES = 48_000_000;
export const MAX_WRITE_BATCH = 100_000;
/** Levels of documents and arrays inside each other. */
export const MAX_NESTING = 200;
/** Room a command or a reply may take beside the user's largest document (MongoDB's BSONObjMaxInternalSize). */
export const MAX_COMMAND_BYTES = MAX_DOCUMENT_BYTES + 16 * 1024;
