import { afterEach, describe, expect, it } from "vitest";
import { createResetClient, type ResetClient } from "../src/users/reset-client.ts";
import { startWebApi, type Respond, type WebApi } from "./web-api.ts";

const apis: WebApi[] = [];

async function start(respond: Respond): Promise<{ api: WebApi; client: ResetClient }> {
  const api = await startWebApi(respond);
  apis.push(api);
  return { api, client: createResetClient({ baseUrl: api.url }) };
}

afterEach(async () => {
  for (const api of apis.splice(0)) await api.close();
});

describe("asking for a mail", () => {
  it("posts the address as JSON and gives what the service says", async () => {
    const { api, client } = await start(() => ({ status: 200, body: { message: "Email sent" } }));
    expect(await client.requestReset("alice@example.com")).toEqual({ ok: true, value: "Email sent" });
    expect(api.requests).toMatchObject([
      {
        method: "POST",
        path: "/users/reset-password",
        body: { email: "alice@example.com" },
        headers: { "content-type": "application/json" },
      },
    ]);
  });

  it.each([{}, { message: "" }, { message: 5 }, null, "<!doctype html>"])(
    "calls the answer %j unexpected",
    async (body) => {
      const { client } = await start(() => ({ status: 200, body }));
      expect(await client.requestReset("a@b")).toMatchObject({ ok: false, problem: { kind: "unexpected" } });
    },
  );

  it.each([
    ["1", "in a second"],
    ["42", "in 42 seconds"],
    ["3600", "in 60 minutes"],
    ["soon", "in a moment"],
    [undefined, "in a moment"],
  ])("says when to try again after too many requests: Retry-After %s", async (retryAfter, when) => {
    const headers = retryAfter === undefined ? {} : { "retry-after": retryAfter };
    const { client } = await start(() => ({ status: 429, body: {}, headers }));
    expect(await client.requestReset("a@b")).toEqual({
      ok: false,
      problem: {
        kind: "too-many",
        title: "Too many requests",
        message: `What you typed is kept: try again ${when}.`,
      },
    });
  });
});

describe("setting a password", () => {
  it("posts the token and the password", async () => {
    const { api, client } = await start(() => ({ status: 200, body: { message: "Password changed" } }));
    expect(await client.setPassword("token-1", " pass word ")).toEqual({
      ok: true,
      value: "Password changed",
    });
    expect(api.requests).toMatchObject([
      {
        method: "POST",
        path: "/users/reset-password/complete",
        body: { token: "token-1", password: " pass word " },
      },
    ]);
  });

  it.each([
    [410, { code: "gone", message: "no" }],
    [400, { code: "invalid", message: "no", field: "token" }],
  ])("knows by status %i a link that is of no use", async (status, error) => {
    const { client } = await start(() => ({ status, body: { error } }));
    expect(await client.setPassword("token-1", "x")).toMatchObject({
      ok: false,
      problem: { kind: "unusable-link" },
    });
  });

  it("leaves a refused password to be put right", async () => {
    const error = { code: "invalid", message: "password is too common", field: "password" };
    const { client } = await start(() => ({ status: 400, body: { error } }));
    expect(await client.setPassword("token-1", "x")).toMatchObject({
      ok: false,
      problem: { kind: "invalid", message: "password is too common", field: "password" },
    });
  });
});
