//! The files of an archived message. Only messages that `message` built are understood: their form is known.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use quoted_printable::ParseMode;

use super::resent::{header_lines, header_name, split};

/// The name and bytes of each file that came with a message, in their order. A part that cannot be read is left out.
pub fn attachments(message: &[u8]) -> Vec<(String, Vec<u8>)> {
    let (head, body) = split(message);
    let Some(boundary) = boundary(head) else { return Vec::new() };
    let mark = format!("--{boundary}");
    parts(body, mark.as_bytes()).into_iter().filter_map(attachment).collect()
}

/// The boundary of the outermost level.
fn boundary(head: &[u8]) -> Option<String> {
    let line = header_lines(head).find(|line| header_name(line) == "content-type")?;
    quoted_value(line, "boundary")
}

/// The stretches between lines that begin with the mark.
fn parts<'a>(body: &'a [u8], mark: &[u8]) -> Vec<&'a [u8]> {
    let mut parts = Vec::new();
    let mut begin = None;
    let mut at = 0;
    for line in body.split_inclusive(|byte| *byte == b'\n') {
        if line.starts_with(mark) {
            // The line break before a boundary belongs to the boundary.
            parts.extend(begin.map(|begin| body[begin..at].strip_suffix(b"\r\n").unwrap_or(&body[begin..at])));
            begin = Some(at + line.len());
        }
        at += line.len();
    }
    parts
}

fn attachment(part: &[u8]) -> Option<(String, Vec<u8>)> {
    let (head, body) = split(part);
    let header = |name: &str| header_lines(head).find(|line| header_name(line) == name);
    let disposition = header("content-disposition")?;
    let name = quoted_value(disposition, "filename")?;
    let encoding = String::from_utf8_lossy(header("content-transfer-encoding").unwrap_or_default()).to_lowercase();
    let bytes = if encoding.contains("base64") {
        let dense: Vec<u8> = body.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
        STANDARD.decode(dense).ok()?
    } else if encoding.contains("quoted-printable") {
        quoted_printable::decode(body, ParseMode::Robust).ok()?
    } else {
        body.to_vec()
    };
    Some((name, bytes))
}

/// The value of `name="…"` in a header.
fn quoted_value(line: &[u8], name: &str) -> Option<String> {
    let line = String::from_utf8_lossy(line).into_owned();
    let after = line.split_once(&format!("{name}=\""))?.1;
    Some(after.split_once('"')?.0.to_owned())
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use proptest::prelude::*;

    use super::*;
    use crate::delivery::{Attachment, Contact, Mail, Origin, build};

    /// The files of a message with these files.
    fn read_back(files: &[(&str, &[u8])]) -> Vec<(String, Vec<u8>)> {
        let attachment = |(name, bytes): &(&str, &[u8])| Attachment {
            file_name: (*name).to_owned(),
            media_type: "application/octet-stream".to_owned(),
            bytes: bytes.to_vec(),
        };
        let mail = Mail {
            from: Contact::parse("reports@example.com").unwrap(),
            to: Contact::parse("anna@example.com").unwrap(),
            subject: "Week 46".to_owned(),
            text: "--not a boundary\n".to_owned(),
            html: Some("<p>Week 46</p>".to_owned()),
            images: Vec::new(),
            attachments: files.iter().map(attachment).collect(),
            origin: Origin { report: "weekly".to_owned(), period: "2026-W46".to_owned(), generation: 0 },
            thread: Vec::new(),
            unsubscribe: None,
            date: DateTime::UNIX_EPOCH,
        };
        attachments(&build(&mail).unwrap().bytes)
    }

    #[test]
    fn files_come_back_as_they_went() {
        let files: [(&str, &[u8]); 3] =
            [("a.pdf", b"%PDF-1.7\x00\xff\r\n"), ("b.csv", b"queue;calls\r\nSales;7"), ("c.txt", "Отчёт\n".as_bytes())];
        let read = read_back(&files);
        let expected: Vec<_> = files.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec())).collect();
        assert_eq!(read, expected);
        assert_eq!(read_back(&[]), []);
        assert_eq!(attachments(b"no message at all"), []);
    }

    proptest! {
        #[test]
        fn no_file_is_changed(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            prop_assert_eq!(read_back(&[("a.bin", &bytes)]), [("a.bin".to_owned(), bytes)]);
        }
    }
}
