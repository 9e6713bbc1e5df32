//! `service` of `callbrief.yaml` as [`ServiceSettings`]. The tree was compared with `shapes` before.

use super::definition::{LogFormat, LogLevel, ServiceSettings};
use super::values;
use super::yaml::Node;
use crate::diagnostics::{Code, Diagnostic};

/// Reads the service's settings; those that are usual where nothing is written.
pub(super) fn service(node: Option<&Node>, diagnostics: &mut Vec<Diagnostic>) -> ServiceSettings {
    let usual = ServiceSettings::default();
    let Some(node) = node else { return usual };
    let word = |key: &str| node.get(key).and_then(values::text).map(|text| text.value);
    ServiceSettings {
        http: word("http").and_then(|address| address.trim().parse().ok()),
        late_after: node.get("late_after").and_then(values::duration).unwrap_or(usual.late_after),
        public_url: public_url(node, diagnostics),
        log: match word("log").as_deref() {
            Some("json") => Some(LogFormat::Json),
            Some("text") => Some(LogFormat::Text),
            _ => usual.log,
        },
        log_level: match word("log_level").as_deref() {
            Some("error") => LogLevel::Error,
            Some("warn") => LogLevel::Warn,
            Some("debug") => LogLevel::Debug,
            _ => usual.log_level,
        },
    }
}

/// The address by which people's mail programs reach the service.
fn public_url(node: &Node, diagnostics: &mut Vec<Diagnostic>) -> Option<String> {
    let written = node.get("public_url").and_then(values::text)?;
    if let Some(fault) = url_fault(&written.value) {
        let hint = "write https://host or https://host/path, as people's mail programs reach it from outside";
        diagnostics.push(Diagnostic::error(Code::BadPublicUrl, written.span, fault).hint(hint));
        return None;
    }
    Some(written.value.trim_end_matches('/').to_owned())
}

/// What is wrong with a public address.
fn url_fault(url: &str) -> Option<&'static str> {
    let Some(rest) = url.strip_prefix("https://") else {
        return Some("mail programs open links for unsubscribing over `https://` only");
    };
    let host = rest.split(['/', ':']).next().unwrap_or_default();
    if host.is_empty() {
        return Some("the public address names no host");
    }
    // It becomes part of headers and links.
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-._~/:%[]".contains(letter);
    (!rest.chars().all(is_plain)).then_some("the public address has something besides a host, a port and a path")
}

#[cfg(test)]
mod tests {
    use super::url_fault;

    #[test]
    fn a_public_address_is_https_and_plain() {
        for (url, fault) in [
            ("https://reports.example.com", false),
            ("https://reports.example.com:8443/callbrief/", false),
            ("http://reports.example.com", true),
            ("https:///path", true),
            ("https://host/?a=b", true),
            ("https://host/a b", true),
            ("https://host/>,<mailto:x", true),
            ("reports.example.com", true),
        ] {
            assert_eq!(url_fault(url).is_some(), fault, "{url}");
        }
    }
}
