export { startBroker, type Broker, type BrokerOptions } from "./broker/index.ts";
export { startDatabase } from "./database/index.ts";
export { startMailServer, type MailServer, type MailServerOptions, type ReceivedMail } from "./smtp/index.ts";
