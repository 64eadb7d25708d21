export { orderIdSchema, failChoiceSchema, type FailChoice } from "./fields.ts";
export {
  factoryMessageSchema,
  orderMessageSchema,
  webMessageSchema,
  type FactoryMessage,
  type OrderMessage,
  type WebMessage,
} from "./messages.ts";
export { queueNames } from "./queues.ts";
