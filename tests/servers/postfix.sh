# A Postfix for the tests, with a queue and settings of its own and no system service. Sourced by tests/run.
#
# Three ports: one relays everything for this machine to an smtp-sink behind it, which keeps each message as a file; one takes
# this machine for a stranger; one wants STARTTLS first. The domain `mailboxes.example` is its own, with one mailbox.

start_postfix() {
    local folder="$work/postfix"
    mkdir -p "$folder/conf" "$folder/queue" "$folder/data" "$folder/sink"
    chmod 755 "$folder"
    CALLBRIEF_TEST_POSTFIX_PORT=$(free_port)
    CALLBRIEF_TEST_POSTFIX_STRANGER_PORT=$(free_port)
    CALLBRIEF_TEST_POSTFIX_STARTTLS_PORT=$(free_port)
    export CALLBRIEF_TEST_POSTFIX_PORT CALLBRIEF_TEST_POSTFIX_STRANGER_PORT CALLBRIEF_TEST_POSTFIX_STARTTLS_PORT
    export CALLBRIEF_TEST_POSTFIX_SINK="$folder/sink"
    local behind
    behind=$(free_port)

    cat >"$folder/conf/main.cf" <<SETTINGS
compatibility_level = 3.6
queue_directory = $folder/queue
data_directory = $folder/data
maillog_file = $folder/log
maillog_file_prefixes = $folder
myhostname = mail.example.com
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
relayhost = [127.0.0.1]:$behind
alias_maps =
virtual_mailbox_domains = mailboxes.example
virtual_mailbox_maps = inline:{ anna@mailboxes.example=anna }
virtual_transport = smtp
message_size_limit = 100000
smtpd_recipient_restrictions = check_recipient_access inline:{
    { later@example.org = 450 4.7.1 greylisted }
    { full@example.org = 552 5.2.2 mailbox full }
    { moved@example.org = 551 5.1.6 moved away }
    }
smtpd_tls_cert_file = $work/smtp/certificates/server.crt
smtpd_tls_key_file = $work/smtp/certificates/server.key
SETTINGS
    cat >"$folder/conf/master.cf" <<SERVICES
127.0.0.1:$CALLBRIEF_TEST_POSTFIX_PORT inet n - n - - smtpd
127.0.0.1:$CALLBRIEF_TEST_POSTFIX_STRANGER_PORT inet n - n - - smtpd
  -o mynetworks=192.0.2.0/24
127.0.0.1:$CALLBRIEF_TEST_POSTFIX_STARTTLS_PORT inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
tlsmgr unix - - n 1000? 1 tlsmgr
postlog unix-dgram n - n - 1 postlogd
SERVICES

    # As root it wants to know whom to become.
    CALLBRIEF_TEST_SMTP_SINK=/usr/sbin/smtp-sink
    [ "$(id -u)" != 0 ] || CALLBRIEF_TEST_SMTP_SINK+=" -u postfix"
    export CALLBRIEF_TEST_SMTP_SINK
    # Postfix gives up root's rights by itself where they are not needed, so it wants to begin with them.
    local as_root=()
    [ "$(id -u)" = 0 ] || as_root=(sudo)
    "${as_root[@]}" chown postfix "$folder/data" "$folder/sink"
    "${as_root[@]}" /usr/sbin/smtp-sink -u postfix -d "$folder/sink/%M." "127.0.0.1:$behind" 100 >"$folder/sink.log" 2>&1 &
    running+=($!)
    quietly "${as_root[@]}" /usr/sbin/postfix -c "$folder/conf" check
    # Not by way of `postfix start`, of which nothing would be left to be stopped.
    "${as_root[@]}" /usr/lib/postfix/sbin/master -c "$folder/conf" -s >"$work/postfix.log" 2>&1 &
    running+=($!)
    wait_for "Postfix" "$work/postfix.log" \
        bash -c "exec 3<>/dev/tcp/127.0.0.1/$CALLBRIEF_TEST_POSTFIX_STARTTLS_PORT && read -r -t 5 line <&3 && [[ \$line == 220* ]]"
}
