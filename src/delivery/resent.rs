//! A message sent again: the archived bytes under a new identity. The body and every other header stay as they were; the
//! new message refers to the old one, so that mail programs show them together.

use chrono::{DateTime, Utc};
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};

use super::message::{BuiltMessage, MessageError, message_id};
use super::{Contact, Origin};

/// A message to be sent again.
#[derive(Clone, Copy, Debug)]
pub struct Again<'a> {
    /// The bytes that were sent.
    pub original: &'a [u8],
    /// Its Message-ID, with angle brackets.
    pub original_id: &'a str,
    /// Where bounces go.
    pub envelope_from: &'a str,
    /// The recipient of then.
    pub recipient: &'a str,
    /// Who gets it instead.
    pub instead: Option<&'a Contact>,
    /// What it belongs to, with the new generation.
    pub origin: &'a Origin,
    /// The `Date` header.
    pub date: DateTime<Utc>,
}

/// Tells readers which sending of the message this is.
const GENERATION: &str = "X-Callbrief-Generation";

/// Makes the message that repeats another one.
pub fn resent(again: &Again<'_>) -> Result<BuiltMessage, MessageError> {
    let to = match again.instead {
        Some(contact) => contact.clone(),
        None => Contact { name: None, address: again.recipient.to_owned() },
    };
    let address = to.checked_address()?;
    let from = Contact::parse(again.envelope_from)?;
    let message_id = message_id(again.origin, &to.address, from.domain());
    let generation = HeaderName::new_from_ascii_str(GENERATION);
    // The library writes names and dates as headers need them.
    let new = Message::builder()
        .from(Mailbox::new(None, from.checked_address()?))
        .to(Mailbox::new(to.clean_name(), address.clone()))
        .date(again.date.into())
        .message_id(Some(message_id.clone()))
        .in_reply_to(again.original_id.to_owned())
        .references(again.original_id.to_owned())
        .raw_header(HeaderValue::new(generation, again.origin.generation.to_string()))
        .body(String::new())?
        .formatted();
    let is_new = |line: &&[u8]| match header_name(line).as_str() {
        "message-id" | "date" | "in-reply-to" | "references" | "x-callbrief-generation" => true,
        "to" => again.instead.is_some(),
        _ => false,
    };
    // Whoever gets it instead could end what somebody else gets.
    let is_kept = |line: &&[u8]| {
        let name = header_name(line);
        !(again.instead.is_some() && ["list-unsubscribe", "list-unsubscribe-post"].contains(&name.as_str()))
    };
    let (head, body) = split(again.original);
    let (new_head, _) = split(&new);
    let mut bytes = Vec::with_capacity(again.original.len() + 400);
    for line in
        header_lines(new_head).filter(is_new).chain(header_lines(head).filter(|line| !is_new(line) && is_kept(line)))
    {
        bytes.extend_from_slice(line);
    }
    bytes.extend_from_slice(b"\r\n");
    bytes.extend_from_slice(body);
    Ok(BuiltMessage {
        bytes,
        envelope_from: again.envelope_from.to_owned(),
        envelope_to: address.to_string(),
        message_id,
    })
}

/// A message's headers, each with its line break, and its body.
pub(super) fn split(message: &[u8]) -> (&[u8], &[u8]) {
    match message.windows(4).position(|window| window == b"\r\n\r\n") {
        Some(end) => (&message[..end + 2], &message[end + 4..]),
        None => (message, &[]),
    }
}

/// Each header with the lines that continue it.
pub(super) fn header_lines(head: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = head;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let is_end = |at: &usize| rest[..*at].ends_with(b"\r\n") && !matches!(rest.get(*at), Some(b' ' | b'\t'));
        let end = (1..=rest.len()).find(is_end).unwrap_or(rest.len());
        let (line, after) = rest.split_at(end);
        rest = after;
        Some(line)
    })
}

/// A header's name in small letters.
pub(super) fn header_name(line: &[u8]) -> String {
    let name = line.split(|byte| *byte == b':').next().unwrap_or_default();
    String::from_utf8_lossy(name).trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::{Mail, build};

    #[test]
    fn the_body_stays_and_the_identity_is_new() {
        let origin = |generation| Origin { report: "weekly".to_owned(), period: "2026-W46".to_owned(), generation };
        let original = build(&Mail {
            from: Contact::parse("Отчёты <reports@example.com>").unwrap(),
            to: Contact::parse("Анна <anna@example.org>").unwrap(),
            subject: "Неделя 46 и очень длинная тема, которая не помещается в одну строку".to_owned(),
            text: "Message-ID: <in the body>\n".to_owned(),
            html: None,
            images: Vec::new(),
            attachments: Vec::new(),
            origin: origin(0),
            thread: Vec::new(),
            unsubscribe: None,
            date: DateTime::from_timestamp(1_763_355_600, 0).unwrap(),
        })
        .unwrap();
        let again = |instead: Option<&Contact>, generation| {
            resent(&Again {
                original: &original.bytes,
                original_id: &original.message_id,
                envelope_from: &original.envelope_from,
                recipient: &original.envelope_to,
                instead,
                origin: &origin(generation),
                date: DateTime::from_timestamp(1_763_800_000, 0).unwrap(),
            })
            .unwrap()
        };
        let check = |message: &BuiltMessage, to: &str, generation: i64| {
            assert_eq!(message.envelope_to, to);
            assert_eq!(split(&message.bytes).1, split(&original.bytes).1);
            let text = String::from_utf8(split(&message.bytes).0.to_vec()).unwrap();
            let mut names: Vec<String> = header_lines(text.as_bytes()).map(header_name).collect();
            names.sort();
            let all = names.len();
            names.dedup();
            assert_eq!(names.len(), all, "a header stands twice:\n{text}");
            for line in [
                format!("Message-ID: {}", message.message_id),
                format!("References: {}", original.message_id),
                format!("X-Callbrief-Generation: {generation}"),
                "Auto-Submitted: auto-generated".to_owned(),
                "Date: Sat, 22 Nov 2025 08:26:40 +0000".to_owned(),
            ] {
                assert!(text.contains(&format!("{line}\r\n")), "{line} not in\n{text}");
            }
            assert_ne!(message.message_id, original.message_id);
        };
        let same = again(None, 1);
        check(&same, "anna@example.org", 1);
        let name = "To: =?utf-8?b?0JDQvdC90LA=?= <anna@example.org>\r\n";
        assert!(String::from_utf8(same.bytes).unwrap().contains(name));
        let boris = Contact::parse("Boris <boris@example.org>").unwrap();
        let other = again(Some(&boris), 2);
        check(&other, "boris@example.org", 2);
        let text = String::from_utf8(other.bytes).unwrap();
        assert!(text.contains("To: Boris <boris@example.org>\r\n") && !text.contains("anna@"), "{text}");
    }
}
