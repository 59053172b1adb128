# klark: web, worker, beat and migrate run from this one image.
# scripts/pin_images.py gives these two by their digests.
ARG PYTHON=python:3.11-slim-trixie
ARG UV=ghcr.io/astral-sh/uv:0.13

FROM ${UV} AS uv

FROM ${PYTHON} AS build
COPY --from=uv /uv /usr/local/bin/uv
WORKDIR /srv/klark
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
COPY requirements.txt ./
RUN uv venv && uv pip install --require-hashes --requirements requirements.txt
COPY . .
# production's settings, so that static files get their hashed names; none of these values is kept, and the keys are made here
RUN KLARK_SECRET_KEY="$(.venv/bin/python -c 'import secrets; print(secrets.token_urlsafe(50))')" \
    KLARK_ENCRYPTION_KEYS="build:$(.venv/bin/python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())')" \
    KLARK_URL=https://build.example DATABASE_URL=postgres://build@127.0.0.1/build BROKER_URL=redis://127.0.0.1 \
    .venv/bin/python manage.py collectstatic --noinput

FROM ${PYTHON}
RUN useradd --uid 10001 --home-dir /srv/klark --no-create-home klark
WORKDIR /srv/klark
COPY --from=build /srv/klark /srv/klark
ENV PATH=/srv/klark/.venv/bin:$PATH PYTHONUNBUFFERED=1
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/health/ready', timeout=2)"]
CMD ["python", "manage.py", "serve", "--host", "0.0.0.0"]
