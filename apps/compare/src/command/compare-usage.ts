export const compareUsage = `npm run compare -- <order id or trace id> [options]

Compares what two back ends tell of one trace, and explains every difference.

  --left SOURCE     where the left side is read from (default local:sentry)
  --right SOURCE    where the right side is read from (default local:otlp)
  --tolerance MS    milliseconds by which times may differ and still be equal (default 1)
  --wait SECONDS    how long to wait for spans that may still be on their way (default 10)
  --all             print every explained difference, and why it is one
  --json            print the comparison as JSON (docs/compare-json.schema.json)
  --watch           stay, and compare again whenever the trace changes
  --export FORMAT   compare nothing: write the left side's trace in a format that file: reads again,
                    otlp, jaeger-v1, jaeger-v3, sentry or sentry-api
  --help            this text

A SOURCE is
  local:sentry      what compare received as Sentry envelopes
  local:otlp        what compare received as OTLP
  jaeger:URL        a Jaeger, by its query API: jaeger:http://localhost:16686
  sentry:ORG        an organization of Sentry, by its REST API; needs SENTRY_AUTH_TOKEN
  file:PATH         a file in a format that --export writes; file:- is standard input

COMPARE_URL   where compare runs (default http://localhost:8007, where npm start puts it)
COMPARE_PORT  its port, where npm start was given another
NO_COLOR      set it for no colours, FORCE_COLOR for colours; a pipe gets none
COLUMNS       the width of what is printed to a pipe (default 160)
Exit code 0: equal; 1: at least one unexplained difference; 2: could not compare.
`;
