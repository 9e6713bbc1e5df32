//! How a recipient gets no more of something without an account: what mails say about it, and the signed words that a link
//! carries. Whoever has the link can do no more with it than end what it was sent with.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

use crate::journal::SuppressionScope;

/// The path of the page, behind the public address and before the token.
pub const UNSUBSCRIBE_PATH: &str = "/unsubscribe/";

/// How much of the signature a token carries, in bytes.
const SIGNATURE_LENGTH: usize = 16;

/// The meaning of a token's words; another one would be another number.
const VERSION: u8 = 1;

/// What a mail says about getting no more of its kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsubscribe {
    /// Who is written to.
    pub mailto: String,
    /// What the mail is one of: a report's id, or `alert:` and a rule's id.
    pub of: String,
    /// The page that ends it, over HTTPS, and what the mail calls the way there.
    pub link: Option<UnsubscribeLink>,
}

/// The way to the page that ends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnsubscribeLink {
    /// Its address.
    pub address: String,
    /// What it is called in the mail.
    pub words: String,
}

/// The page that ends what an address gets of a kind. `public_url` is where the service is reached from outside, without a
/// slash at its end.
pub fn link(public_url: &str, key: &SecretString, address: &str, scope: &SuppressionScope) -> String {
    let mut words = vec![VERSION];
    words.extend_from_slice(scope.name().as_bytes());
    words.push(b'\n');
    words.extend_from_slice(address.as_bytes());
    let mut token = signature(key, &words).finalize().into_bytes()[..SIGNATURE_LENGTH].to_vec();
    token.extend_from_slice(&words);
    format!("{public_url}{UNSUBSCRIBE_PATH}{}", URL_SAFE_NO_PAD.encode(token))
}

/// Whom and what a token is about; none when it was not made with this key.
pub fn verify(key: &SecretString, token: &str) -> Option<(String, SuppressionScope)> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    let (given, words) = bytes.split_at_checked(SIGNATURE_LENGTH)?;
    // Takes as long whatever is wrong, so that nobody can guess a signature byte by byte.
    signature(key, words).verify_truncated_left(given).ok()?;
    let words = std::str::from_utf8(words.strip_prefix(&[VERSION])?).ok()?;
    let (scope, address) = words.split_once('\n')?;
    Some((address.to_owned(), SuppressionScope::named(scope)))
}

fn signature(key: &SecretString, words: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.expose_secret().as_bytes())
        // Invariant: HMAC takes keys of any length.
        .expect("a key of any length");
    mac.update(b"callbrief unsubscribe ");
    mac.update(words);
    mac
}

impl Unsubscribe {
    /// The headers that mail programs make a button of: the page with one click first (RFC 8058), writing a mail second.
    pub(super) fn headers(&self, recipient: &str) -> Vec<(&'static str, String)> {
        let subject = percent_encoded(&format!("unsubscribe {} {recipient}", self.of));
        let mailto = format!("<mailto:{}?subject={subject}>", percent_encoded(&self.mailto).replace("%40", "@"));
        match &self.link {
            None => vec![("List-Unsubscribe", mailto)],
            Some(link) => vec![
                ("List-Unsubscribe", format!("<{}>, {mailto}", link.address)),
                ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()),
            ],
        }
    }

    /// The end of a plain text.
    pub(super) fn in_text(&self, text: &str) -> String {
        match &self.link {
            None => text.to_owned(),
            Some(link) => format!("{}\n\n{}: {}\n", text.trim_end(), link.words, link.address),
        }
    }

    /// The end of an HTML body.
    pub(super) fn in_html(&self, html: &str) -> String {
        let Some(link) = &self.link else { return html.to_owned() };
        // Invariant: a link has nothing that HTML would read otherwise; the words are our own.
        let line = format!(
            "<p style=\"margin:0;padding:0 0 24px;text-align:center;font-family:Arial,sans-serif;font-size:12px;line-height:18px\">\
             <a href=\"{}\" style=\"color:#5b6673\">{}</a></p>\n",
            link.address, link.words
        );
        let end = html.rfind("</body>").unwrap_or(html.len());
        format!("{}{line}{}", &html[..end], &html[end..])
    }
}

/// What may stand in a `mailto:` address as it is.
fn percent_encoded(text: &str) -> String {
    let encoded = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(encoded).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key() -> SecretString {
        SecretString::from("a key")
    }

    fn token(address: &str, scope: &SuppressionScope) -> String {
        let link = link("https://reports.example.com", &key(), address, scope);
        link.strip_prefix("https://reports.example.com/unsubscribe/").unwrap().to_owned()
    }

    #[test]
    fn a_token_says_what_it_was_made_for_and_no_other_is_believed() {
        for scope in [SuppressionScope::Everything, SuppressionScope::Runs("alert:low".to_owned())] {
            let token = token("анна@example.com", &scope);
            assert!(token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)), "{token}");
            assert_eq!(verify(&key(), &token), Some(("анна@example.com".to_owned(), scope)));
            assert_eq!(verify(&SecretString::from("another key"), &token), None);
            assert_eq!(verify(&key(), &token[..token.len() - 1]), None);
            assert_eq!(verify(&key(), &format!("{token}AAAA")), None);
        }
        for token in ["", "AAAA", "x".repeat(22).as_str(), "не слово"] {
            assert_eq!(verify(&key(), token), None);
        }
    }

    #[test]
    fn headers_name_the_page_first_and_a_mail_second() {
        let mut unsubscribe =
            Unsubscribe { mailto: "o+x@example.com".to_owned(), of: "alert:low".to_owned(), link: None };
        let mailto = "<mailto:o%2Bx@example.com?subject=unsubscribe%20alert%3Alow%20a%26b%40example.org>";
        assert_eq!(unsubscribe.headers("a&b@example.org"), [("List-Unsubscribe", mailto.to_owned())]);
        assert_eq!(unsubscribe.in_text("text"), "text");
        unsubscribe.link = Some(UnsubscribeLink { address: "https://x.y/u".to_owned(), words: "No more".to_owned() });
        assert_eq!(
            unsubscribe.headers("a&b@example.org"),
            [
                ("List-Unsubscribe", format!("<https://x.y/u>, {mailto}")),
                ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()),
            ]
        );
        assert_eq!(unsubscribe.in_text("text\n"), "text\n\nNo more: https://x.y/u\n");
        let html = unsubscribe.in_html("<html><body>x</body></html>");
        assert!(
            html.ends_with(">No more</a></p>\n</body></html>") && html.contains("href=\"https://x.y/u\""),
            "{html}"
        );
    }

    proptest! {
        #[test]
        fn no_change_of_a_token_is_believed(place in 0_usize..40, letter in "[A-Za-z0-9_-]") {
            let token = token("anna@example.com", &SuppressionScope::Runs("weekly".to_owned()));
            let place = place % token.len();
            prop_assume!(token[place..=place] != letter);
            let mut changed = token;
            changed.replace_range(place..=place, &letter);
            // The last letter has bits that mean nothing; what it stands for is then the same, or refused.
            let said = verify(&key(), &changed);
            prop_assert!(said.is_none());
        }
    }
}
