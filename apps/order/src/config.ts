import { failPointVariable, readConfig, serviceVariables } from "@tracebridge/service";

const variables = {
  ...serviceVariables({ port: 8005, database: "order" }),
  FAIL_POINT: failPointVariable(["after-write"]),
};

/** @throws ConfigError when a variable cannot be used */
export function readOrderConfig(env: NodeJS.ProcessEnv) {
  return readConfig(env, variables);
}
