# One image for every service; the command chooses which. Sources run as they are: Node strips the types.
#   docker build -t tracebridge:local .
# Behind a registry of your own: docker build --secret id=npmrc,src=$HOME/.npmrc -t tracebridge:local .

FROM node:24.21.0-trixie-slim AS node
WORKDIR /app

# What npm reads and nothing else, so that npm runs again only when one of these files changes.
FROM node AS manifests
COPY package.json package-lock.json .npmrc ./
COPY apps apps
COPY packages packages
RUN find apps packages -depth \( -type f ! -name package.json -o -type d -empty \) -delete

FROM node AS pages
COPY --from=manifests /app ./
RUN --mount=type=secret,id=npmrc,target=/root/.npmrc \
    npm ci --ignore-scripts --workspace @tracebridge/page --workspace @tracebridge/compare-page
COPY tsconfig.base.json ./
COPY packages/telemetry packages/telemetry
COPY apps/page apps/page
COPY apps/compare/src/trace apps/compare/src/trace
COPY apps/compare-page apps/compare-page
RUN npm run build --workspace @tracebridge/page --workspace @tracebridge/compare-page

FROM node AS dependencies
COPY --from=manifests /app ./
# Source maps and type declarations are half of node_modules, and nothing reads them at run time.
RUN --mount=type=secret,id=npmrc,target=/root/.npmrc \
    npm ci --omit=dev --ignore-scripts --workspace @tracebridge/web --workspace @tracebridge/order \
      --workspace @tracebridge/factory --workspace @tracebridge/mailer --workspace @tracebridge/compare \
    && find node_modules -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -delete

FROM node
ENV NODE_ENV=production HOST=0.0.0.0
# A new volume takes its owner from the folder it is first mounted on: /data is compare's, /volumes those of the
# collector and of Jaeger, whose images have no such folders (see msVolumes in docker-compose.yaml).
RUN install -d -o node -g node /data \
    && install -d -o 10001 -g 10001 /volumes/collector /volumes/jaeger
COPY --from=dependencies /app ./
COPY packages/receivers packages/receivers
COPY packages/comparison packages/comparison
COPY packages/telemetry packages/telemetry
COPY packages/service packages/service
COPY apps/compare apps/compare
COPY apps/web apps/web
COPY apps/order apps/order
COPY apps/factory apps/factory
COPY apps/mailer apps/mailer
COPY deploy/image deploy/image
COPY --from=pages /app/apps/page/dist apps/page/dist
COPY --from=pages /app/apps/compare-page/dist apps/compare-page/dist
USER node
# Node is PID 1: every program started here listens for SIGTERM itself and drains.
ENTRYPOINT ["node", "--conditions=tracebridge-source"]
