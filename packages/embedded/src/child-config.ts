export type ServerName = "amqp" | "mongo" | "smtp";

export interface ServerConfig {
  name: ServerName;
  /** As many as the server listens on. */
  ports: readonly PortConfig[];
}

interface PortConfig {
  /** 0 is any free port. */
  port: number;
  /** The environment variable the port came from, for error messages. */
  variable: string;
}

const portVariables: Record<ServerName, readonly string[]> = {
  amqp: ["EMBEDDED_AMQP_PORT"],
  mongo: ["EMBEDDED_MONGO_PORT"],
  smtp: ["EMBEDDED_SMTP_PORT", "EMBEDDED_MAILS_PORT"],
};

function isServerName(name: string): name is ServerName {
  return Object.hasOwn(portVariables, name);
}

/** Which servers to start, and where. Throws an error that names the variable and what it may hold. */
export function readChildConfig(env: NodeJS.ProcessEnv): ServerConfig[] {
  const list = env["EMBEDDED_SERVERS"] ?? "amqp,mongo";
  const names = list.split(",").map((name) => name.trim());
  return names.map((name) => {
    if (!isServerName(name)) {
      throw new Error(
        `EMBEDDED_SERVERS=${list}: "${name}" is no server; use amqp, mongo, smtp or several, for example amqp,mongo.`,
      );
    }
    return {
      name,
      ports: portVariables[name].map((variable) => ({ port: readPort(variable, env[variable]), variable })),
    };
  });
}

function readPort(variable: string, value = "0"): number {
  const port = /^\d{1,5}$/.test(value) ? Number(value) : Number.NaN;
  if (port <= 65_535) return port;
  throw new Error(`${variable}=${value}: not a port; use a number from 0 (any free port) to 65535.`);
}
