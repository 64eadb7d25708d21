/** Long enough to be rare, short enough for every secret. */
const HEAD_LENGTH = 8;

/** The forms in which a secret may hide: as it is, escaped, encoded, and a number without its separators. */
function readForms(secret: string): ReadonlySet<string> {
  const bytes = Buffer.from(secret);
  const forms = [
    bytes.toString("latin1"),
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    encodeURIComponent(secret).replaceAll("%20", "+"),
    bytes.toString("hex"),
    ...[0, 1, 2].map((shift) => encodeBase64At(bytes, shift)),
    secret.replaceAll(/[ -]|%20/g, ""),
  ];
  return new Set(forms);
}

/** What of `bytes` is seen in the base64 of a text that holds them `shift` bytes after a multiple of three. */
function encodeBase64At(bytes: Buffer, shift: number): string {
  const encoded = Buffer.concat([Buffer.alloc(shift), bytes])
    .toString("base64")
    .replaceAll("=", "");
  const first = [0, 2, 3][shift] ?? 0;
  return encoded.slice(first, (bytes.length + shift) % 3 === 0 ? undefined : -1);
}

/** Finds which of `needles` occur in the bytes, in whatever form. One pass, however many there are. */
export function findSecrets<Needle extends { readonly secrets: readonly string[] }>(
  bytes: Buffer,
  needles: readonly Needle[],
): Set<Needle> {
  const heads = new Map<string, { form: string; needle: Needle }[]>();
  for (const needle of needles) {
    for (const form of needle.secrets.flatMap((secret) => [...readForms(secret)])) {
      const head = form.slice(0, HEAD_LENGTH);
      heads.set(head, [...(heads.get(head) ?? []), { form, needle }]);
    }
  }
  const text = bytes.toString("latin1");
  const found = new Set<Needle>();
  for (let index = 0; index <= text.length - HEAD_LENGTH; index += 1) {
    for (const { form, needle } of heads.get(text.slice(index, index + HEAD_LENGTH)) ?? []) {
      if (text.startsWith(form, index)) found.add(needle);
    }
  }
  return found;
}
