import { createTransport } from "nodemailer";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findSeriousProblems } from "../../../../test/axe.ts";
import { launchChromium, openPage } from "../../../../test/chromium.ts";
import { startMailServer, type MailServer } from "../../src/index.ts";

const link = "https://shop.example/reset-password#token=abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";

describe("the page of received mails", () => {
  let browser: Browser;
  let server: MailServer;
  beforeAll(async () => {
    browser = await launchChromium();
    server = await startMailServer();
    const transport = createTransport(server.smtpUrl);
    const mail = { from: "no-reply@shop.example", to: "alice@example.com" };
    await transport.sendMail({ ...mail, subject: "<b>Old</b>", text: `${"x".repeat(300)} <i>plain</i>` });
    await transport.sendMail({
      ...mail,
      subject: "Your new password",
      messageId: "<reset-password.1@shop.example>",
      text: `Choose it here:\n\n${link}\n\nThe link works once.`,
      html: `<p>Choose it: <a href="${link}">here</a></p><script>document.title = "run"</script>`,
    });
  });
  afterAll(async () => {
    await browser.close();
    await server.stop();
  });

  it.each([
    { name: "laptop", width: 1280, height: 800, colorScheme: "light" },
    { name: "laptop", width: 1280, height: 800, colorScheme: "dark" },
    { name: "narrow", width: 320, height: 640, colorScheme: "light" },
    { name: "narrow", width: 320, height: 640, colorScheme: "dark" },
  ] as const)(
    "can be read on a $name in $colorScheme colours, newest mail first",
    async ({ name, width, height, colorScheme }) => {
      const { page, problems } = await openPage(browser, server.pageUrl, {
        viewport: { width, height },
        colorScheme,
      });
      expect(await page.getByRole("heading", { level: 2 }).allInnerTexts()).toEqual([
        "Your new password",
        "<b>Old</b>",
      ]);
      expect(await page.locator("body").innerText()).toContain("<reset-password.1@shop.example>");
      await page.screenshot({ path: `test-results/mails/${name}-${colorScheme}.png`, fullPage: true });
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
      expect(problems).toEqual([]);
      expect(await findSeriousProblems(page)).toEqual([]);
      await page.context().close();
    },
  );

  it("lets the keyboard reach the link of a mail, and nothing tells the target where it was clicked", async () => {
    const { page } = await openPage(browser, server.pageUrl);
    const visited = Promise.withResolvers<{ referer: string | undefined }>();
    await page.route("https://shop.example/**", async (route) => {
      visited.resolve({ referer: route.request().headers()["referer"] });
      await route.fulfill({ contentType: "text/html", body: "<title>shop</title>" });
    });
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.getAttribute('href')")).toBe(link);
    await page.keyboard.press("Enter");
    expect(await visited.promise).toEqual({ referer: undefined });
    await page.waitForURL(link);
    await page.context().close();
  });

  it("shows the HTML of a mail without running what is in it", async () => {
    const { page } = await openPage(browser, server.pageUrl);
    await page.getByRole("link", { name: "HTML version of mail 2" }).click();
    await page.getByRole("link", { name: "here" }).waitFor();
    expect(await page.title()).not.toBe("run");
    await page.context().close();
  });
});
