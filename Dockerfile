# ubietyd in a small image: docker build -t ubiety . && docker run -p 8000:8000 -v ubiety:/var/lib/ubiety ubiety
# scripts/fresh executes this file without a container engine.
FROM debian:trixie-slim AS build
WORKDIR /build
COPY scripts/setup scripts/setup-web scripts/
COPY web/package.json web/package-lock.json web/.npmrc web/
RUN scripts/setup package
COPY . .
RUN scripts/package

FROM debian:trixie-slim
COPY --from=build /build/build/release/ubiety_*.deb /tmp/ubiety.deb
# The package depends on the libraries that it needs, and creates the user. curl is for the health check.
RUN apt-get update \
 && apt-get install -y --no-install-recommends curl /tmp/ubiety.deb \
 && rm -rf /var/lib/apt/lists/* /tmp/ubiety.deb
USER ubiety
# The embedded store is in data/ below. Nothing else is written, so the root may be read-only.
WORKDIR /var/lib/ubiety
VOLUME /var/lib/ubiety
EXPOSE 8000
# The request stays inside the container, so the certificate need not be for 127.0.0.1.
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s CMD \
  curl --fail --silent --insecure --output /dev/null "http${TLS_CERT:+s}://127.0.0.1:${PORT:-8000}/health/ready"
ENTRYPOINT ["ubietyd"]
