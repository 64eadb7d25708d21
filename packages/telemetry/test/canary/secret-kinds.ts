import { createHash } from "node:crypto";

/** A secret as it stands in a text: all of `secrets` must be gone, whatever stands around them. */
export interface WrittenSecret {
  readonly text: string;
  readonly secrets: readonly string[];
}

type Write = (seed: string) => WrittenSecret;

/** Letters and digits that say nothing: the same for the same seed, different for every other. */
export function createOpaque(seed: string, length = 20): string {
  const digest = createHash("sha256").update(seed).digest("base64").replaceAll(/[+/=]/g, "x");
  // Begins with a letter and holds a capital and a digit, as generated secrets do.
  return `kQ7${digest}`.slice(0, length);
}

function createDigits(seed: string, length: number): string {
  const hex = createHash("sha256").update(seed).digest("hex");
  return BigInt(`0x${hex}`).toString().slice(-length);
}

/** A number of `length` digits that passes the check of ISO/IEC 7812. */
function createCard(seed: string, prefix: string, length: number): string {
  const body = prefix + createDigits(seed, length - prefix.length - 1);
  const sum = body
    .split("")
    .toReversed()
    .reduce((total, digit, index) => {
      const value = Number(digit) * (index % 2 === 0 ? 2 : 1);
      return total + (value > 9 ? value - 9 : value);
    }, 0);
  return `${body}${(10 - (sum % 10)) % 10}`;
}

/** An account number whose check digits are right: https://en.wikipedia.org/wiki/International_Bank_Account_Number */
function createIban(country: string, account: string): string {
  const number = `${account}${country}00`
    .split("")
    .map((sign) => Number.parseInt(sign, 36))
    .join("");
  return `${country}${String(98n - (BigInt(number) % 97n)).padStart(2, "0")}${account}`;
}

const group = (text: string, sizes: readonly number[], separator: string): string => {
  let start = 0;
  return sizes.map((size) => text.slice(start, (start += size))).join(separator);
};
const inFours = (text: string): string => text.replaceAll(/(.{4})(?=.)/g, "$1 ");
const whole = (text: string): WrittenSecret => ({ text, secrets: [text] });
const around =
  (template: string, length = 20): Write =>
  (seed) => {
    const secret = createOpaque(seed, length);
    return { text: template.replace("SECRET", secret), secrets: [secret] };
  };
const base64Url = (text: string): string => Buffer.from(text).toString("base64url");

