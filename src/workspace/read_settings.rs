//! `callbrief.yaml` as [`Settings`]. The tree was compared with `shapes` before; what still fails here was reported then.

use std::path::{Path, PathBuf};

use chrono::TimeDelta;
use indexmap::IndexMap;
use secrecy::{ExposeSecret, SecretString};

use super::definition::{
    DatabaseUrl, MailSettings, OnUnknown, Settings, SmtpLimits, SmtpSettings, SourceDefinition, TlsMode,
    TransportSettings,
};
use super::yaml::Node;
use super::{read_service, read_webhooks, secret_file, values};
use crate::diagnostics::{Code, Diagnostic, Span};
use crate::locale::Language;

/// How long sent messages are kept when the settings do not say: a year and the month in which it is looked back on.
const USUAL_KEEP: TimeDelta = TimeDelta::days(400);

/// Reads the settings; secrets in files of their own are read here, with the root as the folder of relative paths.
pub(super) fn settings(node: &Node, root: &Path, diagnostics: &mut Vec<Diagnostic>) -> Option<Settings> {
    let sources = node.get("sources")?.entries().iter().filter_map(|entry| {
        let database = database(&entry.value, &entry.key.span, root, diagnostics)?;
        Some((entry.key.value.clone(), SourceDefinition { name: entry.key.clone(), database }))
    });
    let sources: IndexMap<_, _> = sources.collect();
    let journal = node.get("journal").and_then(|journal| journal_database(journal, root, diagnostics));
    let mail = node.get("mail").and_then(|mail| mail_settings(mail, root, diagnostics));
    let webhooks = node.get("webhooks").map_or(&[][..], Node::entries).iter();
    let webhooks = webhooks.filter_map(|entry| read_webhooks::webhook(entry, root, diagnostics));
    let webhooks = webhooks.map(|webhook| (webhook.name.value.clone(), webhook)).collect();
    Some(Settings {
        timezone: values::zone(node.get("timezone")?)?,
        locale: node.get("locale").map_or(Some(Language::English), values::language)?,
        sources,
        journal: journal?,
        keep: node.get("journal")?.get("keep").map_or(Some(USUAL_KEEP), values::duration)?,
        mail: mail?,
        webhooks,
        service: read_service::service(node.get("service"), diagnostics),
        operator: node.get("operator").and_then(values::text),
    })
}

/// The journal's address, of a database that a journal can be kept in.
fn journal_database(node: &Node, root: &Path, diagnostics: &mut Vec<Diagnostic>) -> Option<DatabaseUrl> {
    let database = database(node, &node.span, root, diagnostics)?;
    let scheme = database.url.expose_secret().split(':').next().unwrap_or_default().to_owned();
    if matches!(scheme.as_str(), "mysql" | "mariadb") {
        let message = format!("the journal cannot be kept in `{scheme}`");
        diagnostics.push(Diagnostic::error(Code::BadDatabaseUrl, database.span, message).hint(
            "write `sqlite:var/callbrief.db`, or `postgres://user@host/database` where several processes share it",
        ));
        return None;
    }
    Some(database)
}

fn database(node: &Node, place: &Span, root: &Path, diagnostics: &mut Vec<Diagnostic>) -> Option<DatabaseUrl> {
    if let Some(path) = node.get("url_file").and_then(values::text) {
        let url = secret_file::read(root, &path, diagnostics)?;
        if let Some(fault) = values::url_fault(url.expose_secret()) {
            let message = format!("in the file `{}`: {fault}", path.value);
            diagnostics.push(Diagnostic::error(Code::BadDatabaseUrl, path.span.clone(), message));
            return None;
        }
        return Some(DatabaseUrl { url, span: path.span });
    }
    let written = node.get("url")?;
    let url = values::text(written)?;
    if !written.scalar()?.from_environment && values::url_has_password(&url.value) {
        secret_file::warn_if_open("url", &url.span, "DATABASE_URL", diagnostics);
    }
    let span = if url.span.range.is_empty() { place.clone() } else { url.span };
    Some(DatabaseUrl { url: SecretString::from(url.value.trim()), span })
}

