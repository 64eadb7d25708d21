import { fileURLToPath } from "node:url";
import {
  countVariable,
  readConfig,
  resetTokenSecretVariable,
  serviceVariables,
  textVariable,
  webUrlVariable,
} from "@tracebridge/service";
import { corsOriginsVariable } from "./config/cors-origins.ts";
import { sampleUsersVariable } from "./config/sample-users.ts";
import { trustProxyVariable } from "./config/trust-proxy.ts";

const builtPage = fileURLToPath(new URL("../../page/dist", import.meta.url));

const mostResets = 100_000;

const variables = {
  ...serviceVariables({ port: 8006, database: "web" }),
  PAGE_DIR: textVariable(builtPage, "the folder of the built page"),
  COMPARE_URL: webUrlVariable(),
  CORS_ORIGINS: corsOriginsVariable,
  RESET_TOKEN_SECRET: resetTokenSecretVariable,
  RESETS_PER_ADDRESS: countVariable(5, mostResets, "the number of resets for one address in an hour"),
  RESETS_PER_CLIENT: countVariable(50, mostResets, "the number of requests of one client in an hour"),
  SAMPLE_USERS: sampleUsersVariable,
  TRUST_PROXY: trustProxyVariable,
};

/** @throws ConfigError when a variable cannot be used */
export function readWebConfig(env: NodeJS.ProcessEnv) {
  return readConfig(env, variables);
}
