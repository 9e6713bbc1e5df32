//! A mail server that keeps count: it takes messages and remembers their ids, and refuses every twentieth for the time being.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use super::Taken;

/// Every so many messages one is refused for the time being: five in a hundred.
const REFUSES_EVERY: usize = 20;

/// The server, on a port of its own.
pub(super) struct Sink {
    port: u16,
    counts: Arc<Counts>,
}

#[derive(Default)]
struct Counts {
    offered: AtomicUsize,
    refused: AtomicUsize,
    taken: Mutex<Taken>,
}

impl Sink {
    pub(super) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (port, counts) = (listener.local_addr().unwrap().port(), Arc::new(Counts::default()));
        let all = Arc::clone(&counts);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let counts = Arc::clone(&all);
                // A client that is killed ends its thread with an error; that is all it is.
                std::thread::spawn(move || drop(converse(&stream, &counts)));
            }
        });
        Self { port, counts }
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    pub(super) fn refused(&self) -> usize {
        self.counts.refused.load(Ordering::SeqCst)
    }

    pub(super) fn taken(&self) -> Taken {
        self.counts.taken.lock().unwrap().clone()
    }
}

fn converse(stream: &TcpStream, counts: &Counts) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut out = stream;
    let mut lines = BufReader::new(stream);
    out.write_all(b"220 sink\r\n")?;
    let mut line = Vec::new();
    while next(&mut lines, &mut line)? {
        let verb: String = line.iter().take(4).map(|byte| char::from(byte.to_ascii_uppercase())).collect();
        let answer: &[u8] = match verb.as_str() {
            "EHLO" => b"250-sink\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n",
            "RCPT" => {
                if counts.offered.fetch_add(1, Ordering::SeqCst) % REFUSES_EVERY == REFUSES_EVERY - 1 {
                    counts.refused.fetch_add(1, Ordering::SeqCst);
                    b"451 4.3.0 not now\r\n"
                } else {
                    b"250 ok\r\n"
                }
            }
            "DATA" => {
                out.write_all(b"354 go on\r\n")?;
                let Some(id) = message(&mut lines, &mut line)? else { return Ok(()) };
                // Counted before the answer: who does not hear it has sent it all the same.
                *counts.taken.lock().unwrap().entry(id).or_default() += 1;
                b"250 2.0.0 taken\r\n"
            }
            "QUIT" => return out.write_all(b"221 bye\r\n"),
            _ => b"250 ok\r\n",
        };
        out.write_all(answer)?;
    }
    Ok(())
}

fn next(lines: &mut impl BufRead, line: &mut Vec<u8>) -> std::io::Result<bool> {
    line.clear();
    Ok(lines.read_until(b'\n', line)? > 0)
}

/// Reads a message to its end; its id, or none when the client went away before the end.
fn message(lines: &mut impl BufRead, line: &mut Vec<u8>) -> std::io::Result<Option<String>> {
    let mut id = None;
    while next(lines, line)? {
        if line == b".\r\n" {
            return Ok(Some(id.unwrap_or_default()));
        }
        let text = String::from_utf8_lossy(line);
        if let (None, Some((name, value))) = (&id, text.split_once(':'))
            && name.eq_ignore_ascii_case("message-id")
        {
            id = Some(value.trim().to_owned());
        }
    }
    Ok(None)
}
