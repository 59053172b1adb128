"""What docs/deployment.md promises of the containers stands in docker-compose.yml, the Caddyfile and the Dockerfile.

Docker itself is not asked: these tests read the files.
"""

import json
import re
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from klark.management.commands.serve import PARTS

ROOT = Path(__file__).resolve().parent.parent
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
OURS = sorted(name for name, service in SERVICES.items() if service["image"] == "klark")
STAY = [name for name in SERVICES if name != "migrate"]


def test_every_process_of_klarks_is_a_service() -> None:
    assert OURS == ["beat", "door", "migrate", "web", "worker"]


@pytest.mark.parametrize("name", SERVICES)
def test_no_service_gains_rights_or_writes_to_its_image(name: str) -> None:
    service = SERVICES[name]
    assert (service["cap_drop"], service["security_opt"], service["read_only"]) == (
        ["ALL"],
        ["no-new-privileges:true"],
        True,
    )
    assert service["pids_limit"] <= 300
    assert "privileged" not in service


@pytest.mark.parametrize("name", OURS)
def test_no_process_of_klarks_has_a_capability_or_fills_the_machine(name: str) -> None:
    service = SERVICES[name]
    assert "cap_add" not in service
    assert [set(each.partition(":")[2].split(",")) >= {"noexec", "nosuid", "nodev"} for each in service["tmpfs"]] == [
        True
    ]
    assert all("size=" in each for each in service["tmpfs"])
    assert re.search(r"\d+[mg]\b", str(service["mem_limit"]))
    assert re.search(r"\d", str(service["cpus"]))
    assert re.search(r"^USER [1-9]\d*$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)


@pytest.mark.parametrize("name", STAY)
def test_every_service_that_stays_says_whether_it_is_well(name: str) -> None:
    service = SERVICES[name]
    own = service.get("healthcheck", {"test": "HEALTHCHECK" in (ROOT / "Dockerfile").read_text() and name in OURS})
    assert own["test"]
    assert service["restart"] == "unless-stopped"


def test_only_the_proxy_is_open_to_the_world() -> None:
    ports = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert ports.pop("caddy") == ["80:80", "443:443"]
    assert {port.split(":")[0] for each in ports.values() for port in each} == {"127.0.0.1"}
    assert set(ports) == {"web", "door"}


def test_the_proxy_sends_webhooks_to_their_own_process_and_the_rest_to_the_admins() -> None:
    assert SERVICES["door"]["command"][:5] == ["python", "manage.py", "serve", "--only", "webhooks"]
    routes = re.findall(
        r"handle ?(\S*) \{.*?reverse_proxy ([\w: ]+?) \{", (ROOT / "deploy/Caddyfile").read_text(), re.DOTALL
    )
    assert routes == [("/webhooks/*", "door:8000 web:8000"), ("", "web:8000")]
    assert [PARTS["webhooks"](path) for path in ("/webhooks/1/", "/health/live", "/admin/")] == [True, True, False]
    assert "--only" not in SERVICES["web"].get("command", ())  # it takes webhooks while the door is away


def test_every_image_of_others_is_pinned_by_one_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    docker = tmp_path / "docker"  # in the place of Docker's own
    said = json.dumps({"services": SERVICES})
    docker.write_text(f"#!/bin/sh\ncase $1 in compose) cat <<'END'\n{said}\nEND\n;; *) echo sha256:0123;; esac\n")
    docker.chmod(docker.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    told = subprocess.run(
        [sys.executable, ROOT / "scripts/pin_images.py"], check=True, capture_output=True, text=True
    ).stdout
    pinned = yaml.safe_load(told)["services"]
    assert set(pinned) == set(SERVICES)
    assert pinned["database"] == {"image": "pgvector/pgvector:pg18@sha256:0123"}
    assert pinned["web"] == {"build": {"args": {
        "PYTHON": "python:3.11-slim-trixie@sha256:0123", "UV": "ghcr.io/astral-sh/uv:0.13@sha256:0123"}}}  # fmt: skip
    bases = re.findall(r"^(?:FROM|COPY --from=)(?: |)(\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert {base for base in bases if base not in {"uv", "build"}} == {"${UV}", "${PYTHON}"}
