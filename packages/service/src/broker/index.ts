export { startBroker, type Broker, type BrokerOptions } from "./broker.ts";
export { BrokerError, type BrokerErrorCode } from "./broker-error.ts";
export type { ConsumerOptions, Delivery, Outages } from "./consumer.ts";
export type { OutgoingMessage } from "./publisher.ts";
export { deadQueueOf, retryQueueOf } from "./topology.ts";
