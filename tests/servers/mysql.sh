# A private MySQL server for the tests, besides MariaDB. Debian's stable release has none, so the one of its unstable
# release is unpacked, with every library it was built with, into a folder that later runs find again: nothing is
# installed. Sourced by tests/run after databases.sh.

# Asks Debian for the packages. apt verifies the release's signature and every checksum; its lists, its cache and its
# idea of what is installed are of this folder alone, so it brings the C library too.
download_mysql() {
    local folder=$1 mirror
    mkdir -p "$folder/state/lists/partial" "$folder/cache/archives/partial"
    : >"$folder/state/status"
    mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' | sed -n 1p)
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${mirror:?is not known} unstable main" \
        >"$folder/sources.list"
    local apt=(apt-get -o "Dir::Etc::SourceList=$folder/sources.list" -o Dir::Etc::SourceParts=/dev/null
        -o Dir::Etc::Preferences=/dev/null -o Dir::Etc::PreferencesParts=/dev/null
        -o "Dir::State=$folder/state" -o "Dir::State::Status=$folder/state/status" -o "Dir::Cache=$folder/cache"
        -o APT::Sandbox::User= -o APT::Update::Error-Mode=any -o Acquire::Languages=none
        -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false -o Acquire::Retries=1 -o Acquire::http::Timeout=20)
    "${apt[@]}" update &&
        "${apt[@]}" install --yes --download-only --no-install-recommends mysql-server-core
}

# Prints the folder with the unpacked server, `usr` in it; fails when it cannot be brought here.
unpacked_mysql() {
    local cache=${XDG_CACHE_HOME:-$HOME/.cache}/callbrief-tests unpacking package
    # A server that root starts runs as another user, who must be able to read its files.
    [ "$(id -u)" != 0 ] || cache=/var/cache/callbrief-tests
    local unpacked="$cache/mysql"
    if [ ! -d "$unpacked" ]; then
        download_mysql "$work/mysql-packages" >"$work/mysql-packages.log" 2>&1 || return 1
        mkdir -p "$cache"
        unpacking=$(mktemp -d "$cache/unpacking.XXXXXX")
        chmod 755 "$unpacking"
        for package in "$work"/mysql-packages/cache/archives/*.deb; do
            # The server's scripts are not used, so their language is not needed.
            [[ $package != */perl* && $package != */libperl* ]] || continue
            dpkg-deb --extract "$package" "$unpacking" || { rm -rf "$unpacking"; return 1; }
        done
        # Another run may have been faster.
        mv --no-target-directory "$unpacking" "$unpacked" 2>/dev/null || rm -rf "$unpacking"
        rm -rf "$work/mysql-packages"
    fi
    echo "$unpacked"
}

start_mysql() {
    local folder="$work/mysql" unpacked port user=()
    if ! unpacked=$(unpacked_mysql); then
        echo "NOT CHECKED: MySQL, because Debian's packages of it cannot be fetched or unpacked here" >&2
        sed 's/^/    /' "$work/mysql-packages.log" | tail -n 5 >&2
        export CALLBRIEF_TEST_MYSQL=none CALLBRIEF_TEST_MYSQL_MODES=none
        return
    fi
    folder_for mysql "$folder"
    [ "$(id -u)" != 0 ] || user=(--user=mysql)
    local libraries=("$unpacked"/usr/lib/*-linux-gnu*)
    local server=("${libraries[0]}"/ld-linux*.so.* --library-path "${libraries[0]}" "$unpacked/usr/sbin/mysqld" --no-defaults
        "${user[@]}" "--basedir=$unpacked/usr" --innodb-redo-log-capacity=8M --innodb-buffer-pool-size=32M)
    cat >"$folder/users.sql" <<'SQL'
CREATE USER IF NOT EXISTS callbrief@'127.0.0.1' IDENTIFIED WITH caching_sha2_password BY 'secret';
GRANT ALL ON *.* TO callbrief@'127.0.0.1';
SQL
    quietly "${server[@]}" --datadir="$folder/data" --initialize-insecure
    cp -a "$folder/data" "$folder/modes"
    rm "$folder/modes/auto.cnf"
    start_mysqld MYSQL "$folder/data"
    start_mysqld MYSQL_MODES "$folder/modes" --sql-mode="$UNUSUAL_MODES"
}

# Starts the server over a data folder and tells the tests its address.
start_mysqld() {
    local name=$1 data=$2 port
    shift 2
    port=$(free_port)
    "${server[@]}" "$@" --datadir="$data" --port="$port" --bind-address=127.0.0.1 --socket="$data.socket" \
        --pid-file="$data.pid" --init-file="$folder/users.sql" --mysqlx=OFF --skip-log-bin --skip-name-resolve \
        --performance-schema=OFF --innodb-flush-log-at-trx-commit=0 --secure-file-priv="" >"$data.log" 2>&1 &
    running+=($!)
    wait_for "MySQL" "$data.log" grep -q "ready for connections" "$data.log"
    export "CALLBRIEF_TEST_$name=mysql://callbrief:secret@127.0.0.1:$port/mysql"
}
