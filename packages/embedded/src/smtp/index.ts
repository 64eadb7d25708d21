export { startMailServer, type MailServer, type MailServerOptions } from "./mail-server.ts";
export type { ReceivedMail } from "./received-mail.ts";
