//! Building a message: MIME structure, headers, identity. The same mail gives the same bytes, so a retry is
//! recognisably the same message. What the mail says is decided elsewhere.

use chrono::{DateTime, Utc};
use lettre::address::Envelope;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment as Part, Mailbox, Message, MultiPart, SinglePart};
use sha2::{Digest, Sha256};

use super::contact::NAME_LENGTH;
use super::{Contact, EXPIRES_AFTER, Unsubscribe, clean};
use crate::journal::{Channel, NewDelivery};
use crate::workspace::OnUnknown;

/// Longest subject, in characters; mail programs show fewer.
const SUBJECT_LENGTH: usize = 200;

/// What a message belongs to; its Message-ID and List-Id are made of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The report's id.
    pub report: String,
    /// The period's label.
    pub period: String,
    /// The run's generation.
    pub generation: i64,
}

/// A mail to one recipient, before it is a message.
#[derive(Clone, Debug)]
pub struct Mail {
    /// The sender; bounces go there too.
    pub from: Contact,
    /// The recipient.
    pub to: Contact,
    /// The subject; control characters are dropped.
    pub subject: String,
    /// The plain text, for phones' previews and for those who read no HTML.
    pub text: String,
    /// The HTML, if any; refers to images as `cid:` and their content id.
    pub html: Option<String>,
    /// Images inside the HTML.
    pub images: Vec<InlineImage>,
    /// Files.
    pub attachments: Vec<Attachment>,
    /// What it belongs to.
    pub origin: Origin,
    /// Earlier mails to the same recipient that it goes on with, the first one first; mail programs show them together.
    pub thread: Vec<Origin>,
    /// How the recipient gets no more of its kind; none for what belongs to a job.
    pub unsubscribe: Option<Unsubscribe>,
    /// The `Date` header: the run's instant, not the attempt's.
    pub date: DateTime<Utc>,
}

/// An image inside the HTML.
#[derive(Clone, Debug)]
pub struct InlineImage {
    /// The id `cid:` refers to, such as `chart-1`; letters, digits, `.`, `-`, `_`, `@`.
    pub content_id: String,
    /// The type, such as `image/png`.
    pub media_type: String,
    /// The file.
    pub bytes: Vec<u8>,
}

/// A file that comes with the mail.
#[derive(Clone, Debug)]
pub struct Attachment {
    /// Its name; other than Latin letters, digits, `.`, `-`, `_` become `-`, as old mail programs lose such names.
    pub file_name: String,
    /// The type, such as `application/pdf`.
    pub media_type: String,
    /// The file.
    pub bytes: Vec<u8>,
}

/// A finished message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuiltMessage {
    /// The whole message, ASCII only, lines ended by CR LF.
    pub bytes: Vec<u8>,
    /// Where bounces go.
    pub envelope_from: String,
    /// The recipient's address.
    pub envelope_to: String,
    /// The Message-ID, with angle brackets.
    pub message_id: String,
}

