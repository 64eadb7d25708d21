import { expect, test } from "vitest";
import { readSmtpServer } from "../src/smtp/smtp-server.ts";

test.each([
  ["smtp://mail.example", { host: "mail.example", port: 587, secure: false }],
  ["smtp://mail.example:1025", { host: "mail.example", port: 1025, secure: false }],
  ["smtps://mail.example", { host: "mail.example", port: 465, secure: true }],
  ["smtp://[::1]:25", { host: "::1", port: 25, secure: false }],
  [
    "smtps://me%40shop.example:p%3Aw%2F@mail.example?logger=true&debug=true",
    { host: "mail.example", port: 465, secure: true, auth: { user: "me@shop.example", pass: "p:w/" } },
  ],
])("%s", (url, server) => {
  expect(readSmtpServer(url)).toEqual(server);
});
