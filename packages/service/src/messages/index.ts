export { orderIdSchema, failChoiceSchema, type FailChoice } from "./fields.ts";
export { emailAddressSchema, hashEmailAddress } from "./email-address.ts";
export {
  factoryMessageSchema,
  mailMessageSchema,
  orderMessageSchema,
  webMessageSchema,
  type FactoryMessage,
  type MailMessage,
  type OrderMessage,
  type WebMessage,
} from "./messages.ts";
export { queueNames } from "./queues.ts";
