# A mail server for the tests, with a certificate of its own authority. Sourced by tests/run.

# Makes an authority, a certificate for `localhost` that it signed, both for two days, and two that are wrong.
make_certificate() {
    local folder=$1
    mkdir -p "$folder"
    quietly openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
        -subj "/CN=callbrief test authority" -keyout "$folder/ca.key" -out "$folder/ca.pem"
    quietly openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
        -subj "/CN=localhost" -keyout "$folder/server.key" -out "$folder/server.csr"
    printf 'subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n' >"$folder/server.ext"
    sign() {
        quietly openssl x509 -req -days "$1" -in "$folder/server.csr" -CA "$folder/ca.pem" -CAkey "$folder/ca.key" \
            -CAcreateserial -extfile "$2" -out "$folder/$3.crt"
        cat "$folder/$3.crt" "$folder/server.key" >"$folder/$3.pem"
    }
    sign 2 "$folder/server.ext" server
    sign -1 "$folder/server.ext" expired
    sed 's/^subjectAltName=.*/subjectAltName=DNS:other.example/' "$folder/server.ext" >"$folder/other.ext"
    sign 2 "$folder/other.ext" other-host
}

start_smtp() {
    local folder="$work/smtp"
    make_certificate "$folder/certificates"
    mkdir -p "$folder/mail"
    export CALLBRIEF_TEST_SMTP_HOST=localhost
    CALLBRIEF_TEST_SMTP_PLAIN_PORT=$(free_port)
    CALLBRIEF_TEST_SMTP_STARTTLS_PORT=$(free_port)
    CALLBRIEF_TEST_SMTP_TLS_PORT=$(free_port)
    export CALLBRIEF_TEST_SMTP_PLAIN_PORT CALLBRIEF_TEST_SMTP_STARTTLS_PORT CALLBRIEF_TEST_SMTP_TLS_PORT
    export CALLBRIEF_TEST_SMTP_USER=callbrief
    export CALLBRIEF_TEST_SMTP_PASSWORD="pass word: ünïcode"
    export CALLBRIEF_TEST_SMTP_CA="$folder/certificates/ca.pem"
    export CALLBRIEF_TEST_SMTP_FOLDER="$folder/mail"
    # Debian's own Python, whatever other one stands first in PATH: its packages are Debian's.
    /usr/bin/python3 tests/servers/smtp.py --folder "$folder/mail" --ready "$folder/ready" \
        --certificate "$folder/certificates/server.pem" \
        --user "$CALLBRIEF_TEST_SMTP_USER" --password "$CALLBRIEF_TEST_SMTP_PASSWORD" \
        --plain "$CALLBRIEF_TEST_SMTP_PLAIN_PORT" --starttls "$CALLBRIEF_TEST_SMTP_STARTTLS_PORT" \
        --tls "$CALLBRIEF_TEST_SMTP_TLS_PORT" >"$work/smtp.log" 2>&1 &
    running+=($!)
    wait_for "the mail server" "$work/smtp.log" test -e "$folder/ready"
}
