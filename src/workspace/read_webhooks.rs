//! `webhooks:` of `callbrief.yaml` as [`WebhookSettings`]. Neither an address nor a secret is ever repeated in a message.

use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};

use super::definition::WebhookSettings;
use super::yaml::{Entry, Node};
use super::{secret_file, values};
use crate::diagnostics::{Code, Diagnostic, Span};

/// Hosts that nobody else can listen to.
const LOOPBACK: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// Reads a webhook; none when a mistake was reported.
pub(super) fn webhook(entry: &Entry, root: &Path, diagnostics: &mut Vec<Diagnostic>) -> Option<WebhookSettings> {
    let node = &entry.value;
    let (url, place) = hidden(node, "url", root, diagnostics)?;
    if let Some(fault) = url_fault(url.expose_secret()) {
        let hint = "write https://host/path; plain http is for this machine only";
        diagnostics.push(Diagnostic::error(Code::BadWebhook, place, fault).hint(hint));
        return None;
    }
    let (secret, place) = hidden(node, "secret", root, diagnostics)?;
    if let Some(written) = node.get("secret").and_then(Node::scalar)
        && !written.from_environment
    {
        secret_file::warn_if_open("secret", &place, "WEBHOOK_SECRET", diagnostics);
    }
    Some(WebhookSettings {
        name: entry.key.clone(),
        url,
        secret,
        ca_file: node.get("ca_file").and_then(values::text).map(|path| PathBuf::from(path.value)),
        language: node.get("language").and_then(values::language),
    })
}

/// What stands under a key, or in the file that the key with `_file` names; and where that is written.
fn hidden(node: &Node, key: &str, root: &Path, diagnostics: &mut Vec<Diagnostic>) -> Option<(SecretString, Span)> {
    if let Some(path) = node.get(&format!("{key}_file")).and_then(values::text) {
        return Some((secret_file::read(root, &path, diagnostics)?, path.span));
    }
    let written = node.get(key).and_then(values::text)?;
    Some((SecretString::from(written.value.trim()), written.span))
}

/// What is wrong with an address.
fn url_fault(url: &str) -> Option<&'static str> {
    let Some((scheme, rest)) = url.split_once("://") else {
        return Some("the address of a webhook begins with `https://`");
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.parse::<u16>().is_ok() => name,
        _ => host,
    };
    match scheme.to_ascii_lowercase().as_str() {
        _ if name.is_empty() => Some("the address of a webhook names no host"),
        _ if url.contains(|letter: char| letter.is_whitespace() || letter.is_control()) => {
            Some("the address of a webhook has a blank inside")
        }
        "https" => None,
        "http" if LOOPBACK.contains(&name.to_ascii_lowercase().as_str()) => None,
        "http" => Some("over plain http everyone on the way could read what the webhook is told"),
        _ => Some("the address of a webhook begins with `https://`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_https_or_of_this_machine() {
        for (url, expected) in [
            ("https://hooks.example.com/a/b?token=c", None),
            ("HTTPS://hooks.example.com:8443", None),
            ("http://localhost:8080/hook", None),
            ("http://127.0.0.1/hook", None),
            ("http://[::1]:8080/hook", None),
            ("http://hooks.example.com/", Some("over plain http")),
            ("http://localhost.example.com/", Some("over plain http")),
            ("http://127.0.0.1@example.com/", Some("over plain http")),
            ("https:///hook", Some("the address of a webhook names no host")),
            ("https://host/a b", Some("the address of a webhook has a blank")),
            ("ftp://host/", Some("the address of a webhook begins")),
            ("hooks.example.com", Some("the address of a webhook begins")),
        ] {
            let fault = url_fault(url);
            assert_eq!(fault.is_some(), expected.is_some(), "{url}");
            assert!(fault.unwrap_or_default().starts_with(expected.unwrap_or_default()), "{url}: {fault:?}");
        }
    }
}
