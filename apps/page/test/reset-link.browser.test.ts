import { describe, expect, it } from "vitest";
import { createBench, mistake } from "./page-bench.ts";
import {
  acceptResets,
  emailBox,
  heading,
  isFocused,
  readPosted,
  passwordBox,
  refuseResets,
  resetLink,
  resetPath,
  set,
} from "./reset-bench.ts";

const bench = createBench();

describe("a link from a mail", () => {
  it("sets a password, and its token is nowhere to be seen", async () => {
    bench.respond = acceptResets;
    const { page, problems } = await bench.open({}, resetLink);
    await heading(page, "Choose a new password").waitFor();
    expect(new URL(page.url()).hash).toBe("");
    expect(await page.content()).not.toContain("token-1");
    expect(await passwordBox(page).getAttribute("autocomplete")).toBe("new-password");
    await passwordBox(page).fill("two words");
    await set(page).click();
    await heading(page, "Password changed").waitFor();
    expect(readPosted(bench.api)).toEqual([
      ["/users/reset-password/complete", { token: "token-1", password: "two words" }],
    ]);
    expect(problems).toEqual([]);
    await page.reload();
    await emailBox(page).waitFor();
  });

  it("that is followed while the page is open does the same, and leaves nothing in the history", async () => {
    bench.respond = acceptResets;
    const { page } = await bench.open({}, resetPath);
    await emailBox(page).waitFor();
    await page.evaluate((address) => location.assign(address), resetLink);
    await passwordBox(page).waitFor();
    expect(new URL(page.url()).hash).toBe("");
    await passwordBox(page).fill("two words");
    await passwordBox(page).press("Enter");
    await heading(page, "Password changed").waitFor();
    await page.goBack();
    expect(new URL(page.url()).hash).toBe("");
  });

  it("does not take a password that is too short, nor one that the service refuses", async () => {
    bench.respond = refuseResets(400, { field: "password", message: "everybody has this one" });
    const { page } = await bench.open({}, resetLink);
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
    bench.respond = refuseResets(410, {});
    const { page } = await bench.open({}, resetLink);
    await passwordBox(page).fill("two words");
    await set(page).click();
    await mistake(page, "This link does not work any more").waitFor();
    await page.getByRole("button", { name: "Request a new link" }).click();
    expect(await isFocused(emailBox(page))).toBe(true);
  });

  it("shows the password to whoever wants to see it", async () => {
    const { page } = await bench.open({}, resetLink);
    await passwordBox(page).fill("two words");
    const show = page.getByRole("button", { name: "Show password" });
    expect(await passwordBox(page).getAttribute("type")).toBe("password");
    await show.click();
    expect(await passwordBox(page).getAttribute("type")).toBe("text");
    expect(await show.getAttribute("aria-pressed")).toBe("true");
    expect(await passwordBox(page).inputValue()).toBe("two words");
  });
});
