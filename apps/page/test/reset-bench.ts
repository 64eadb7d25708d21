import type { Locator, Page } from "playwright-core";
import type { ApiAnswer, Respond, WebApi } from "./web-api.ts";

export const resetPath = "/reset-password";
/** What a mail leads to. */
export const resetLink = `${resetPath}#token=token-1`;

export const emailBox = (page: Page): Locator => page.getByLabel("E-mail address");
export const passwordBox = (page: Page): Locator => page.getByLabel("New password");
export const send = (page: Page): Locator => page.getByRole("button", { name: "Send the link" });
export const set = (page: Page): Locator => page.getByRole("button", { name: "Set the password" });
export const heading = (page: Page, name: string): Locator => page.getByRole("heading", { name });

export const isFocused = (locator: Locator): Promise<boolean> =>
  locator.evaluate((element) => element === document.activeElement);

/** Every address, and every password. */
export const acceptResets: Respond = ({ path }) =>
  path.endsWith("/complete")
    ? { status: 200, body: { message: "Password changed" } }
    : { status: 200, body: { message: "Password reset email sent" } };

export function refuseResets(status: number, error: object, headers: ApiAnswer["headers"] = {}): Respond {
  return () => ({ status, body: { error: { code: "x", message: "no", ...error } }, headers });
}

/** Path and body of what was posted so far. */
export const readPosted = (api: WebApi): unknown[] =>
  api.requests.filter(({ method }) => method === "POST").map(({ path, body }) => [path, body]);