/// Why a mail cannot become a message. Trying again with the same mail does not help.
#[derive(Debug, thiserror::Error)]
pub enum MessageError {
    /// An address is malformed.
    #[error("`{text}` is not a mail address: {reason}")]
    Address {
        /// What was given.
        text: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A media type is malformed.
    #[error("`{0}` is not a media type")]
    MediaType(String),
    /// An image's content id would break the header it stands in.
    #[error("`{0}` is not a content id: only letters, digits and `.`, `-`, `_`, `@` are")]
    ContentId(String),
    /// The message library refused.
    #[error("the message cannot be built: {0}")]
    Build(#[from] lettre::error::Error),
}

/// Builds the message: text and HTML as alternatives, images with the HTML, files after it.
pub fn build(mail: &Mail) -> Result<BuiltMessage, MessageError> {
    let from = mail.from.checked_address()?;
    let to = mail.to.checked_address()?;
    let message_id = message_id(&mail.origin, &mail.to.address, from.domain());
    let boundary = boundary(mail, &message_id);

    let content = mixed(mail, &boundary)?;
    let report = identifier(&mail.origin.report);
    let mut builder = Message::builder();
    for (name, value) in mail.unsubscribe.iter().flat_map(|unsubscribe| unsubscribe.headers(&mail.to.address)) {
        builder = builder.raw_header(header(name, value));
    }
    for earlier in &mail.thread {
        builder = builder.references(self::message_id(earlier, &mail.to.address, from.domain()));
    }
    if let Some(first) = mail.thread.first() {
        builder = builder.in_reply_to(self::message_id(first, &mail.to.address, from.domain()));
    }
    let message = builder
        .from(Mailbox::new(mail.from.clean_name(), from.clone()))
        .to(Mailbox::new(mail.to.clean_name(), to.clone()))
        .envelope(Envelope::new(Some(from.clone()), vec![to.clone()])?)
        .subject(clean(&mail.subject, SUBJECT_LENGTH))
        .date(mail.date.into())
        .message_id(Some(message_id.clone()))
        .raw_header(header("List-Id", format!("<{report}.callbrief.{}>", from.domain())))
        .raw_header(header("Auto-Submitted", "auto-generated".to_owned()))
        .raw_header(header("X-Auto-Response-Suppress", "All".to_owned()))
        .raw_header(header("X-Report-Id", format!("{report}.{}", identifier(&mail.origin.period))))
        .multipart(content)?;
    Ok(BuiltMessage {
        bytes: message.formatted(),
        envelope_from: from.to_string(),
        envelope_to: to.to_string(),
        message_id,
    })
}

impl BuiltMessage {
    /// The message as the journal takes it; trying ends [`EXPIRES_AFTER`] from now. When nobody knows whether it was taken,
    /// it is sent again.
    pub fn into_delivery(self, now: DateTime<Utc>) -> NewDelivery {
        NewDelivery {
            channel: Channel::Mail,
            recipient: self.envelope_to,
            message_id: self.message_id,
            envelope_from: self.envelope_from,
            bytes: self.bytes,
            on_unknown: OnUnknown::Resend,
            expires_at: now + EXPIRES_AFTER,
        }
    }
}

/// multipart/mixed( alternative( text, related( html, images ) ), files ), without the levels that would be empty.
fn mixed(mail: &Mail, boundary: &str) -> Result<MultiPart, MessageError> {
    let unsubscribe = mail.unsubscribe.as_ref();
    let text = unsubscribe.map_or_else(|| mail.text.clone(), |unsubscribe| unsubscribe.in_text(&mail.text));
    let mut alternative =
        MultiPart::alternative().boundary(format!("{boundary}-alternative")).singlepart(SinglePart::plain(text));
    if let Some(html) = &mail.html {
        let html = unsubscribe.map_or_else(|| html.clone(), |unsubscribe| unsubscribe.in_html(html));
        let html = SinglePart::html(html);
        if mail.images.is_empty() {
            alternative = alternative.singlepart(html);
        } else {
            let mut related = MultiPart::related().boundary(format!("{boundary}-related")).singlepart(html);
            for image in &mail.images {
                if !is_content_id(&image.content_id) {
                    return Err(MessageError::ContentId(clean(&image.content_id, NAME_LENGTH)));
                }
                let part = Part::new_inline(image.content_id.clone());
                related = related.singlepart(part.body(image.bytes.clone(), media_type(&image.media_type)?));
            }
            alternative = alternative.multipart(related);
        }
    }
    let mut mixed = MultiPart::mixed().boundary(format!("{boundary}-mixed")).multipart(alternative);
    for file in &mail.attachments {
        let part = Part::new(latin_file_name(&file.file_name));
        mixed = mixed.singlepart(part.body(file.bytes.clone(), media_type(&file.media_type)?));
    }
    Ok(mixed)
}

fn header(name: &'static str, value: String) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value)
}

fn media_type(text: &str) -> Result<ContentType, MessageError> {
    ContentType::parse(text).map_err(|_| MessageError::MediaType(clean(text, NAME_LENGTH)))
}

/// `<weekly.2026-W46.0.8c1f09ab4d52@example.com>`: the same for each attempt, another for each recipient and resend.
pub(super) fn message_id(origin: &Origin, recipient: &str, domain: &str) -> String {
    let recipient = hex(&Sha256::digest(recipient.to_lowercase().as_bytes())[..6]);
    let Origin { report, period, generation } = origin;
    format!("<{}.{}.{generation}.{recipient}@{domain}>", identifier(report), identifier(period))
}

/// Made of the content, so that no content can hold its own boundary.
fn boundary(mail: &Mail, message_id: &str) -> String {
    let mut hash = Sha256::new();
    for text in [message_id, &mail.text, mail.html.as_deref().unwrap_or_default()] {
        hash.update(text.as_bytes());
        hash.update([0]);
    }
    format!("callbrief-{}", hex(&hash.finalize()[..12]))
}

/// A word that may stand in a Message-ID between dots.
fn identifier(text: &str) -> String {
    let word: String = text
        .chars()
        .take(64)
        .map(|character| if character.is_ascii_alphanumeric() || "-_".contains(character) { character } else { '-' })
        .collect();
    if word.is_empty() { "none".to_owned() } else { word }
}

fn latin_file_name(text: &str) -> String {
    let name: String = text
        .chars()
        .take(NAME_LENGTH)
        .map(|character| if character.is_ascii_alphanumeric() || "._-".contains(character) { character } else { '-' })
        .collect();
    let name = name.trim_start_matches('.');
    if name.is_empty() { "attachment".to_owned() } else { name.to_owned() }
}

fn is_content_id(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-@".contains(&byte))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use proptest::prelude::*;

    use super::{Attachment, Contact, InlineImage, Mail, Origin, build};

    fn mail() -> Mail {
        Mail {
            from: Contact::parse("Reports <reports@example.com>").unwrap(),
            to: Contact::parse("director@example.org").unwrap(),
            subject: "Week 46".to_owned(),
            text: "Service level 81.2 %\n".to_owned(),
            html: Some("<p>Service level <b>81.2 %</b></p><img src=\"cid:chart-1\" alt=\"\">".to_owned()),
            images: vec![InlineImage {
                content_id: "chart-1".to_owned(),
                media_type: "image/png".to_owned(),
                bytes: vec![0x89, b'P', b'N', b'G', 0, 255],
            }],
            attachments: vec![Attachment {
                file_name: "weekly-2026-W46.pdf".to_owned(),
                media_type: "application/pdf".to_owned(),
                bytes: b"%PDF-1.7\x00\xff".to_vec(),
            }],
            origin: Origin { report: "weekly".to_owned(), period: "2026-W46".to_owned(), generation: 0 },
            thread: Vec::new(),
            unsubscribe: None,
            date: DateTime::from_timestamp(1_763_355_600, 0).unwrap(),
        }
    }

    fn text_of(mail: &Mail) -> String {
        String::from_utf8(build(mail).unwrap().bytes).unwrap()
    }

    #[test]
    fn a_whole_message() {
        insta::assert_snapshot!(text_of(&mail()).replace('\r', ""));
    }

    #[test]
    fn a_message_of_text_alone() {
        let mail = Mail { html: None, images: Vec::new(), attachments: Vec::new(), ..mail() };
        insta::assert_snapshot!(text_of(&mail).replace('\r', ""));
    }

    #[test]
    fn the_same_mail_gives_the_same_bytes_and_another_generation_does_not() {
        assert_eq!(build(&mail()).unwrap(), build(&mail()).unwrap());
        let mut again = mail();
        again.origin.generation = 1;
        let (first, second) = (build(&mail()).unwrap(), build(&again).unwrap());
        assert_ne!(first.message_id, second.message_id);
        let delivery = first.clone().into_delivery(mail().date);
        assert_eq!((&delivery.recipient, &delivery.message_id), (&first.envelope_to, &first.message_id));
        let mut other = mail();
        other.to.address = "manager@example.org".to_owned();
        assert_ne!(first.message_id, build(&other).unwrap().message_id);
    }

    #[test]
    fn headers_hold_any_language_and_no_injection() {
        let check = |name: &str, subject: &str, expected: &[&str]| {
            let mut mail = mail();
            mail.to.name = Some(name.to_owned());
            mail.subject = subject.to_owned();
            let text = text_of(&mail);
            let headers = text.split("\r\n\r\n").next().unwrap();
            assert!(text.is_ascii());
            assert!(!headers.to_lowercase().contains("\r\nbcc"), "{headers}");
            assert!(headers.lines().all(|line| line.len() <= 120), "{headers}");
            for line in expected {
                assert!(headers.contains(line), "{line} not in {headers}");
            }
        };
        check("Director", "Week 46", &["To: Director <director@example.org>", "Subject: Week 46"]);
        // "Анна" and "Отчёт" in UTF-8 and base64.
        check("Анна", "Отчёт", &["To: =?utf-8?b?0JDQvdC90LA=?= <director@", "Subject: =?utf-8?b?0J7RgtGH0ZHRgg==?="]);
        check(
            "Bad\r\nBcc: x@y.z",
            "Hi\r\nBcc: x@y.z",
            &["To: =?utf-8?b?QmFkIEJjYzogeEB5Lno=?= <director@", "Subject: Hi Bcc: x@y.z"],
        );
        check("O'Neil, \"Bob\" \\ <b@c.d>", "=?utf-8?q?x?=", &["<director@example.org>"]);
        check("📞 Ops", "📈 up", &["To: =?utf-8?b?8J+TniBPcHM=?="]);
        check(&"я".repeat(10_000), &"ю".repeat(10_000), &["<director@example.org>"]);
        check("", "", &["To: director@example.org"]);
        check("\u{202E}\u{0}", "\u{202E}", &["To: director@example.org"]);
    }

    #[test]
    fn names_of_files_are_latin_and_ids_are_clean() {
        let mut mail = mail();
        mail.attachments[0].file_name = "отчёт\r\n\"W46\".pdf".to_owned();
        mail.origin =
            Origin {
                report: "по неделям".to_owned(), period: "2026-11-01..2026-11-15".to_owned(), generation: 2
            };
        let message = build(&mail).unwrap();
        let text = String::from_utf8(message.bytes).unwrap();
        assert!(text.contains("Content-Disposition: attachment; filename=\"--------W46-.pdf\""), "{text}");
        assert!(message.message_id.starts_with("<----------.2026-11-01--2026-11-15.2."), "{}", message.message_id);
        assert!(message.message_id.ends_with("@example.com>"));
    }

    #[test]
    fn what_cannot_be_sent_is_refused_by_name() {
        let check = |change: fn(&mut Mail), expected: &str| {
            let mut mail = mail();
            change(&mut mail);
            let error = build(&mail).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        };
        check(|mail| mail.to.address = "nobody".to_owned(), "`nobody` is not a mail address");
        check(|mail| mail.to.address = "a@b.c\r\nRCPT TO:<d@e.f>".to_owned(), "is not a mail address");
        check(|mail| mail.attachments[0].media_type = "pdf".to_owned(), "`pdf` is not a media type");
        check(|mail| mail.images[0].content_id = "a>\r\nX: y".to_owned(), "is not a content id");
    }

    proptest! {
        #[test]
        fn no_name_or_subject_breaks_a_message(name in any::<String>(), subject in any::<String>()) {
            let mut mail = mail();
            mail.from.name = Some(name.clone());
            mail.to.name = Some(name);
            mail.subject = subject;
            prop_assert!(build(&mail).is_ok());
        }
    }
}
