export function startBrowserTelemetry(_options?: object): void {}
