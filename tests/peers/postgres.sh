#!/usr/bin/env bash
# PostgreSQL servers for the tests, each in a folder of its own on a free port of this machine.
#
#   postgres.sh start [KIND]    makes a server and starts it; prints its folder, then its URL
#   postgres.sh halt FOLDER     stops it at once, as a crash would
#   postgres.sh resume FOLDER   starts it again on the same port
#   postgres.sh end FOLDER      stops it and removes the folder
#
# KIND is `plain`, or `tls`: it takes nothing but TLS, under a certificate for "localhost" by the authority in
# FOLDER/ca.pem; or `durable`: what it commits is on the disk, as it has to be where its time is measured.
# PostgreSQL refuses to run as root: then the user of Debian's package runs it.
set -euo pipefail
cd /

programs=$(find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -1)
PATH=${programs:+$programs:}$PATH

as_server() {
  if [ "$(id -u)" = 0 ]; then runuser -u postgres -- env PATH="$PATH" "$@"; else "$@"; fi
}

free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

certificate() {
  local folder=$1 curve=(-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -noenc)
  openssl req -x509 "${curve[@]}" -keyout "$folder/ca.key" -out "$folder/ca.pem" -days 30 -subj /CN=authority
  openssl req -x509 "${curve[@]}" -keyout "$folder/ca.key2" -out "$folder/other.pem" -days 30 -subj /CN=other
  openssl req "${curve[@]}" -keyout "$folder/server.key" -out "$folder/server.csr" -subj /CN=localhost
  echo "subjectAltName = DNS:localhost" >"$folder/server.ext"
  openssl x509 -req -in "$folder/server.csr" -CA "$folder/ca.pem" -CAkey "$folder/ca.key" -CAcreateserial \
    -extfile "$folder/server.ext" -days 30 -out "$folder/server.pem"
}

start() {
  local kind=${1:-plain} folder port host=host
  folder=$(mktemp -d)
  port=$(free_port)
  [ "$(id -u)" != 0 ] || chown postgres "$folder"
  echo hunter2 >"$folder/password"
  chmod 755 "$folder" && chmod 644 "$folder/password"
  as_server initdb --no-sync --username=chart --pwfile="$folder/password" --auth=scram-sha-256 \
    --encoding=UTF8 --locale=C --pgdata="$folder/data" >"$folder/initdb.log" 2>&1
  if [ "$kind" = tls ]; then
    certificate "$folder" >"$folder/openssl.log" 2>&1
    [ "$(id -u)" != 0 ] || chown postgres "$folder/server.key"
    host=hostssl
  fi
  {
    echo "local all all scram-sha-256"
    echo "$host all all 127.0.0.1/32 scram-sha-256"
    echo "$host all all ::1/128 scram-sha-256"
  } | as_server tee "$folder/data/pg_hba.conf" >/dev/null
  {
    echo "port = $port"
    echo "listen_addresses = 'localhost'"
    echo "unix_socket_directories = '$folder'"
    # The disk may forget what a test wrote; and no test waits a whole second for a deadlock to be seen.
    [ "$kind" = durable ] || echo "fsync = off"
    echo "deadlock_timeout = 100ms"
    if [ "$kind" = tls ]; then
      echo "ssl = on"
      echo "ssl_cert_file = '$folder/server.pem'"
      echo "ssl_key_file = '$folder/server.key'"
    fi
  } | as_server tee -a "$folder/data/postgresql.conf" >/dev/null
  resume "$folder"
  printf '%s\npostgres://chart:hunter2@localhost:%s/postgres\n' "$folder" "$port"
}

resume() {
  as_server pg_ctl --pgdata="$1/data" --log="$1/data/server.log" --wait --silent start >&2 </dev/null
}

halt() {
  as_server pg_ctl --pgdata="$1/data" --mode=immediate --wait --silent stop >&2
}

end() {
  halt "$1" || true
  rm -rf "$1"
}

"$@"
