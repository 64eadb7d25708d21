import type { Locator, Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { createBench, mistake, orderBox, readFocus } from "./page-bench.ts";
import type { ApiAnswer, Respond } from "./web-api.ts";

const bench = createBench();
const resetPath = "/reset-password";
const link = `${resetPath}#token=token-1`;

const emailBox = (page: Page): Locator => page.getByLabel("E-mail address");
const passwordBox = (page: Page): Locator => page.getByLabel("New password");
const send = (page: Page): Locator => page.getByRole("button", { name: "Send the link" });
const set = (page: Page): Locator => page.getByRole("button", { name: "Set the password" });
const heading = (page: Page, name: string): Locator => page.getByRole("heading", { name });

const accept: Respond = ({ path }) =>
  path.endsWith("/complete")
    ? { status: 200, body: { message: "Password changed" } }
    : { status: 200, body: { message: "Password reset email sent" } };
const refuse = (status: number, error: object, headers: ApiAnswer["headers"] = {}): Respond => {
  return () => ({ status, body: { error: { code: "x", message: "no", ...error } }, headers });
};
const posted = (): unknown[] =>
  bench.api.requests.filter(({ method }) => method === "POST").map(({ path, body }) => [path, body]);
const isFocused = (locator: Locator): Promise<boolean> =>
  locator.evaluate((element) => element === document.activeElement);

describe("the way between the pages", () => {
  it("leads to the reset page and back, with the title and the focus", async () => {
    const { page, problems } = await bench.open();
    expect(await page.title()).toBe("Orders · Tracebridge");
    expect(await isFocused(page.locator("body"))).toBe(true);
    await page.getByRole("link", { name: "Reset password" }).click();
    await emailBox(page).waitFor();
    expect(new URL(page.url()).pathname).toBe(resetPath);
    expect(await page.title()).toBe("Reset your password · Tracebridge");
    expect(await isFocused(heading(page, "Reset your password"))).toBe(true);
    expect(await page.locator('[aria-current="page"]').innerText()).toBe("Reset password");
    await page.getByRole("link", { name: "Orders" }).click();
    await orderBox(page).waitFor();
    expect(await isFocused(heading(page, "Orders"))).toBe(true);
    await page.goBack();
    await emailBox(page).waitFor();
    expect(problems).toEqual([]);
  });

  it("begins at the orders also by the name of the file", async () => {
    const { page } = await bench.open({}, "/index.html");
    await orderBox(page).waitFor();
    expect(await page.title()).toBe("Orders · Tracebridge");
  });

  it("leads on from an address that is no page", async () => {
    const { page } = await bench.open({}, "/nowhere");
    await heading(page, "There is no such page").waitFor();
    await page.getByRole("link", { name: "orders", exact: true }).click();
    await orderBox(page).waitFor();
    expect(new URL(page.url()).pathname).toBe("/");
  });
});

describe("a forgotten password", () => {
  it("is asked for with an address, and the service's words take the place of the form", async () => {
    bench.respond = accept;
    const { page, problems } = await bench.open({}, resetPath);
    expect(await emailBox(page).getAttribute("autocomplete")).toBe("email");
    await emailBox(page).fill(" alice@example.com ");
    await send(page).click();
    const done = heading(page, "Password reset email sent");
    await done.waitFor();
    expect(await isFocused(done)).toBe(true);
    expect(await emailBox(page).count()).toBe(0);
    expect(posted()).toEqual([["/users/reset-password", { email: "alice@example.com" }]]);
    await page.getByRole("button", { name: "Use another address" }).click();
    expect(await isFocused(emailBox(page))).toBe(true);
    expect(await emailBox(page).inputValue()).toBe("");
    expect(problems).toEqual([]);
  });

  it("is sent once, however often the button is pressed, and the button says that it is under way", async () => {
    bench.respond = () => undefined;
    const { page } = await bench.open({}, resetPath);
    await emailBox(page).fill("alice@example.com");
    await emailBox(page).press("Enter");
    const busy = page.getByRole("button", { name: "Sending…" });
    await busy.waitFor();
    expect(await busy.getAttribute("aria-disabled")).toBe("true");
    // Playwright's own click would wait until the button is enabled.
    await busy.dispatchEvent("click");
    await emailBox(page).press("Enter");
    // What was sent before has arrived when this is answered.
    await page.evaluate(() => fetch("/config.json"));
    expect(posted()).toHaveLength(1);
    // Chromium sends a request again whose connection was closed: not to the server of the next test.
    await bench.stopServer();
    await mistake(page, "The service cannot be reached").waitFor();
    expect(await send(page).getAttribute("aria-disabled")).toBe("false");
  });

  it("with a mistake in the address is told before anything is sent", async () => {
    bench.respond = accept;
    const { page } = await bench.open({}, resetPath);
    await emailBox(page).fill("alice");
    await send(page).click();
    await mistake(page, "one @").waitFor();
    expect(await emailBox(page).getAttribute("aria-invalid")).toBe("true");
    expect(await isFocused(emailBox(page))).toBe(true);
    await emailBox(page).pressSequentially("@example.com");
    expect(await mistake(page, "one @").count()).toBe(0);
    await send(page).click();
    await heading(page, "Password reset email sent").waitFor();
    expect(posted()).toEqual([["/users/reset-password", { email: "alice@example.com" }]]);
  });

  it.each([
    [400, { field: "email", message: "that is no address" }, {}, "that is no address", true],
    [429, {}, { "retry-after": "42" }, "try again in 42 seconds", false],
    [500, { message: "something went wrong" }, {}, "something went wrong", false],
    [503, {}, {}, "status 503", false],
  ])(
    "answered with %i is told in words, and the address is kept",
    async (status, error, headers, words, marked) => {
      bench.respond = refuse(status, error, headers);
      const { page } = await bench.open({}, resetPath);
      await emailBox(page).fill("alice@example.com");
      await send(page).click();
      await mistake(page, words).first().waitFor();
      expect(await emailBox(page).inputValue()).toBe("alice@example.com");
      expect(await emailBox(page).getAttribute("aria-invalid")).toBe(String(marked));
      expect(await isFocused(emailBox(page))).toBe(marked);
      bench.respond = accept;
      await send(page).click();
      await heading(page, "Password reset email sent").waitFor();
    },
  );

  it("at a server that is down is told apart, and the next try works", async () => {
    bench.respond = accept;
    const { page } = await bench.open({}, resetPath);
    await emailBox(page).fill("alice@example.com");
    await bench.stopServer();
    await send(page).click();
    await mistake(page, "The service cannot be reached").waitFor();
    await bench.restartServer();
    await send(page).click();
    await heading(page, "Password reset email sent").waitFor();
    expect(await mistake(page, "The service cannot be reached").count()).toBe(0);
  });

  it("is of no interest any more to somebody who comes back", async () => {
    bench.respond = accept;
    const { page } = await bench.open({}, resetPath);
    await emailBox(page).fill("alice@example.com");
    await send(page).click();
    await heading(page, "Password reset email sent").waitFor();
    await page.getByRole("link", { name: "Orders" }).click();
    await page.getByRole("link", { name: "Reset password" }).click();
    await emailBox(page).waitFor();
    expect(await heading(page, "Password reset email sent").count()).toBe(0);
  });
});

describe("a link from a mail", () => {
  it("sets a password, and its token is nowhere to be seen", async () => {
    bench.respond = accept;
    const { page, problems } = await bench.open({}, link);
    await heading(page, "Choose a new password").waitFor();
    expect(new URL(page.url()).hash).toBe("");
    expect(await page.content()).not.toContain("token-1");
    expect(await passwordBox(page).getAttribute("autocomplete")).toBe("new-password");
    await passwordBox(page).fill("two words");
    await set(page).click();
    await heading(page, "Password changed").waitFor();
    expect(posted()).toEqual([
      ["/users/reset-password/complete", { token: "token-1", password: "two words" }],
    ]);
    expect(problems).toEqual([]);
    await page.reload();
    await emailBox(page).waitFor();
  });

  it("that is followed while the page is open does the same, and leaves nothing in the history", async () => {
    bench.respond = accept;
    const { page } = await bench.open({}, resetPath);
    await emailBox(page).waitFor();
    await page.evaluate((address) => location.assign(address), link);
    await passwordBox(page).waitFor();
    expect(new URL(page.url()).hash).toBe("");
    await passwordBox(page).fill("two words");
    await passwordBox(page).press("Enter");
    await heading(page, "Password changed").waitFor();
    await page.goBack();
    expect(new URL(page.url()).hash).toBe("");
  });

  it("does not take a password that is too short, nor one that the service refuses", async () => {
    bench.respond = refuse(400, { field: "password", message: "everybody has this one" });
    const { page } = await bench.open({}, link);
    await passwordBox(page).fill("short");
    await set(page).click();
    await mistake(page, "at least 8 characters; this has 5").waitFor();
    await passwordBox(page).fill("password");
    await set(page).click();
    await mistake(page, "everybody has this one").first().waitFor();
    expect(await isFocused(passwordBox(page))).toBe(true);
    expect(await passwordBox(page).inputValue()).toBe("password");
  });

  it("that was used already leads to a new request", async () => {
    bench.respond = refuse(410, {});
    const { page } = await bench.open({}, link);
    await passwordBox(page).fill("two words");
    await set(page).click();
    await mistake(page, "This link does not work any more").waitFor();
    await page.getByRole("button", { name: "Request a new link" }).click();
    expect(await isFocused(emailBox(page))).toBe(true);
  });

  it("shows the password to whoever wants to see it", async () => {
    const { page } = await bench.open({}, link);
    await passwordBox(page).fill("two words");
    const show = page.getByRole("button", { name: "Show password" });
    expect(await passwordBox(page).getAttribute("type")).toBe("password");
    await show.click();
    expect(await passwordBox(page).getAttribute("type")).toBe("text");
    expect(await show.getAttribute("aria-pressed")).toBe("true");
    expect(await passwordBox(page).inputValue()).toBe("two words");
  });
});

describe("the keyboard", () => {
  it("asks for a mail, then chooses a password, with a visible focus", async () => {
    bench.respond = accept;
    const { page } = await bench.open();
    const seen: string[] = [];
    const press = async (key: string): Promise<void> => {
      await page.keyboard.press(key);
      seen.push(await page.evaluate(readFocus));
    };
    await press("Tab");
    await press("Tab");
    await page.keyboard.press("Enter");
    await emailBox(page).waitFor();
    await press("Tab");
    await page.keyboard.type("alice@example.com");
    await press("Tab");
    await page.keyboard.press("Enter");
    await heading(page, "Password reset email sent").waitFor();
    await press("Tab");
    await page.evaluate((address) => location.assign(address), link);
    await passwordBox(page).waitFor();
    for (let box = 0; box < 3; box += 1) await press("Tab");
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.type("two words");
    await page.keyboard.press("Enter");
    await heading(page, "Password changed").waitFor();
    expect(seen).toEqual([
      "Orders outlined",
      "Reset password outlined",
      "reset-email outlined",
      "Send the link outlined",
      "Use another address outlined",
      "reset-password outlined",
      "Show password outlined",
      "Set the password outlined",
    ]);
  });
});
