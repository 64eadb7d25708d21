#!/bin/bash
# Starts the RabbitMQ installed on this machine (Debian's package), alone and on loopback only, in the background.
# Usage: start-rabbitmq.sh PORT FOLDER     Prints the URL once connections are accepted. Started twice, it does nothing.
set -euo pipefail
. "$(dirname "$0")/rabbitmq-functions.sh"

[ $# -eq 2 ] || fail "Usage: $0 PORT FOLDER"
check_port "$1"
[ -x /usr/lib/rabbitmq/bin/rabbitmq-server ] ||
  fail "RabbitMQ is not installed. Install it with: apt-get install --no-install-recommends rabbitmq-server"
mkdir -p "$2"
start_server "$1" "$(realpath "$2")"
