import { expect, test } from "vitest";
import { ConfigError } from "@tracebridge/service";
import { readMailerConfig } from "../src/config.ts";

const env = {
  AMQP_URL: "amqp://127.0.0.1",
  MONGO_URL: "mongodb://127.0.0.1",
  SMTP_URL: "smtp://127.0.0.1:1025",
  PAGE_URL: "http://localhost:8006",
  RESET_TOKEN_SECRET: "0123456789abcdef0123456789abcdef",
};

function readProblems(more: NodeJS.ProcessEnv): readonly string[] {
  try {
    readMailerConfig({ ...env, ...more });
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

test.each([
  [undefined, { name: "Tracebridge", address: "no-reply@localhost" }],
  ["a@shop.example", { name: "", address: "a@shop.example" }],
  ["My shop <a@shop.example>", { name: "My shop", address: "a@shop.example" }],
  ["<a@shop.example>", { name: "", address: "a@shop.example" }],
  [" a@Shop.example ", { name: "", address: "a@shop.example" }],
  ["My shop < a@shop.example\r\n>", { name: "My shop", address: "a@shop.example" }],
])("MAIL_FROM=%s is %j", (text, sender) => {
  expect(readMailerConfig({ ...env, MAIL_FROM: text }).MAIL_FROM).toEqual(sender);
});

test.each([
  "shop",
  "a@b@c",
  "A <a@shop.example> B",
  'A" <a@shop.example>',
  "A\r\nBcc: b <a@shop.example>",
  "<>",
])("MAIL_FROM=%j is refused", (text) => {
  expect(readProblems({ MAIL_FROM: text }).join()).toMatch(/^MAIL_FROM=.* is not a sender: use/s);
});

test.each([
  ["https://shop.example", "https://shop.example"],
  ["https://shop.example/", "https://shop.example"],
  ["https://shop.example/deep/er/", "https://shop.example/deep/er"],
  ["http://localhost:8006", "http://localhost:8006"],
])("PAGE_URL=%s is used as %s", (text, used) => {
  expect(readMailerConfig({ ...env, PAGE_URL: text }).PAGE_URL).toBe(used);
});

test.each([
  "shop.example",
  "ftp://shop.example",
  "https://shop.example/?a=1",
  "https://u:p@shop.example",
  "https://",
])("PAGE_URL=%s is refused", (text) => {
  expect(readProblems({ PAGE_URL: text }).join()).toMatch(/^PAGE_URL=.* is not the address of the page/);
});

test.each(["smtp://", "smtp://u:100%@host", "smtp://host:99999", "http://host", "host:25"])(
  "SMTP_URL=%s is refused and not shown",
  (text) => {
    expect(readProblems({ SMTP_URL: text })).toEqual([
      "SMTP_URL (value not shown) is not a URL that starts with smtp:// or smtps://: set it for example to smtp://127.0.0.1:1025.",
    ]);
  },
);

test("SMTP_URL and RESET_TOKEN_SECRET are needed, and never shown", () => {
  const problems = readProblems({ SMTP_URL: "http://user:hush@host", RESET_TOKEN_SECRET: "too short" });
  expect(problems.map((problem) => problem.split(" ")[0])).toEqual(["SMTP_URL", "RESET_TOKEN_SECRET"]);
  expect(problems.join()).not.toMatch(/hush|too short/);
  expect(readProblems({ SMTP_URL: "", RESET_TOKEN_SECRET: "" })).toHaveLength(2);
});
