# One image for every part of Selvedge. glibc: Temporal's core has no build for musl, so no Alpine.
FROM node:20.20.2-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run build && node scripts/product.mjs /product

FROM node:20.20.2-bookworm-slim AS packages
WORKDIR /product
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

FROM node:20.20.2-bookworm-slim
ENV NODE_ENV=production SELVEDGE_PROFILE=production MALLOC_ARENA_MAX=2
WORKDIR /app
COPY --from=packages /product/node_modules ./node_modules
COPY --from=build /product ./
# What may be written: large documents, kept in a volume.
RUN install -d -o node -g node .selvedge .selvedge/documents
USER node
HEALTHCHECK --interval=10s --timeout=6s --start-period=40s --retries=6 CMD ["node", "scripts/health.mjs"]
ENTRYPOINT ["node", "--enable-source-maps", "dist/bin/selvedge.js"]
CMD ["--help"]
