//! A mail server for tests, in this process: answers as told, and keeps what it was sent. No TLS.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What the server does instead of its usual answer.
#[derive(Clone, Copy, Debug)]
pub(super) enum Act {
    /// Answers this.
    Say(&'static str),
    /// Says nothing until the client hangs up.
    Silence,
    /// Hangs up.
    Cut,
}

/// What happened: commands, and messages that were read up to their final dot.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) connections: u32,
    pub(super) commands: Vec<String>,
    pub(super) messages: Vec<String>,
}

/// A running server; it ends with the test's runtime.
pub(super) struct Stub {
    pub(super) port: u16,
    pub(super) seen: Arc<Mutex<Seen>>,
}

type Script = Arc<Mutex<Vec<(&'static str, Act)>>>;

impl Stub {
    /// Starts a server. Each entry of the script is used once, by the first command of its name; `CONNECT` is the
    /// greeting and `.` the end of a message.
    pub(super) async fn start(script: &[(&'static str, Act)]) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen = Arc::new(Mutex::new(Seen::default()));
        let (script, shared) = (Arc::new(Mutex::new(script.to_vec())), Arc::clone(&seen));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                shared.lock().unwrap().connections += 1;
                tokio::spawn(converse(stream, Arc::clone(&script), Arc::clone(&shared)));
            }
        });
        Self { port, seen }
    }

    /// The first words of all commands so far.
    pub(super) fn verbs(&self) -> String {
        let seen = self.seen.lock().unwrap();
        let verbs: Vec<_> = seen.commands.iter().filter_map(|command| command.split([' ', ':']).next()).collect();
        verbs.join(" ")
    }
}

async fn converse(stream: TcpStream, script: Script, seen: Arc<Mutex<Seen>>) {
    let mut stream = BufReader::new(stream);
    let mut verb = "CONNECT".to_owned();
    loop {
        let scripted = {
            let mut script = script.lock().unwrap();
            script.iter().position(|(name, _)| *name == verb).map(|index| script.remove(index).1)
        };
        let reply = match scripted.unwrap_or(Act::Say(usual(&verb))) {
            Act::Say(reply) => reply,
            Act::Cut => return,
            Act::Silence => {
                let mut line = String::new();
                while stream.read_line(&mut line).await.is_ok_and(|read| read > 0) {}
                return;
            }
        };
        if stream.get_mut().write_all(format!("{reply}\r\n").as_bytes()).await.is_err() || verb == "QUIT" {
            return;
        }
        let mut line = String::new();
        if verb == "DATA" && reply.starts_with("354") {
            while !line.ends_with("\r\n.\r\n") {
                if stream.read_line(&mut line).await.is_ok_and(|read| read > 0) { continue } else { return }
            }
            seen.lock().unwrap().messages.push(line);
            verb = ".".to_owned();
        } else {
            if !stream.read_line(&mut line).await.is_ok_and(|read| read > 0) {
                return;
            }
            verb = line.split([' ', '\r']).next().unwrap_or_default().to_owned();
            seen.lock().unwrap().commands.push(line.trim_end().to_owned());
        }
    }
}

fn usual(verb: &str) -> &'static str {
    match verb {
        "CONNECT" => "220 stub ESMTP",
        "EHLO" => "250-stub\r\n250-AUTH PLAIN LOGIN\r\n250 8BITMIME",
        "AUTH" => "235 2.7.0 welcome",
        "DATA" => "354 go on",
        "." => "250 2.0.0 queued as 4F2A",
        "QUIT" => "221 bye",
        _ => "250 ok",
    }
}
