export { startBroker, type Broker, type BrokerOptions } from "./broker/index.ts";
export { startDatabase } from "./database/index.ts";
