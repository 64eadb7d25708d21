import { START } from "./card-number.ts";

const body = (prefix: string, signs: string, least: number): string => `${prefix}[${signs}]{${least},}`;

/** What the issuers of keys and tokens begin them with, so that they can be found. */
const FORMATS = [
  body("(?:sk|pk|rk)_(?:live|test)_", String.raw`\w`, 8), // Stripe
  body("whsec_", String.raw`\w`, 16),
  body("gh[pousr]_", String.raw`\w`, 20), // GitHub
  body("github_pat_", String.raw`\w`, 20),
  body("glpat-", String.raw`\w-`, 16), // GitLab
  body("xox[a-z]-", String.raw`\w-`, 10), // Slack
  body("xapp-", String.raw`\w-`, 10),
  body("(?:AKIA|ASIA)", "0-9A-Z", 16), // AWS
  body("AIza", String.raw`\w-`, 30), // Google
  body(String.raw`ya29\.`, String.raw`\w-`, 20),
  body("npm_", "A-Za-z0-9", 30),
  body("pypi-", String.raw`\w-`, 40),
  body(String.raw`SG\.[\w-]{16,64}\.`, String.raw`\w-`, 16), // SendGrid
  body(String.raw`sk-(?=[\w-]{0,40}\d)`, String.raw`\w-`, 20), // providers of models
  body("sntry[su]_", String.raw`\w=+/-`, 20), // Sentry
  body(String.raw`hvs\.`, String.raw`\w-`, 20), // HashiCorp
  body("dop_v1_", "0-9a-f", 40), // DigitalOcean
  body("shp(?:at|ca|pa|ss)_", "0-9a-f", 20), // Shopify
  // A JSON object in base64: a JWT, signed (three parts) or encrypted (five). https://www.rfc-editor.org/rfc/rfc7519
  String.raw`eyJ[\w-]{16,}(?:\.[\w-]*){0,4}`,
];

export const TOKEN = new RegExp(`${START}(?:${FORMATS.join("|")})`, "g");

/** The end may be missing: the text was cut. */
export const PRIVATE_KEY =
  /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----(?:[^-]|-(?!----))*(?:-----END [A-Z ]{0,30}PRIVATE KEY-----)?/g;

/** Whoever knows the path may write: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks */
export const WEBHOOK =
  /(hooks\.slack\.com\/(?:services|workflows|triggers)\/|discord(?:app)?\.com\/api\/webhooks\/)[\w/-]+/g;