/** Secrets that a text gives away by their form. */
export const secretKinds: Readonly<Record<string, Write>> = {
  "visa card": (seed) => whole(createCard(seed, "4", 16)),
  "mastercard with spaces": (seed) => whole(group(createCard(seed, "55", 16), [4, 4, 4, 4], " ")),
  "mastercard of the second series": (seed) => whole(createCard(seed, "2720", 16)),
  "amex card with spaces": (seed) => whole(group(createCard(seed, "37", 15), [4, 6, 5], " ")),
  "discover card with dashes": (seed) => whole(group(createCard(seed, "6011", 16), [4, 4, 4, 4], "-")),
  "diners card": (seed) => whole(createCard(seed, "36", 14)),
  "jcb card as a JSON number": (seed) => {
    const card = createCard(seed, "3528", 16);
    return { text: `{"n":${card}}`, secrets: [card] };
  },
  "percent-encoded card": (seed) => whole(group(createCard(seed, "4", 16), [4, 4, 4, 4], "%20")),
  "card behind an underscore": (seed) => {
    const card = createCard(seed, "4", 16);
    return { text: `card_${card}_declined`, secrets: [card] };
  },
  IBAN: (seed) => whole(createIban("DE", createDigits(seed, 18))),
  "IBAN with spaces": (seed) => whole(inFours(createIban("GB", `NWBK${createDigits(seed, 14)}`))),
  "IBAN in small letters": (seed) => whole(createIban("NL", `ABNA${createDigits(seed, 10)}`).toLowerCase()),
  JWT: (seed) => {
    const [payload, signature] = [base64Url(`{"sub":"${createOpaque(seed)}"}`), createOpaque(`${seed} sig`)];
    return { text: `${base64Url('{"alg":"HS256"}')}.${payload}.${signature}`, secrets: [payload, signature] };
  },
  "bearer token": around("Authorization: Bearer SECRET"),
  "bearer token alone": around("sent bearer SECRET"),
  "basic credentials": (seed) => {
    const encoded = Buffer.from(`app:${createOpaque(seed)}`).toString("base64");
    return { text: `Basic ${encoded}`, secrets: [encoded] };
  },
  "authorization of another scheme": around("authorization: ApiKey SECRET"),
  "credentials in an http URL": around("https://app:SECRET@example.com/a"),
  "password with an at sign in an amqp URL": around("amqp://app:a@SECRET@broker:5672/vhost"),
  "password with a slash in a mongodb URL": around("mongodb+srv://app:a/SECRET@db.example.com/shop?w=1"),
  "token in a query": around("GET /a?token=SECRET&page=2"),
  "access token in a relative URL": around("a?page=2&access_token=SECRET"),
  "signature of a signed URL": around("https://s3.example.com/b/k?X-Amz-Expires=60&X-Amz-Signature=SECRET"),
  "signature of an Azure URL": around("https://x.blob.example.com/c?sv=2024&sig=SECRET%3D"),
  "token in a fragment": around("https://example.com/cb#access_token=SECRET&state=1"),
  "quoted query value": around("GET /find?name='SECRET'"),
  "password assigned": around("login failed: password=SECRET user=1"),
  "password in JSON": around('{"user":"x","password":"SECRET"}'),
  "password in JSON inside JSON": around('{"body":"{\\"password\\":\\"SECRET\\"}"}'),
  "password with a prefix": around("DB_PASSWORD=SECRET db_user=x"),
  "password in a connection string": around("Server=db;User Id=app;Password=SECRET;Encrypt=true"),
  "password in a form body": around("name=x&password=SECRET&b=1"),
  "account key": around("DefaultEndpointsProtocol=https;AccountName=x;AccountKey=SECRET;"),
  "second pair of a cookie": around("cookie: theme=dark; sid=SECRET"),
  "set-cookie": around("set-cookie: sid=SECRET; Path=/; HttpOnly"),
  "x-api-key": around("x-api-key: SECRET"),
  "AWS key id": (seed) =>
    whole(
      `AKIA${createOpaque(seed, 16)
        .toUpperCase()
        .replaceAll(/[^A-Z0-9]/g, "X")}`,
    ),
  "AWS secret key": around("aws_secret_access_key = SECRET", 40),
  "GitHub token": around("ghp_SECRET", 36),
  "GitHub fine-grained token": around("github_pat_SECRET", 40),
  "GitLab token": around("glpat-SECRET"),
  "Slack token": around("xoxb-1234567890-SECRET", 24),
  "Slack webhook": around("https://hooks.slack.com/services/T01234567/B01234567/SECRET", 24),
  "Stripe key": around("sk_live_SECRET", 24),
  "Stripe webhook secret": around("whsec_SECRET", 32),
  "Sentry DSN with a secret": around("https://0123456789abcdef:SECRET@o1.ingest.example.com/1"),
  "Sentry auth token": around("sntrys_SECRET", 40),
  "npm token": around("npm_SECRET", 36),
  "Google API key": around("AIzaSECRET", 35),
  "SendGrid key": around("SG.abcdefghijklmnopqrstuv.SECRET", 43),
  "model provider key": around("sk-proj-SECRET", 40),
  "private key": (seed) => {
    const lines = [createOpaque(`${seed} 1`, 40), createOpaque(`${seed} 2`, 40)];
    const text = `-----BEGIN RSA PRIVATE KEY-----\n${lines.join("\n")}\n-----END RSA PRIVATE KEY-----`;
    return { text, secrets: lines };
  },
  "e-mail address": around("mail to anna.SECRET@mail.example.com bounced"),
  "e-mail address with umlauts": around("mail to jörg.SECRET@exämple.de bounced"),
  "percent-encoded e-mail address": around("/user/anna.SECRET%40example.com/profile"),
  "duplicate key": around(
    'E11000 duplicate key error collection: a.b index: c_1 dup key: { c: "x } SECRET" }',
  ),
};

/** Names that tell that what stands under them is secret, whatever its form. */
export const secretNames: readonly string[] = [
  "password",
  "user.password",
  "dbPassword",
  "passphrase",
  "authorization",
  "Proxy-Authorization",
  "cookie",
  "set-cookie",
  "x-api-key",
  "apiKey",
  "accessToken",
  "refresh_token",
  "client_secret",
  "private_key",
  "aws_secret_access_key",
  "cvv",
  "cardNumber",
  "iban",
  "ssn",
  "session.id",
  "connectionString",
  "phone_number",
  "http.request.header.x-forwarded-for",
  "db.query.parameter.0",
];
