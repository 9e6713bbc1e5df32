//! What a report says about its PDF as a [`PdfDefinition`]. The tree was compared with `shapes` before; the password is
//! checked here.

use std::path::Path;

use secrecy::{ExposeSecret, SecretString};

use super::definition::{Orientation, Paper, PdfDefinition};
use super::yaml::{Entry, Node, NodeKind};
use super::{read_reports, secret_file, values};
use crate::diagnostics::{Code, Diagnostic};

/// The most bytes of a password that a PDF reader looks at.
const MOST_OF_PASSWORD: usize = 127;

/// Reads how the PDF of a report is made. A password in a file of its own is read here, with the root as the folder of
/// relative paths.
pub(super) fn pdf(report: &Entry, root: &Path, diagnostics: &mut Vec<Diagnostic>) -> Option<PdfDefinition> {
    let Some(node) = report.value.get("pdf") else { return Some(PdfDefinition::default()) };
    let is_pdf = |format: &Node| values::text(format).is_some_and(|format| format.value == "pdf");
    if report.value.get("formats").is_some_and(|formats| !formats.items().iter().any(is_pdf)) {
        let message = format!("the report `{}` makes no PDF, so `pdf` changes nothing", report.key.value);
        let warning = Diagnostic::warning(Code::BadValue, node.span.clone(), message);
        diagnostics.push(warning.hint("add `pdf` to `formats`, or remove these settings"));
    }
    settings(node, root, diagnostics)
}

/// The places in a file of reports where a variable of the environment may stand.
pub(super) fn passwords(node: &mut Node) -> impl Iterator<Item = &mut Node> {
    let reports = inside(node, read_reports::KEY).map_or(&mut [][..], entries).iter_mut();
    reports.filter_map(|report| inside(inside(&mut report.value, "pdf")?, "password"))
}

fn inside<'a>(node: &'a mut Node, key: &str) -> Option<&'a mut Node> {
    entries(node).iter_mut().find(|entry| entry.key.value == key).map(|entry| &mut entry.value)
}

fn entries(node: &mut Node) -> &mut [Entry] {
    match &mut node.kind {
        NodeKind::Map(entries) => entries,
        NodeKind::Scalar(_) | NodeKind::List(_) => &mut [],
    }
}

fn settings(node: &Node, root: &Path, diagnostics: &mut Vec<Diagnostic>) -> Option<PdfDefinition> {
    let word = |key: &str| node.get(key).and_then(values::text).map(|word| word.value);
    Some(PdfDefinition {
        paper: match word("paper").as_deref() {
            Some("letter") => Paper::Letter,
            _ => Paper::A4,
        },
        orientation: match word("orientation").as_deref() {
            Some("landscape") => Orientation::Landscape,
            _ => Orientation::Portrait,
        },
        password: password(node, root, diagnostics)?,
    })
}

/// The password; the outer `None` says that a mistake was reported.
fn password(node: &Node, root: &Path, diagnostics: &mut Vec<Diagnostic>) -> Option<Option<SecretString>> {
    let (password, span) = match (node.get("password"), node.get("password_file").and_then(values::text)) {
        (_, Some(path)) => (secret_file::read(root, &path, diagnostics)?, path.span),
        (Some(written), None) => {
            let password = values::text(written)?;
            // A variable that is not set was told already, and is no password.
            if !written.scalar()?.from_environment && !password.value.contains("${") {
                secret_file::warn_if_open("password", &password.span, "PDF_PASSWORD", diagnostics);
            }
            (SecretString::from(password.value), password.span)
        }
        (None, None) => return Some(None),
    };
    let fault = match stringprep::saslprep(password.expose_secret()) {
        Err(_) => Some("the password holds a character that PDF readers do not take"),
        Ok(prepared) if prepared.len() > MOST_OF_PASSWORD => Some("the password is longer than PDF readers look at"),
        Ok(_) => None,
    };
    if let Some(message) = fault {
        let hint = format!("use letters, digits and signs, at most {MOST_OF_PASSWORD} bytes of them");
        diagnostics.push(Diagnostic::error(Code::BadValue, span, message).hint(hint));
        return None;
    }
    Some(Some(password))
}
