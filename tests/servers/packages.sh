# The Debian packages the tests need; nothing is done when they are there. Sourced by tests/run.

install_packages() {
    local package missing=()
    for package in gcc libc6-dev postgresql mariadb-server python3-aiosmtpd postfix poppler-utils qpdf openssl prometheus \
        faketime; do
        dpkg-query --show --showformat='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    local as_root=()
    [ "$(id -u)" = 0 ] || as_root=(sudo)
    echo "installing ${missing[*]}"
    quietly "${as_root[@]}" apt-get update
    # Postfix is started here, with settings of its own, and must not become the machine's own mail server.
    echo "postfix postfix/main_mailer_type select No configuration" | quietly "${as_root[@]}" debconf-set-selections
    quietly "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install --yes --no-install-recommends "${missing[@]}"
}
