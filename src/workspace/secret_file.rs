//! Secrets that stand in files of their own (`url_file`, `password_file`), and the warning for those that stand openly
//! among the settings.

use std::fs;
use std::io::Read;
use std::path::Path;

use secrecy::SecretString;

use super::files::reason;
use crate::diagnostics::{Code, Diagnostic, Span, Spanned};

/// A secret is one line; a longer file is the wrong file.
const MOST_BYTES: u64 = 64_000;

/// The first line of a file; the path is relative to the workspace.
pub(super) fn read(root: &Path, path: &Spanned<String>, diagnostics: &mut Vec<Diagnostic>) -> Option<SecretString> {
    let full = root.join(&path.value);
    let mut text = String::new();
    let opened = fs::File::open(&full).and_then(|file| {
        let metadata = file.metadata()?;
        file.take(MOST_BYTES).read_to_string(&mut text)?;
        Ok(metadata)
    });
    let metadata = match opened {
        Ok(metadata) => metadata,
        Err(error) => {
            let message = format!("`{}` {}", path.value, reason(&error));
            let diagnostic = Diagnostic::error(Code::UnreadableFile, path.span.clone(), message);
            diagnostics.push(diagnostic.hint("a path that does not begin with `/` starts from the workspace's folder"));
            return None;
        }
    };
    if is_world_readable(&metadata) {
        let message = format!("every user of this machine can read `{}`", path.value);
        let warning = Diagnostic::warning(Code::OpenSecret, path.span.clone(), message);
        diagnostics.push(warning.hint(format!("chmod 600 {}", path.value)));
    }
    match text.lines().next().map(str::trim).filter(|line| !line.is_empty()) {
        Some(line) => Some(SecretString::from(line)),
        None => {
            let message = format!("`{}` is empty", path.value);
            diagnostics.push(Diagnostic::error(Code::UnreadableFile, path.span.clone(), message));
            None
        }
    }
}

/// Says that a secret stands openly in a file that is shared and kept in version control.
pub(super) fn warn_if_open(key: &str, span: &Span, variable: &str, diagnostics: &mut Vec<Diagnostic>) {
    let warning = Diagnostic::warning(
        Code::OpenSecret,
        span.clone(),
        format!("`{key}` holds a password, which everyone who gets this file can read"),
    );
    diagnostics
        .push(warning.hint(format!("put it into the environment and write ${{{variable}}}, or use `{key}_file`")));
}

#[cfg(unix)]
fn is_world_readable(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    metadata.permissions().mode() & 0o004 != 0
}

#[cfg(not(unix))]
fn is_world_readable(_: &fs::Metadata) -> bool {
    false
}
