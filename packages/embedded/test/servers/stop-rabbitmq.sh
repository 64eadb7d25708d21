#!/bin/bash
# Stops the server that start-rabbitmq.sh or start-rabbitmq-trixie.sh started with this folder.
# Usage: stop-rabbitmq.sh FOLDER
set -euo pipefail
. "$(dirname "$0")/rabbitmq-functions.sh"

[ $# -eq 1 ] || fail "Usage: $0 FOLDER"
if [ -d "$1/root/srv/rabbitmq" ]; then
  stop_server "$1/root/srv/rabbitmq" chroot "$1/root"
else
  stop_server "$1"
fi
