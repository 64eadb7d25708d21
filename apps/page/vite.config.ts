import react from "@vitejs/plugin-react";
import { defaultClientConditions, defineConfig } from "vite";

const webService = "http://127.0.0.1:8006";

export default defineConfig(({ command }) => {
  // Vite keeps a NODE_ENV it finds, so a build started inside a test run would ship React's development build.
  // https://vite.dev/guide/env-and-mode#node-env-and-modes
  if (command === "build") process.env["NODE_ENV"] = "production";
  return {
    root: import.meta.dirname,
    plugins: [react()],
    // Telemetry comes from its sources, so that no package has to be built before the page.
    resolve: { conditions: ["tracebridge-source", ...defaultClientConditions] },
    // The web service sends `default-src 'self'`: files that Vite would inline as data: URLs would be refused.
    build: { assetsInlineLimit: 0 },
    server: {
      proxy: Object.fromEntries(
        ["^/order(/|$)", "^/users/", "^/tb/", "^/config\\.json$"].map((path) => [path, webService]),
      ),
    },
  };
});
