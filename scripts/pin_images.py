#!/usr/bin/env python3
"""Pins the images that Compose starts and builds on by their digests, as the registry has them now.

    python3 scripts/pin_images.py > docker-compose.override.yml

Compose reads that file beside docker-compose.yml by itself, and JSON is YAML. Run it again for newer images. It needs
`docker compose` and `docker buildx`, and nothing but Python's own library.
"""

import json
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
COMPOSED = (
    "docker",
    "compose",
    "--file",
    "docker-compose.yml",
    "--profile",
    "*",
    "config",
    "--no-interpolate",
    "--format",
    "json",
)
DIGEST = ("docker", "buildx", "imagetools", "inspect", "--format", "{{.Manifest.Digest}}")
BASE = re.compile(r"^ARG (\w+)=(\S+)$", re.MULTILINE)


def main() -> None:
    """Prints the override."""
    bases = {name: pinned(image) for name, image in BASE.findall((ROOT / "Dockerfile").read_text())}
    services: Mapping[str, Any] = json.loads(_said(*COMPOSED))["services"]
    override = {
        name: {"build": {"args": bases}} if "build" in service else {"image": pinned(service["image"])}
        for name, service in services.items()
    }
    print(json.dumps({"services": override}, indent=2))


def pinned(image: str) -> str:
    """Returns the image with its digest, as in "caddy:2-alpine@sha256:…"."""
    return f"{image}@{_said(*DIGEST, image).strip()}"


def _said(*command: str) -> str:
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    main()
