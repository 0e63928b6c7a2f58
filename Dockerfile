# MoAI in a container; docs/OPERATIONS.md tells how it is run.

FROM python:3.11-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
# pip stays outside: what runs needs none.
RUN python -m venv --without-pip /opt/moai
WORKDIR /build
# What is pinned changes seldom, so its layer is kept.
COPY requirements-postgresql.lock ./
RUN python -m pip --python /opt/moai/bin/python install --require-hashes -r requirements-postgresql.lock
COPY pyproject.toml README.md ./
COPY migrations migrations
COPY src src
RUN python -m pip --python /opt/moai/bin/python install --no-deps --no-build-isolation .

FROM python:3.11-slim
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /data --shell /usr/sbin/nologin moai \
    && install --directory --owner=moai --group=moai --mode=0700 /data
COPY --from=build /opt/moai /opt/moai
ENV PATH="/opt/moai/bin:$PATH" \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DATABASE_URL=sqlite+aiosqlite:////data/moai.db \
    MOAI_METRICS_PORT=9464
WORKDIR /data
VOLUME /data
USER moai
# 503 and silence both end this with an error.
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen('http://127.0.0.1:' + os.environ['MOAI_METRICS_PORT'] + '/healthz', timeout=8)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["moai"]
CMD ["run"]
