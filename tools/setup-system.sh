#!/usr/bin/env bash
# Install the Debian packages that the tests run for real: setup-system.sh [PACKAGE...] (by default all of them).
# Root installs what is missing; anybody else is told what is missing. No service is started or enabled by it.
# Exit 0; 1 when CI=true and something is missing, or when apt-get fails.
set -euo pipefail

readonly POLICY=${POLICY_RC_D:-/usr/sbin/policy-rc.d} # another place is for the tests
readonly -a EVERYTHING=(
  nginx unbound                   # the lab's servers and resolvers
  iproute2 iptables nftables      # the lab's country and its censor
  procps                          # sysctl, inside the lab's namespaces
  bind9-dnsutils curl openssl     # second opinions on the lab
  faketime                        # a volunteer whose clock is wrong
  tcpdump                         # looks at the lab's packets
  libpcap0.8                      # compiles the packet helper's filters
  libnginx-mod-rtmp ffmpeg srt-tools # cameras' servers by RTMP, HLS and SRT, and what they show
  gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-base gstreamer1.0-plugins-good python3-gi # a camera by RTSP
  prometheus prometheus-alertmanager # promtool too
  victoria-metrics                # takes late samples of any age
  prometheus-blackbox-exporter    # the benchmark's peer
  kannel kannel-extras            # bearerbox, smsbox; fakesmsc is in the extras
  gammu gammu-smsd smstools python3-gammu # other programs for modems: they must take our modem for one, and judge PDUs
  chromium fonts-dejavu-core      # opens the page; the letters of Kazakh
  zbar-tools                      # reads the QR that the station page draws
  shellcheck                      # reads these scripts
)

missing() { # the names among "$@" that are not installed
  local name
  for name in "$@"; do
    [[ $(dpkg-query -W -f '${db:Status-Abbrev}' "$name" 2>/dev/null) == "ii "* ]] || echo "$name"
  done
}

give_up() { # one line; it only fails where nothing may be left out
  echo "setup-system: $1" >&2
  if [[ ${CI:-} == true ]]; then exit 1; fi
  exit 0
}

hold_services() { # invoke-rc.d asks this file before it starts anything; 101 forbids it
  if [[ -e $POLICY ]]; then
    mv "$POLICY" "$POLICY.dabyl-kept"
  fi
  trap 'release_services' EXIT
  printf '#!/bin/sh\nexit 101\n' >"$POLICY"
  chmod 755 "$POLICY"
}

release_services() {
  rm -f "$POLICY"
  if [[ -e $POLICY.dabyl-kept ]]; then
    mv "$POLICY.dabyl-kept" "$POLICY"
  fi
}

keep_off() { # a package enables its service for the next boot; ours are for tests only
  [[ -d /run/systemd/system ]] || return 0
  local unit
  for unit in "$@"; do
    systemctl disable --now "$unit.service" >/dev/null 2>&1 || true # most packages have no service
  done
}

install_packages() {
  export DEBIAN_FRONTEND=noninteractive
  hold_services
  apt-get -q update
  apt-get -q install -y --no-install-recommends -o DPkg::Lock::Timeout=300 "$@"
  keep_off "$@"
}

main() {
  local -a wanted=("$@") absent
  if ! ((${#wanted[@]})); then
    wanted=("${EVERYTHING[@]}")
    # A message centre of other hands; a Node that did not come from Debian brings its own npm.
    command -v npm >/dev/null || wanted+=(nodejs npm)
  fi
  command -v dpkg-query >/dev/null || give_up "not a Debian system; the tests need: ${wanted[*]}"
  mapfile -t absent < <(missing "${wanted[@]}")
  ((${#absent[@]})) || exit 0
  ((EUID == 0)) || give_up "missing, root can install them with apt-get install: ${absent[*]}"
  echo "setup-system: installing ${absent[*]}" >&2
  install_packages "${absent[@]}"
}

main "$@"
