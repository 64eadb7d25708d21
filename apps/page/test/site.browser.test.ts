import { describe, expect, it } from "vitest";
import { createBench, orderBox, readFocus } from "./page-bench.ts";
import {
  acceptResets,
  emailBox,
  heading,
  isFocused,
  passwordBox,
  resetLink,
  resetPath,
} from "./reset-bench.ts";

const bench = createBench();

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

  it.each([320, 360, 390, 430])("stands in one line also where the window has %i px", async (width) => {
    const { page } = await bench.open({ viewport: { width, height: 640 } });
    const readTop = (name: string) =>
      page.getByRole("link", { name }).evaluate((link) => link.getBoundingClientRect().top);
    expect(await readTop("Orders")).toBe(await readTop("Reset password"));
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

describe("the keyboard", () => {
  it("asks for a mail, then chooses a password, with a visible focus", async () => {
    bench.respond = acceptResets;
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
    await page.evaluate((address) => location.assign(address), resetLink);
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
