# SPDX-License-Identifier: MIT
# An image that holds one static file; an application's image takes it from there:
#
#	COPY --from=groundwork /groundwork /groundwork
#	COPY conf.d /etc/groundwork/conf.d
#	ENTRYPOINT ["/groundwork"]
#	CMD ["my-application"]
#
#	docker build -t groundwork .
#	docker build -t groundwork --platform linux/arm64 .	for arm64, also on amd64
#	docker build --target test .				the tests, of what is in the image

ARG BASE=docker.io/library/debian:bookworm-20250520-slim

# It runs on the machine that builds, and compiles for the one that is asked for.
FROM --platform=$BUILDPLATFORM $BASE AS build
ARG TARGETARCH
WORKDIR /src
RUN apt-get update && apt-get install -y --no-install-recommends make
# What changes seldom comes first, so that it is made seldom.
COPY Makefile .
COPY .ci .ci
RUN make libraries RELEASE="$TARGETARCH"
COPY LICENSE .
COPY src src
RUN make -j2 image RELEASE="$TARGETARCH"

# Not a part of the image: it is built where it is asked for.
FROM build AS test
COPY README.md CHANGELOG.md ./
COPY conf.d conf.d
COPY examples examples
COPY tests tests
RUN make -j2 check-static

FROM scratch
ARG VERSION=0.1.0 REVISION
LABEL org.opencontainers.image.title="groundwork" \
	org.opencontainers.image.description="Lays the ground for an application, then becomes or supervises it" \
	org.opencontainers.image.version="$VERSION" \
	org.opencontainers.image.revision="$REVISION" \
	org.opencontainers.image.licenses="MIT"
COPY --from=build /src/build/image/groundwork /src/build/image/NOTICES /
ENTRYPOINT ["/groundwork"]
