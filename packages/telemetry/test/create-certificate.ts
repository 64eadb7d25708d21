import { generateKeyPairSync, sign } from "node:crypto";

/** For a host that exists in tests only, so that no private key is kept in the repository. */
export interface TestCertificate {
  readonly certificate: string;
  readonly key: string;
}

/** Makes a certificate for `localhost` that is its own authority (X.509 v3, RFC 5280). */
export function createCertificate(): TestCertificate {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const ecdsaWithSha256 = sequence(objectId(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));
  const commonName = sequence(objectId(0x55, 0x04, 0x03), encode(0x0c, Buffer.from("localhost")));
  const name = sequence(encode(0x31, commonName));
  const validity = sequence(encodeTime(-1), encodeTime(1));
  const alternativeNames = sequence(encode(0x82, Buffer.from("localhost")));
  const isAuthority = sequence(encode(0x01, Buffer.of(0xff)));
  const extensions = sequence(
    sequence(objectId(0x55, 0x1d, 0x11), encode(0x04, alternativeNames)),
    sequence(objectId(0x55, 0x1d, 0x13), encode(0x04, isAuthority)),
  );
  const content = sequence(
    encode(0xa0, encode(0x02, Buffer.of(2))),
    encode(0x02, Buffer.of(1)),
    ecdsaWithSha256,
    name,
    validity,
    name,
    publicKey.export({ type: "spki", format: "der" }),
    encode(0xa3, extensions),
  );
  const signature = encode(0x03, Buffer.concat([Buffer.of(0), sign("sha256", content, privateKey)]));
  const certificate = sequence(content, ecdsaWithSha256, signature).toString("base64");
  return {
    certificate: `-----BEGIN CERTIFICATE-----\n${certificate}\n-----END CERTIFICATE-----\n`,
    key: String(privateKey.export({ type: "pkcs8", format: "pem" })),
  };
}

/** One value in DER: tag, length, content. */
function encode(tag: number, content: Buffer): Buffer {
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.of(tag, length), content]);
  return Buffer.concat([Buffer.of(tag, 0x82, length >> 8, length & 0xff), content]);
}

function sequence(...parts: Buffer[]): Buffer {
  return encode(0x30, Buffer.concat(parts));
}

function objectId(...bytes: number[]): Buffer {
  return encode(0x06, Buffer.from(bytes));
}

function encodeTime(daysFromNow: number): Buffer {
  const time = new Date(Date.now() + daysFromNow * 86_400_000).toISOString();
  return encode(0x17, Buffer.from(`${time.replaceAll(/[-:T]/g, "").slice(2, 14)}Z`));
}
