# Private PostgreSQL and MariaDB servers for the tests: own data folders, own ports on loopback, thrown away afterwards.
# Sourced by tests/run, which sets `work` and collects the servers' process ids in `running`.

# Servers refuse to run as root. The words before a command that make it another user's: `setpriv` becomes the command,
# so that a server's process id is the one the shell knows.
set_become() {
    become=()
    if [ "$(id -u)" = 0 ]; then
        become=(setpriv --reuid="$1" --regid="$1" --init-groups --)
    fi
}

# A folder that belongs to the user a server runs as.
folder_for() {
    local user=$1 folder=$2
    mkdir -p "$folder"
    if [ "$(id -u)" = 0 ]; then
        chown "$user" "$folder"
    fi
}

start_postgres() {
    local bin folder="$work/postgres" port become
    set_become postgres
    # Debian keeps each version in its own folder, outside PATH.
    bin=$(find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1)
    bin=${bin:-$(dirname "$(command -v initdb)")}
    port=$(free_port)
    folder_for postgres "$folder"
    echo secret >"$work/postgres-password"
    chmod 644 "$work/postgres-password"
    quietly "${become[@]}" "$bin/initdb" --pgdata="$folder/data" --username=callbrief --no-sync \
        --pwfile="$work/postgres-password" --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8
    "${become[@]}" "$bin/postgres" -D "$folder/data" -p "$port" -c listen_addresses=127.0.0.1 \
        -c unix_socket_directories="$folder" -c fsync=off -c full_page_writes=off \
        >"$work/postgres.log" 2>&1 &
    running+=($!)
    wait_for "PostgreSQL" "$work/postgres.log" "$bin/pg_isready" -q -h 127.0.0.1 -p "$port"
    export CALLBRIEF_TEST_POSTGRES="postgres://callbrief:secret@127.0.0.1:$port/postgres"
}

# Modes in which a server reads SQL otherwise than it usually does. Some sites have them.
UNUSUAL_MODES=ANSI_QUOTES,NO_BACKSLASH_ESCAPES,PAD_CHAR_TO_FULL_LENGTH,HIGH_NOT_PRECEDENCE,ONLY_FULL_GROUP_BY

start_mariadb() {
    local folder="$work/mariadb" user=()
    folder_for mysql "$folder"
    if [ "$(id -u)" = 0 ]; then
        user=(--user=mysql)
    fi
    quietly mariadb-install-db --no-defaults "${user[@]}" --datadir="$folder/data" --skip-test-db \
        --auth-root-authentication-method=normal
    cp -a "$folder/data" "$folder/modes"
    start_mariadbd MARIADB "$folder/data"
    start_mariadbd MARIADB_MODES "$folder/modes" --sql-mode="$UNUSUAL_MODES,EMPTY_STRING_IS_NULL"
}

# Starts the server over a data folder and tells the tests its address.
start_mariadbd() {
    local name=$1 data=$2 port
    shift 2
    port=$(free_port)
    # Debian keeps servers in a folder that only root has in PATH.
    PATH="$PATH:/usr/sbin" mariadbd --no-defaults "${user[@]}" "$@" --datadir="$data" --socket="$data.socket" \
        --port="$port" --bind-address=127.0.0.1 --pid-file="$data.pid" --skip-name-resolve \
        --character-set-server=utf8mb4 --innodb-flush-log-at-trx-commit=0 --innodb-buffer-pool-size=32M \
        >"$data.log" 2>&1 &
    running+=($!)
    wait_for "MariaDB" "$data.log" \
        mariadb --no-defaults --socket="$data.socket" --user=root --execute="SELECT 1"
    quietly mariadb --no-defaults --socket="$data.socket" --user=root --execute="
        CREATE USER callbrief@'127.0.0.1' IDENTIFIED BY 'secret';
        GRANT ALL ON *.* TO callbrief@'127.0.0.1';"
    export "CALLBRIEF_TEST_$name=mysql://callbrief:secret@127.0.0.1:$port/mysql"
}
