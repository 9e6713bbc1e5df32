//! Where the link for unsubscribing in a mail leads. Looking at the page changes nothing, as scanners follow every link; its
//! button, or the one that mail programs make of the mail's headers (RFC 8058), ends what the mail was one of.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::http::Answers;
use crate::locale::{Language, text};
use crate::pipeline::unsubscribe;

/// The page loads nothing, sends its form to where it came from, and tells nobody where it was.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The page with the button.
pub(super) async fn ask(State(answers): State<Arc<Answers>>) -> Response {
    let language = answers.language();
    let button =
        format!("<form method=\"post\"><button type=\"submit\">{}</button></form>", text(language, "unsubscribe", &[]));
    page(StatusCode::OK, language, "unsubscribe-question", &button)
}

/// Ends it.
pub(super) async fn end(State(answers): State<Arc<Answers>>, Path(token): Path<String>) -> Response {
    let language = answers.language();
    match unsubscribe(&answers.journal, &token, answers.clock.now()).await {
        Ok(Some(_)) => page(StatusCode::OK, language, "unsubscribe-done", ""),
        Ok(None) => page(StatusCode::NOT_FOUND, language, "unsubscribe-unknown", ""),
        Err(failure) => {
            tracing::error!(error = failure.to_string(), "someone could not unsubscribe");
            page(StatusCode::SERVICE_UNAVAILABLE, language, "unsubscribe-later", "")
        }
    }
}

/// A page with one sentence of ours. Nothing of the request is in it.
fn page(status: StatusCode, language: Language, message: &str, more: &str) -> Response {
    let (code, sentence) = (language.code(), text(language, message, &[]));
    let body = format!(
        "<!doctype html>\n<html lang=\"{code}\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\n\
         <meta name=\"robots\" content=\"noindex\"><title>{sentence}</title>\n\
         <style>body{{font:18px/1.5 Arial,sans-serif;max-width:32em;margin:15vh auto;padding:0 1em;color:#1b2430}}\
         button{{font:inherit;padding:.5em 1.2em;border:0;border-radius:6px;background:#1f4e79;color:#fff}}</style>\n\
         <p>{sentence}</p>{more}</html>\n"
    );
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (status, headers, body).into_response()
}
