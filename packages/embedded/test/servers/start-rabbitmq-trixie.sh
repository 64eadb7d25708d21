#!/bin/bash
# Starts the RabbitMQ of Debian 13 (trixie, RabbitMQ 4.0) from a folder made by debootstrap, on loopback only.
# Usage: start-rabbitmq-trixie.sh PORT FOLDER     Needs root. The first run fills FOLDER (about 370 MB, a minute) from
# the Debian mirror apt is configured with. Prints the URL once connections are accepted.
set -euo pipefail
. "$(dirname "$0")/rabbitmq-functions.sh"

# The mirror this machine takes Debian's main packages from.
read_mirror() {
  local codename
  codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
  apt-get indextargets --format '$(RELEASE) $(REPO_URI)' 'Identifier: Packages' 'Component: main' |
    awk -v codename="$codename" '$1 == codename { print $2; exit }'
}

read_proxy() {
  local proxy=''
  eval "$(apt-config shell proxy "Acquire::$1::Proxy")"
  echo "$proxy"
}

make_root() {
  local root=$1 mirror
  command -v debootstrap > /dev/null || fail "debootstrap is missing. Install it with: apt-get install debootstrap"
  mirror=$(read_mirror)
  [ -n "$mirror" ] || fail "apt knows no Debian mirror for this release: check /etc/apt/sources.list*."
  rm -rf "$root.new"
  http_proxy=${http_proxy:-$(read_proxy http)} https_proxy=${https_proxy:-$(read_proxy https)} \
    debootstrap --variant=minbase --include=rabbitmq-server trixie "$root.new" "$mirror" > "$root.log" 2>&1 || {
    tail -n 20 "$root.log" >&2
    fail "debootstrap failed; its log is $root.log."
  }
  # Only a complete system gets the final name.
  mv "$root.new" "$root"
}

[ $# -eq 2 ] || fail "Usage: $0 PORT FOLDER"
check_port "$1"
[ "$(id -u)" = 0 ] || fail "$0 must be run as root: debootstrap and chroot need it."
mkdir -p "$2"
folder=$(realpath "$2")
[ -d "$folder/root" ] || make_root "$folder/root"
mkdir -p "$folder/root/srv/rabbitmq"
SEEN_DATA=/srv/rabbitmq start_server "$1" "$folder/root/srv/rabbitmq" chroot "$folder/root"
