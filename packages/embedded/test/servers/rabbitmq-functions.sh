# Shared by the start and stop scripts beside it; not run by itself.

fail() {
  echo "$*" >&2
  exit 1
}

check_port() {
  # The node's own port and the port of its epmd follow from the given one, as in RabbitMQ's default (plus 20000).
  case "$1" in
    '' | *[!0-9]*) fail "The first argument must be a port number, not '$1'." ;;
  esac
  [ "$1" -ge 1024 ] && [ "$1" -le 45000 ] || fail "The port must be from 1024 to 45000, not $1."
}

is_listening() {
  (exec 3<> "/dev/tcp/127.0.0.1/$1") 2> /dev/null
}

# is_running DATA: whether the server started with this data folder still lives
is_running() {
  [ -s "$1/server.pid" ] && kill -0 "$(cat "$1/server.pid")" 2> /dev/null
}

# start_server PORT DATA [PREFIX…]: DATA is the folder as this script sees it; SEEN_DATA (default the same) as the
# server sees it; PREFIX is put before every command of the server (chroot).
start_server() {
  local port=$1 data=$2
  shift 2
  local seen=${SEEN_DATA:-$data}
  if is_running "$data"; then
    [ "$(cat "$data/port")" = "$port" ] || fail "A server with $data already runs on port $(cat "$data/port")."
  else
    is_listening "$port" && fail "Port $port is in use by another process: choose another port."
    mkdir -p "$data/home"
    echo "$port" > "$data/port"
    rm -f "$data/server.pid"
    : > "$data/plugins"
    # A fixed limit: the server need not find out how much memory the machine has.
    echo "vm_memory_high_watermark.absolute = 1GB
disk_free_limit.absolute = 50MB
log.file.level = warning" > "$data/rabbitmq.conf"
    setsid nohup "$@" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 HOME="$seen/home" \
      ERL_EPMD_ADDRESS=127.0.0.1 ERL_EPMD_PORT=$((port + 20001)) \
      RABBITMQ_NODE_IP_ADDRESS=127.0.0.1 RABBITMQ_NODE_PORT="$port" RABBITMQ_DIST_PORT=$((port + 20000)) \
      RABBITMQ_NODENAME="tracebridge$port@localhost" \
      RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="-kernel inet_dist_use_interface {127,0,0,1}" \
      RABBITMQ_CONF_ENV_FILE="$seen/none" RABBITMQ_CONFIG_FILE="$seen/rabbitmq.conf" \
      RABBITMQ_ENABLED_PLUGINS_FILE="$seen/plugins" RABBITMQ_MNESIA_BASE="$seen/mnesia" \
      RABBITMQ_LOG_BASE="$seen/log" RABBITMQ_PID_FILE="$seen/server.pid" \
      /usr/lib/rabbitmq/bin/rabbitmq-server > "$data/output.log" 2>&1 < /dev/null &
    wait_until_ready "$port" "$data" $!
  fi
  echo "amqp://guest:guest@127.0.0.1:$port"
}

wait_until_ready() {
  local port=$1 data=$2 launcher=$3 seconds=0
  until is_running "$data" && is_listening "$port"; do
    if ! kill -0 "$launcher" 2> /dev/null || [ $seconds -ge 120 ]; then
      tail -n 20 "$data/output.log" >&2
      fail "RabbitMQ did not start on port $port within $seconds s; its logs are in $data/log."
    fi
    sleep 1
    seconds=$((seconds + 1))
  done
}

# stop_server DATA [PREFIX…]
stop_server() {
  local data=$1 tries=0 pid
  shift
  if is_running "$data"; then
    pid=$(cat "$data/server.pid")
    kill -TERM "$pid"
    while kill -0 "$pid" 2> /dev/null && [ $tries -lt 150 ]; do
      sleep 0.2
      tries=$((tries + 1))
    done
    kill -KILL "$pid" 2> /dev/null || true
  fi
  # The server's own port mapper outlives it; it is asked to end by its port, so no other one is touched.
  [ ! -s "$data/port" ] || ERL_EPMD_PORT=$(($(cat "$data/port") + 20001)) "$@" epmd -kill > /dev/null 2>&1 || true
  rm -f "$data/server.pid" "$data/port"
}
