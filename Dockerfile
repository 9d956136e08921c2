# Xiangtu, built and ready to run. With compose.yaml it comes with its database; alone it keeps an embedded one in /data:
#   docker build -t xiangtu . && docker run --rm -p 127.0.0.1:8080:8080 -e OPERATOR_KEY=… -v xiangtu:/data xiangtu

FROM node:24-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --include=dev
COPY vite.config.ts tsconfig.json ./
COPY geo geo
COPY server server
COPY client client
RUN npm run build

FROM node:24-bookworm-slim
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=8080 \
    DATA_DIR=/data \
    NO_OPEN=1
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY package.json ./
COPY geo geo
COPY server server
COPY seeds seeds
COPY --from=build /app/dist dist
# The program's files belong to root and cannot be changed by it; only /data is its own.
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 8080
# The first start migrates and loads the seeds before it answers.
HEALTHCHECK --interval=10s --timeout=5s --start-period=90s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/readyz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
STOPSIGNAL SIGTERM
# No init is needed: the server handles signals itself and waits for the one process that it starts.
CMD ["node", "server/main.ts"]
