"""The local servers that both sides talk to, and blackbox_exporter, in a folder that goes away."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec import Struct

from dabyl.system import SystemClock
from tests.lab.authority import make_authority
from tests.servers.processes import free_ports

NAME = "bench.example"
RESOLVER = "127.0.0.77"
_NGINX = """
daemon off; user root; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 4096; }}
http {{
  access_log off; keepalive_requests 100000;
  client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
  uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
  server {{ listen 127.0.0.1:{tls} ssl;
    ssl_certificate {folder}/leaf.pem; ssl_certificate_key {folder}/leaf.pem; ssl_session_cache off;
    ssl_session_tickets off; root {folder}/www; }}
}}
"""
_UNBOUND = """
server:
  interface: {resolver}
  access-control: 127.0.0.0/8 allow
  do-daemonize: no
  chroot: ""
  username: ""
  pidfile: "{folder}/unbound.pid"
  use-syslog: no
  local-zone: "{name}." static
  local-data: "{name}. A 127.0.0.1"
remote-control:
  control-enable: no
"""
_BLACKBOX = """
modules:
  https: {{prober: http, timeout: 5s, http: {{
    preferred_ip_protocol: ip4, tls_config: {{ca_file: {folder}/ca.pem}}}}}}
  tcp: {{prober: tcp, timeout: 5s}}
  dns: {{prober: dns, timeout: 5s, dns: {{query_name: {name}, query_type: A, preferred_ip_protocol: ip4}}}}
"""


# In a mount namespace of its own, so that it asks our resolver, as the probe does.
_ASK_US = (
    "mount --bind {folder}/resolv.conf /etc/resolv.conf && exec prometheus-blackbox-exporter"
    " --config.file={folder}/blackbox.yml --web.listen-address=127.0.0.1:{port}"
)


class Bench(Struct, frozen=True, kw_only=True):
    """Where everything listens, and blackbox_exporter's process."""

    folder: Path
    tls_port: int
    blackbox_port: int
    blackbox_pid: int

    def blackbox(self, module: str, target: str) -> str:
        """The address that makes blackbox_exporter check a target."""
        return f"http://127.0.0.1:{self.blackbox_port}/probe?module={module}&target={target}"


@contextmanager
def bench() -> Iterator[Bench]:
    """A 2 KB page over TLS by nginx, unbound that knows its name, blackbox_exporter."""
    with TemporaryDirectory(prefix="dabyl-bench-") as name:
        folder = Path(name)
        tls, blackbox = free_ports(2)
        _write_files(folder, tls)
        started = [_start(argv) for argv in _commands(folder, blackbox)]
        try:
            for port in (tls, blackbox):
                wait_for(port)
            time.sleep(0.5)
            yield Bench(folder=folder, tls_port=tls, blackbox_port=blackbox, blackbox_pid=started[2].pid)
        finally:
            for process in started:
                process.terminate()
                process.wait()


def _write_files(folder: Path, tls: int) -> None:
    authority = make_authority("Bench", SystemClock().now())
    (folder / "www").mkdir()
    (folder / "www" / "index.html").write_text(f"<title>Bench</title>{'x' * 2000}", encoding="ascii")
    (folder / "ca.pem").write_bytes(authority.root.pem)
    (folder / "leaf.pem").write_bytes(authority.leaf(NAME))
    (folder / "resolv.conf").write_text(f"nameserver {RESOLVER}\n", encoding="ascii")
    for file, text in (("nginx.conf", _NGINX), ("unbound.conf", _UNBOUND), ("blackbox.yml", _BLACKBOX)):
        filled = text.format(folder=folder, tls=tls, resolver=RESOLVER, name=NAME)
        (folder / file).write_text(filled, encoding="ascii")


def _commands(folder: Path, blackbox: int) -> list[list[str]]:
    return [
        ["nginx", "-c", f"{folder}/nginx.conf", "-p", str(folder)],
        ["unbound", "-c", f"{folder}/unbound.conf"],
        ["unshare", "--mount", "sh", "-c", _ASK_US.format(folder=folder, port=blackbox)],
    ]


def _start(argv: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def wait_for(port: int, seconds: float = 10) -> None:
    """Until something listens; raises `TimeoutError`."""
    for _ in range(int(seconds * 20)):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"nothing listens on port {port}")
