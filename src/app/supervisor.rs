//! What the service tells systemd, when that has started it: that it is ready, reads its files anew, lives, ends. A datagram
//! each, to the socket named in the environment; without one nothing is told.

use std::collections::BTreeMap;
use std::os::unix::net::UnixDatagram;
use std::sync::Arc;
use std::time::Duration;

use super::pulse::Pulse;

/// Whoever has started the service and wants to know how it is.
#[derive(Clone, Debug)]
pub(super) struct Supervisor {
    socket: Option<Arc<UnixDatagram>>,
    /// How long it waits for a sign of life.
    patience: Option<Duration>,
}

impl Supervisor {
    /// Who it is stands in the environment.
    pub(super) fn of(environment: &BTreeMap<String, String>) -> Self {
        let socket = environment.get("NOTIFY_SOCKET").and_then(|name| connect(name).ok()).map(Arc::new);
        let patience = environment.get("WATCHDOG_USEC").and_then(|text| text.parse().ok()).map(Duration::from_micros);
        Self { socket, patience: patience.filter(|patience| !patience.is_zero()) }
    }

    pub(super) fn ready(&self) {
        self.tell("READY=1");
    }

    pub(super) fn reloading(&self) {
        self.tell("RELOADING=1");
    }

    pub(super) fn stopping(&self) {
        self.tell("STOPPING=1");
    }

    /// From now on says that the service lives for as long as it does.
    pub(super) fn watch(&self, pulse: Arc<Pulse>) {
        let Some(patience) = self.patience.filter(|_| self.socket.is_some()) else { return };
        let supervisor = self.clone();
        tokio::spawn(async move {
            let mut pause = tokio::time::interval(patience / 2);
            loop {
                pause.tick().await;
                if pulse.complaint().is_none() {
                    supervisor.tell("WATCHDOG=1");
                }
            }
        });
    }

    fn tell(&self, state: &str) {
        if let Some(socket) = &self.socket {
            // A supervisor that is gone needs to know nothing.
            let _ = socket.send(state.as_bytes());
        }
    }
}

/// A name that begins with `@` is one without a file.
fn connect(name: &str) -> std::io::Result<UnixDatagram> {
    let socket = UnixDatagram::unbound()?;
    match name.strip_prefix('@') {
        #[cfg(target_os = "linux")]
        Some(name) => {
            use std::os::linux::net::SocketAddrExt;
            socket.connect_addr(&std::os::unix::net::SocketAddr::from_abstract_name(name)?)?;
        }
        _ => socket.connect(name)?,
    }
    socket.set_nonblocking(true)?;
    Ok(socket)
}

#[cfg(test)]
mod tests {
    use super::super::pulse::Files;
    use super::*;

    fn hear(socket: &UnixDatagram) -> String {
        let mut buffer = [0; 64];
        let length = socket.recv(&mut buffer).unwrap();
        String::from_utf8(buffer[..length].to_vec()).unwrap()
    }

    #[tokio::test]
    async fn systemd_hears_of_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notify");
        let socket = UnixDatagram::bind(&path).unwrap();
        socket.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        let environment = BTreeMap::from([
            ("NOTIFY_SOCKET".to_owned(), path.to_str().unwrap().to_owned()),
            ("WATCHDOG_USEC".to_owned(), "20000".to_owned()),
        ]);
        let supervisor = Supervisor::of(&environment);
        supervisor.ready();
        supervisor.reloading();
        supervisor.stopping();
        assert_eq!([hear(&socket), hear(&socket), hear(&socket)], ["READY=1", "RELOADING=1", "STOPPING=1"]);
        supervisor.watch(Arc::new(Pulse::new(Files::InUse)));
        let heard = tokio::task::spawn_blocking(move || [hear(&socket), hear(&socket)]).await.unwrap();
        assert_eq!(heard, ["WATCHDOG=1", "WATCHDOG=1"]);
        // Without a supervisor there is nobody to tell.
        Supervisor::of(&BTreeMap::new()).ready();
    }
}
