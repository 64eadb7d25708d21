export { createResetToken, hashResetToken } from "./reset-token.ts";
export { resetTokenSecretVariable } from "./secret.ts";
