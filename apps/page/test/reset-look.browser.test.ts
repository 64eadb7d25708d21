import { describe, expect, it } from "vitest";
import { expectGoodLook, looks } from "./look.ts";
import { createBench, mistake } from "./page-bench.ts";

const bench = createBench();

describe("the look of the reset page", () => {
  it.each(looks)(
    "fits a $name ($viewport.width px) in $scheme colours at every step",
    async ({ name, scheme, viewport }) => {
      const options = { viewport, colorScheme: scheme };
      const { page, problems } = await bench.open(options, "/reset-password");
      const look = async (step: string): Promise<void> => {
        await page.screenshot({
          path: `test-results/page/reset-${name}-${scheme}-${step}.png`,
          fullPage: true,
        });
        await expectGoodLook(page);
      };
      const press = (button: string): Promise<void> => page.getByRole("button", { name: button }).click();
      await look("start");
      await press("Send the link");
      await mistake(page, "Type your e-mail address").waitFor();
      await look("mistake");
      bench.respond = () => ({ status: 200, body: { message: "Password reset email sent" } });
      await page.getByLabel("E-mail address").fill(`${"x".repeat(60)}@example.com`);
      await press("Send the link");
      await page.getByRole("heading", { name: "Password reset email sent" }).waitFor();
      await look("sent");
      await page.evaluate(() => location.assign("#token=token-1"));
      await page.getByRole("button", { name: "Set the password" }).waitFor();
      await look("choose");
      expect(problems).toEqual([]);

      bench.respond = () => ({ status: 410, body: { error: { code: "gone", message: "no" } } });
      await page.getByLabel("New password").fill("two words");
      await press("Set the password");
      await mistake(page, "This link does not work any more").waitFor();
      await look("gone");
    },
  );
});
