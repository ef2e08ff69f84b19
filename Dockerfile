FROM python:3.11-slim-bookworm
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app
COPY requirements.lock .
RUN pip install --no-cache-dir --require-hashes -r requirements.lock
COPY . .
# Static files are collected at build time into the image; the data volume holds what people make.
RUN useradd --create-home kaiji && mkdir /data && chown kaiji /data \
    && SECRET_KEY=build KAIJI_DATA=/tmp/build STATIC_ROOT=/app/collected python manage.py collectstatic --noinput -v 0 \
    && rm -rf /tmp/build
ENV STATIC_ROOT=/app/collected
USER kaiji
EXPOSE 8000
