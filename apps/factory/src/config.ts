import { millisRangeVariable, rateVariable, readConfig, serviceVariables } from "@tracebridge/service";

const variables = {
  ...serviceVariables({ port: 8004, database: "factory" }),
  FACTORY_DELAY_MILLIS: millisRangeVariable({ minMillis: 5000, maxMillis: 10_000 }),
  FACTORY_FAIL_RATE: rateVariable,
};

/** @throws ConfigError when a variable cannot be used */
export function readFactoryConfig(env: NodeJS.ProcessEnv) {
  return readConfig(env, variables);
}
