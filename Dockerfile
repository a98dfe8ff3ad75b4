# ubietyd in a small image: docker build -t ubiety . && docker run -p 8000:8000 -v ubiety:/var/lib/ubiety ubiety
FROM debian:bookworm-slim AS build
WORKDIR /build
COPY scripts/setup scripts/setup-web scripts/
COPY web/package.json web/package-lock.json web/.npmrc web/
RUN scripts/setup run
COPY . .
RUN scripts/build release ubietyd && strip build/release/ubietyd

FROM debian:bookworm-slim
# What `readelf -d ubietyd` needs, and curl for the health check.
RUN apt-get update \
 && apt-get install -y --no-install-recommends \
      curl libcaf-core0.17 libcurl4 libfmt9 libhttp-parser2.9 libjemalloc2 libpq5 libpqxx-6.4 libprometheus-cpp-core1.0 \
      libsimdjson14 libsqlite3-0 libssl3 zlib1g \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --home-dir /var/lib/ubiety --create-home ubiety
COPY --from=build /build/build/release/ubietyd /usr/local/bin/ubietyd
USER ubiety
# The embedded store is in data/ below; nothing else is written, so the root may be read-only.
WORKDIR /var/lib/ubiety
VOLUME /var/lib/ubiety
EXPOSE 8000
# It asks itself, so its certificate need not be for 127.0.0.1.
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s CMD \
  curl --fail --silent --insecure --output /dev/null "http${TLS_CERT:+s}://127.0.0.1:${PORT:-8000}/health/ready"
ENTRYPOINT ["ubietyd"]