fn mail_settings(node: &Node, root: &Path, diagnostics: &mut Vec<Diagnostic>) -> Option<MailSettings> {
    let transport = node.get("transport").and_then(values::text)?;
    let transport = match transport.value.as_str() {
        "folder" => match node.get("folder").and_then(values::text) {
            Some(folder) => TransportSettings::Folder(PathBuf::from(folder.value)),
            None => {
                diagnostics.push(
                    Diagnostic::error(Code::BadMailSettings, transport.span, "the transport `folder` needs a `folder`")
                        .hint("add `folder: var/outbox` to `mail`"),
                );
                return None;
            }
        },
        _ => match node.get("smtp") {
            Some(smtp) => TransportSettings::Smtp(smtp_settings(smtp, root, diagnostics)?),
            None => {
                diagnostics.push(
                    Diagnostic::error(
                        Code::BadMailSettings,
                        transport.span,
                        "the transport `smtp` needs `smtp` settings",
                    )
                    .hint("add `smtp: { host: mail.example.com }` to `mail`"),
                );
                return None;
            }
        },
    };
    let on_unknown = node.get("on_unknown").and_then(values::text).map(|word| OnUnknown::of(&word.value));
    Some(MailSettings {
        from: node.get("from").and_then(values::text)?,
        transport,
        on_unknown: on_unknown.unwrap_or_default(),
    })
}

fn smtp_settings(node: &Node, root: &Path, diagnostics: &mut Vec<Diagnostic>) -> Option<SmtpSettings> {
    let tls = match node.get("tls").and_then(values::text).map(|word| word.value).as_deref() {
        Some("none") => TlsMode::None,
        Some("tls") => TlsMode::Tls,
        _ => TlsMode::StartTls,
    };
    let usual_port = match tls {
        TlsMode::None => 25,
        TlsMode::StartTls => 587,
        TlsMode::Tls => 465,
    };
    let port = node.get("port").and_then(values::integer).map_or(Some(usual_port), |port| u16::try_from(port).ok())?;
    let host = node.get("host").and_then(values::text)?;
    let login = login(node, root, diagnostics)?;
    let local = ["localhost", "127.0.0.1", "::1"].contains(&host.value.as_str());
    if tls == TlsMode::None && login.is_some() && !local {
        diagnostics.push(
            Diagnostic::error(
                Code::BadMailSettings,
                node.get("tls").map_or_else(|| host.span.clone(), |tls| tls.span.clone()),
                format!("without encryption the password would travel openly to `{}`", host.value),
            )
            .hint("use `tls: starttls` or `tls: tls`"),
        );
        return None;
    }
    Some(SmtpSettings {
        host,
        port,
        tls,
        login,
        ca_file: node.get("ca_file").and_then(values::text).map(|path| PathBuf::from(path.value)),
        limits: smtp_limits(node),
    })
}

fn smtp_limits(node: &Node) -> SmtpLimits {
    let number = |key: &str| node.get(key).and_then(values::integer).and_then(|number| u32::try_from(number).ok());
    let usual = SmtpLimits::default();
    SmtpLimits {
        messages_per_minute: number("messages_per_minute"),
        messages_per_connection: number("messages_per_connection").unwrap_or(usual.messages_per_connection),
        message_bytes: number("message_megabytes").map(|megabytes| megabytes as usize * 1_000_000),
    }
}

/// User and password; the outer `None` says that a mistake was reported.
fn login(node: &Node, root: &Path, diagnostics: &mut Vec<Diagnostic>) -> Option<Option<(String, SecretString)>> {
    let user = node.get("user").and_then(values::text);
    let password = match (node.get("password"), node.get("password_file").and_then(values::text)) {
        (_, Some(path)) => Some((secret_file::read(root, &path, diagnostics)?, path.span)),
        (Some(written), None) => {
            let password = values::text(written)?;
            if !written.scalar()?.from_environment {
                secret_file::warn_if_open("password", &password.span, "SMTP_PASSWORD", diagnostics);
            }
            Some((SecretString::from(password.value), password.span))
        }
        (None, None) => None,
    };
    let lone = |span: Span, has: &str, lacks: &str, diagnostics: &mut Vec<Diagnostic>| {
        let message = format!("a {has} without a {lacks} is no login");
        let hint = format!("add the `{lacks}`, or remove the {has}");
        diagnostics.push(Diagnostic::error(Code::BadMailSettings, span, message).hint(hint));
    };
    match (user, password) {
        (Some(user), Some((password, _))) => Some(Some((user.value, password))),
        (None, None) => Some(None),
        (Some(user), None) => {
            lone(user.span, "user", "password", diagnostics);
            None
        }
        (None, Some((_, span))) => {
            lone(span, "password", "user", diagnostics);
            None
        }
    }
}
