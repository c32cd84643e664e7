"""`dabyl dashboards`: boards, rules and routes as files, or straight into a running Grafana."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from wire.errors import BadInput


def add(commands: Any) -> None:
    """Register the commands."""
    dashboards = commands.add_parser(
        "dashboards", help="Grafana's boards, Prometheus' rules, Alertmanager's routes"
    )
    actions = dashboards.add_subparsers(metavar="ACTION", required=True)
    build = actions.add_parser("build", help="write the files into a folder")
    build.add_argument("--out", type=Path, required=True, metavar="DIR", help="the folder, made when missing")
    build.add_argument(
        "--collector",
        default="http://127.0.0.1:8080",
        metavar="URL",
        help="where Prometheus finds the collector (default: %(default)s)",
    )
    build.add_argument(
        "--gateway",
        default="http://127.0.0.1:8081",
        metavar="URL",
        help="where it, and Alertmanager, find the SMS gateway (default: %(default)s)",
    )
    build.set_defaults(run=run_build)
    deploy = actions.add_parser(
        "deploy",
        help="put datasource, folders and boards into a running Grafana",
        description="Done again, it changes nothing. Without a network, give Grafana the files of 'build'.",
    )
    deploy.add_argument("--grafana", required=True, metavar="URL", help="https://grafana.example")
    deploy.add_argument(
        "--token-file", type=Path, required=True, metavar="FILE", help="a service account's token, mode 0600"
    )
    deploy.set_defaults(run=run_deploy)


def run_build(options: argparse.Namespace) -> int:
    """Write the files and print their paths."""
    from dashboards import render, write

    for path in write(render(options.collector, options.gateway), options.out):
        print(path)
    return 0


def run_deploy(options: argparse.Namespace) -> int:
    """Print each step."""
    try:
        from dashboards.deploy import deploy, read_token
    except ModuleNotFoundError as error:
        raise BadInput("this needs the extra 'deploy': pip install 'dabyl[deploy]'") from error
    for step in deploy(options.grafana, read_token(options.token_file)):
        print(f"{step.done:<10} {step.what}", flush=True)
    return 0
