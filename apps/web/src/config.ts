import { fileURLToPath } from "node:url";
import { readConfig, serviceVariables, textVariable, webUrlVariable } from "@tracebridge/service";

const builtPage = fileURLToPath(new URL("../../page/dist", import.meta.url));

const variables = {
  ...serviceVariables({ port: 8006, database: "web" }),
  PAGE_DIR: textVariable(builtPage, "the folder of the built page"),
  COMPARE_URL: webUrlVariable(),
};

/** @throws ConfigError when a variable cannot be used */
export function readWebConfig(env: NodeJS.ProcessEnv) {
  return readConfig(env, variables);
}
