export { ConfigError } from "./config/config-error.ts";
export { readConfig, type Variable } from "./config/read-config.ts";
export {
  countVariable,
  failPointVariable,
  millisRangeVariable,
  rateVariable,
  serverUrlVariable,
  serviceVariables,
  textVariable,
  webUrlVariable,
  type MillisRange,
} from "./config/variables.ts";
export type { Broker, ConsumerOptions, Delivery } from "./broker/index.ts";
export { isDuplicateKey, type Database } from "./database/index.ts";
export { readHealth, type Readiness } from "./http/index.ts";
export {
  runService,
  type ServiceConfig,
  type ServiceContext,
  type ServiceParts,
  type ServiceStore,
} from "./lifecycle/run-service.ts";
export type { Logger } from "@tracebridge/telemetry/logger";
export {
  emailAddressSchema,
  factoryMessageSchema,
  failChoiceSchema,
  hashEmailAddress,
  mailMessageSchema,
  orderIdSchema,
  orderMessageSchema,
  webMessageSchema,
  type FactoryMessage,
  type FailChoice,
  type MailMessage,
  type OrderMessage,
  type WebMessage,
} from "./messages/index.ts";
export {
  Outbox,
  type ChangeResult,
  type CreateResult,
  type OutboxDocument,
  type OutboxMessage,
} from "./outbox/index.ts";
export { createResetToken, hashResetToken, resetTokenSecretVariable } from "./reset-token/index.ts";
