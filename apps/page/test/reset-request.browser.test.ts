import { describe, expect, it } from "vitest";
import { createBench, mistake } from "./page-bench.ts";
import {
  acceptResets,
  emailBox,
  heading,
  isFocused,
  readPosted,
  refuseResets,
  resetPath,
  send,
} from "./reset-bench.ts";

const bench = createBench();

describe("a forgotten password", () => {
  it("is asked for with an address, and the service's words take the place of the form", async () => {
    bench.respond = acceptResets;
    const { page, problems } = await bench.open({}, resetPath);
    expect(await emailBox(page).getAttribute("autocomplete")).toBe("email");
    await emailBox(page).fill(" alice@example.com ");
    await send(page).click();
    const done = heading(page, "Password reset email sent");
    await done.waitFor();
    expect(await isFocused(done)).toBe(true);
    expect(await emailBox(page).count()).toBe(0);
    expect(readPosted(bench.api)).toEqual([["/users/reset-password", { email: "alice@example.com" }]]);
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
    expect(readPosted(bench.api)).toHaveLength(1);
    // Chromium sends a request again whose connection was closed: not to the server of the next test.
    await bench.stopServer();
    await mistake(page, "The service cannot be reached").waitFor();
    expect(await send(page).getAttribute("aria-disabled")).toBe("false");
  });

  it("with a mistake in the address is told before anything is sent", async () => {
    bench.respond = acceptResets;
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
    expect(readPosted(bench.api)).toEqual([["/users/reset-password", { email: "alice@example.com" }]]);
  });

  it.each([
    [400, { field: "email", message: "that is no address" }, {}, "that is no address", true],
    [429, {}, { "retry-after": "42" }, "try again in 42 seconds", false],
    [500, { message: "something went wrong" }, {}, "something went wrong", false],
    [503, {}, {}, "status 503", false],
  ])(
    "answered with %i is told in words, and the address is kept",
    async (status, error, headers, words, marked) => {
      bench.respond = refuseResets(status, error, headers);
      const { page } = await bench.open({}, resetPath);
      await emailBox(page).fill("alice@example.com");
      await send(page).click();
      await mistake(page, words).waitFor();
      expect(await emailBox(page).inputValue()).toBe("alice@example.com");
      expect(await emailBox(page).getAttribute("aria-invalid")).toBe(String(marked));
      expect(await isFocused(emailBox(page))).toBe(marked);
      bench.respond = acceptResets;
      await send(page).click();
      await heading(page, "Password reset email sent").waitFor();
    },
  );

  it("refused for its address is no matter any more once another one is typed wrong", async () => {
    bench.respond = refuseResets(400, { field: "email", message: "that is no address" }, {});
    const { page } = await bench.open({}, resetPath);
    await emailBox(page).fill("alice@example.com");
    await send(page).click();
    await mistake(page, "that is no address").waitFor();
    await emailBox(page).fill("alice");
    await send(page).click();
    await mistake(page, "one @").waitFor();
    expect(await mistake(page, "that is no address").count()).toBe(0);
  });

  it("at a server that is down is told apart, and the next try works", async () => {
    bench.respond = acceptResets;
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
    bench.respond = acceptResets;
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
