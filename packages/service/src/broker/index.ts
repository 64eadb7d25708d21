export { startBroker, type Broker } from "./broker.ts";
export type { ConsumerOptions, Delivery } from "./consumer.ts";
export type { OutgoingMessage } from "./publisher.ts";
export { deadQueueOf, retryQueueOf } from "./topology.ts";
