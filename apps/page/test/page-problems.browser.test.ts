import { describe, expect, it } from "vitest";
import { badge, check, checkBox, createBench, mistake, orderBox, playOrder, submit } from "./page-bench.ts";

const bench = createBench();

describe("a mistake", () => {
  it.each([
    ["al_ice", "“_” is not allowed"],
    ["", "Type an order id"],
    ["x".repeat(65), "65"],
  ])("in the id %j is named before anything is sent, and can be put right", async (id, reason) => {
    const { page } = await bench.open();
    await orderBox(page).fill(id);
    await submit(page).click();
    await mistake(page, reason).waitFor();
    expect(await orderBox(page).getAttribute("aria-invalid")).toBe("true");
    expect(await orderBox(page).evaluate((box) => box === document.activeElement)).toBe(true);
    expect(await orderBox(page).inputValue()).toBe(id);
    await orderBox(page).fill("alice");
    await submit(page).click();
    await badge(page, "finished").waitFor();
    expect(bench.orderCalls()[0]).toBe("POST /order alice");
  });

  it("that only the service sees is shown at its field", async () => {
    bench.respond = () => ({
      status: 400,
      body: { error: { code: "BAD", message: "This id is taken", field: "id" } },
    });
    const { page } = await bench.open();
    await orderBox(page).fill("alice");
    await submit(page).click();
    await mistake(page, "This id is taken").waitFor();
    expect(await orderBox(page).getAttribute("aria-invalid")).toBe("true");
    expect(await orderBox(page).evaluate((box) => box === document.activeElement)).toBe(true);
    expect(await orderBox(page).inputValue()).toBe("alice");
  });

  it("about an order that nobody submitted is told apart", async () => {
    bench.respond = () => ({ status: 404, body: { error: { code: "NOT_FOUND", message: "no" } } });
    const { page } = await bench.open();
    await checkBox(page).fill("nobody");
    await check(page).click();
    await mistake(page, "There is no order nobody").waitFor();
    expect(await checkBox(page).inputValue()).toBe("nobody");
  });

  it.each([
    [413, "The request is too large"],
    [500, "The service has a problem (status 500)"],
  ])("answered with %i is told in words, and nothing typed is lost", async (status, words) => {
    bench.respond = () => ({ status, body: { error: { code: "X", message: "no" } } });
    const { page } = await bench.open();
    await orderBox(page).fill("alice");
    await page.getByRole("radio", { name: "Once" }).check();
    await submit(page).click();
    await mistake(page, words).waitFor();
    expect(await orderBox(page).inputValue()).toBe("alice");
    expect(await page.getByRole("radio", { name: "Once" }).isChecked()).toBe(true);
  });
});

describe("a server that is down", () => {
  it("is told apart, nothing typed is lost, and the next try works", async () => {
    const { page } = await bench.open();
    await orderBox(page).fill("alice");
    await bench.stopServer();
    await submit(page).click();
    await mistake(page, "The service cannot be reached").waitFor();
    expect(await orderBox(page).inputValue()).toBe("alice");
    await bench.restartServer();
    await submit(page).click();
    await badge(page, "finished").waitFor();
    expect(await mistake(page, "The service cannot be reached").count()).toBe(0);
  });

  it("does not end the following of an order", async () => {
    let down = false;
    const order = playOrder(["making", "finished"]);
    bench.respond = (request) => (down ? { status: 503 } : order(request));
    const { page } = await bench.open();
    await submit(page).click();
    await badge(page, "making").waitFor();
    down = true;
    await mistake(page, "The page keeps asking").waitFor();
    down = false;
    await badge(page, "finished").waitFor();
    expect(await mistake(page, "status 503").count()).toBe(0);
  });
});
