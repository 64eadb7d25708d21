import {
  MongoInvalidArgumentError,
  MongoNetworkError,
  MongoNotConnectedError,
  MongoServerError,
  MongoServerSelectionError,
  MongoTopologyClosedError,
} from "mongodb";
import { expect, test } from "vitest";
import { isDatabaseOutage } from "./outage.ts";

test.each([
  new MongoNetworkError("connection closed"),
  new MongoNotConnectedError("not connected"),
  new MongoTopologyClosedError("closed"),
  new MongoServerSelectionError("no server", {} as never),
  new MongoServerError({ message: "shutting down", code: 91 }),
  new MongoServerError({ message: "not primary", code: 10_107 }),
  Object.assign(new Error("This socket has been ended by the other party"), { code: "EPIPE" }),
])("a database that cannot work now is an outage: $message", (error) => {
  expect(isDatabaseOutage(error)).toBe(true);
});

test.each([
  new MongoServerError({ message: "duplicate key", code: 11_000 }),
  new MongoServerError({ message: "unknown operator", code: 2 }),
  new MongoInvalidArgumentError("a filter is needed"),
  new Error("connection closed"),
])("a refusal, a mistake of ours or another error is none: $message", (error) => {
  expect(isDatabaseOutage(error)).toBe(false);
});
