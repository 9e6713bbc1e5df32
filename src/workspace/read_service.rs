//! `service` of `callbrief.yaml` as [`ServiceSettings`]. The tree was compared with `shapes` before.

use super::definition::{LogFormat, LogLevel, ServiceSettings};
use super::values;
use super::yaml::Node;

/// Reads the service's settings; those that are usual where nothing is written.
pub(super) fn service(node: Option<&Node>) -> ServiceSettings {
    let usual = ServiceSettings::default();
    let Some(node) = node else { return usual };
    let word = |key: &str| node.get(key).and_then(values::text).map(|text| text.value);
    ServiceSettings {
        http: word("http").and_then(|address| address.trim().parse().ok()),
        late_after: node.get("late_after").and_then(values::duration).unwrap_or(usual.late_after),
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
