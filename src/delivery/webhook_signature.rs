//! The signature of a webhook's message: who has the secret can see that callbrief sent it, and when.

use std::fmt::Write;

use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

/// The header it stands in.
pub const SIGNATURE_HEADER: &str = "Callbrief-Signature";

/// `t=<seconds since 1970>,v1=<hex>`: the HMAC-SHA256, keyed with the secret, of the seconds, a full stop and the body. The
/// receiver computes the same, compares in constant time and refuses seconds that are long ago, so that a message that was
/// overheard cannot be told again.
pub fn signature(secret: &SecretString, now: DateTime<Utc>, body: &[u8]) -> String {
    let seconds = now.timestamp();
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes())
        // Invariant: HMAC takes keys of any length.
        .expect("a key of any length");
    mac.update(format!("{seconds}.").as_bytes());
    mac.update(body);
    let mut header = format!("t={seconds},v1=");
    for byte in mac.finalize().into_bytes() {
        // Writing into a String cannot fail.
        let _ = write!(header, "{byte:02x}");
    }
    header
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_what_another_program_computes() {
        // printf '1795392000.{"version":1}' | openssl dgst -sha256 -hmac 'a secret'
        let expected = "t=1795392000,v1=c478360c54812a0917bc5a129c40a814c8252200b045b0d82709e4b03c486df9";
        let now = DateTime::from_timestamp(1_795_392_000, 0).unwrap();
        assert_eq!(signature(&SecretString::from("a secret"), now, b"{\"version\":1}"), expected);
        let check = |secret: &str, seconds: i64, body: &[u8]| {
            let now = DateTime::from_timestamp(1_795_392_000 + seconds, 0).unwrap();
            assert_ne!(signature(&SecretString::from(secret), now, body)[13..], expected[13..]);
        };
        check("another secret", 0, b"{\"version\":1}");
        check("a secret", 1, b"{\"version\":1}");
        check("a secret", 0, b"{\"version\":2}");
    }
}
