import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig(({ command }) => {
  // Vite keeps a NODE_ENV it finds, so a build started inside a test run would ship React's development build.
  // https://vite.dev/guide/env-and-mode#node-env-and-modes
  if (command === "build") process.env["NODE_ENV"] = "production";
  return {
    root: import.meta.dirname,
    plugins: [react()],
    // Compare sends `default-src 'self'`: files that Vite would inline as data: URLs would be refused.
    build: { assetsInlineLimit: 0 },
  };
});
