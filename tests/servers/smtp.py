"""A mail server for the tests: accepts mail on loopback and keeps each message as a file.

Three ports: plain, STARTTLS and TLS; the last two want the user to log in. What happens to a message depends on its
recipient's address: grey… is refused the first time (451), busy… always (452), refused… for good (550), and cut… is
accepted and stored, but the connection ends before the answer. Everything else is accepted.
"""

import argparse
import itertools
import json
import pathlib
import signal
import ssl

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword


class Mailbox:
    """Stores messages as NNNN.eml with the envelope in NNNN.json, which is written last."""

    numbers = itertools.count(1)
    greylisted = set()

    def __init__(self, folder, port_name):
        self.folder = folder
        self.port_name = port_name

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("refused"):
            return "550 5.1.1 no such mailbox"
        if address.startswith("busy"):
            return "452 4.2.2 mailbox is busy"
        if address.startswith("grey") and address not in self.greylisted:
            self.greylisted.add(address)
            return "451 4.7.1 greylisted, try again later"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server, session, envelope):
        name = f"{next(self.numbers):04}"
        (self.folder / f"{name}.eml").write_bytes(envelope.original_content)
        user = session.auth_data.login.decode() if isinstance(session.auth_data, LoginPassword) else None
        about = {"from": envelope.mail_from, "to": envelope.rcpt_tos, "port": self.port_name, "user": user}
        (self.folder / f"{name}.part").write_text(json.dumps(about))
        (self.folder / f"{name}.part").rename(self.folder / f"{name}.json")
        if any(address.startswith("cut") for address in envelope.rcpt_tos):
            server.transport.abort()
        return f"250 2.0.0 stored as {name}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=pathlib.Path, required=True, help="where messages are kept")
    parser.add_argument("--ready", type=pathlib.Path, required=True, help="a file that is made when all ports listen")
    parser.add_argument("--certificate", required=True, help="PEM file, its key in it")
    parser.add_argument("--user", required=True)
    parser.add_argument("--password", required=True)
    parser.add_argument("--plain", type=int, required=True, help="port")
    parser.add_argument("--starttls", type=int, required=True, help="port")
    parser.add_argument("--tls", type=int, required=True, help="port")
    arguments = parser.parse_args()

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(arguments.certificate)

    def authenticate(server, session, envelope, mechanism, login):
        known = (arguments.user.encode(), arguments.password.encode())
        success = isinstance(login, LoginPassword) and (login.login, login.password) == known
        return AuthResult(success=success, handled=success, auth_data=login if success else None)

    login = {"authenticator": authenticate, "auth_required": True}
    ports = {
        "plain": (arguments.plain, {}),
        "starttls": (arguments.starttls, {"tls_context": context, "require_starttls": True, **login}),
        # The library does not see that TLS is below it, so it must not ask for STARTTLS before a login.
        "tls": (arguments.tls, {"ssl_context": context, "auth_require_tls": False, **login}),
    }
    controllers = []
    for name, (port, options) in ports.items():
        mailbox = Mailbox(arguments.folder, name)
        controller = Controller(mailbox, hostname="127.0.0.1", port=port, server_hostname="localhost", **options)
        controller.start()
        controllers.append(controller)

    stopped = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, stopped)
    arguments.ready.touch()
    signal.sigwait(stopped)
    for controller in controllers:
        controller.stop()


main()
