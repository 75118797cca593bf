# SPDX-License-Identifier: MIT
# An image that holds one static file; an application's image takes it from there:
#
#	COPY --from=groundwork /groundwork /groundwork
#	COPY conf.d /etc/groundwork/conf.d
#	ENTRYPOINT ["/groundwork"]
#	CMD ["my-application"]

FROM debian:bookworm-slim AS build
WORKDIR /src
RUN apt-get update && apt-get install -y --no-install-recommends make
# What changes seldom comes first, so that it is made seldom.
COPY Makefile .
COPY .ci .ci
RUN make build/musl/built
COPY LICENSE .
COPY src src
RUN make -j2 static

FROM scratch
COPY --from=build /src/build/static/groundwork /src/build/static/NOTICES /
ENTRYPOINT ["/groundwork"]
