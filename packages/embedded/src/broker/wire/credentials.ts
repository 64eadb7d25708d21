import { timingSafeEqual } from "node:crypto";
import { ByteReader, ByteWriter } from "../codec/bytes.ts";
import { readTable } from "../codec/table.ts";
import { readText } from "../model/field.ts";

export interface Credentials {
  user: string;
  password: string;
}

/** Reads the response of start-ok. Undefined for a mechanism other than PLAIN and AMQPLAIN. */
export function readCredentials(mechanism: string, response: string): Credentials | undefined {
  if (mechanism === "PLAIN") {
    // RFC 4616: authorisation id, user and password with zero bytes between.
    const [, user = "", password = ""] = response.split("\0");
    return { user, password };
  }
  if (mechanism === "AMQPLAIN") {
    // A field table without its length.
    const sized = new ByteWriter().longString(response).bytes();
    const table = readTable(new ByteReader(sized));
    return { user: readText(table.get("LOGIN")) ?? "", password: readText(table.get("PASSWORD")) ?? "" };
  }
  return undefined;
}

export function isSameCredentials(one: Credentials, other: Credentials): boolean {
  return isSameText(one.user, other.user) && isSameText(one.password, other.password);
}

function isSameText(one: string, other: string): boolean {
  const [bytes, otherBytes] = [Buffer.from(one, "latin1"), Buffer.from(other, "latin1")];
  return bytes.length === otherBytes.length && timingSafeEqual(bytes, otherBytes);
}
