/** A mistake in the environment: names the variable and the fix, and holds no secret. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}
