//! The preview's addresses. It answers on loopback, to requests that name loopback as their host, and only to be read:
//! a page elsewhere whose name is pointed at this machine gets nothing, and nothing can be changed from outside.

use std::convert::Infallible;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::sse::{Event, KeepAlive};
use axum::response::{IntoResponse, Response, Sse};
use axum::routing::get;
use futures_util::stream::unfold;
use indexmap::IndexMap;
use serde_json::json;
use tokio::sync::watch::Receiver;

use super::shell::{self, Look, Scheme};
use super::{Good, Showing};
use crate::pipeline;
use crate::report::export::{csv, text};
use crate::workspace::Format;

/// What the report's views may load: their own pictures and styles, and no scripts.
const VIEW_POLICY: &str = "default-src 'none'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; font-src data:; frame-ancestors 'self'";
/// What the page around them may load.
const SHELL_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-src 'self'; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

type Shown = Receiver<Arc<Showing>>;

/// The addresses; `port` is the one they are served on.
pub(super) fn router(shown: Shown, port: u16) -> Router {
    let views = Router::new()
        .route("/view/{view}", get(view))
        .route("/picture/{content_id}", get(picture))
        .route("/file/{name}", get(file))
        .layer(from_fn(|request, next| with_policy(VIEW_POLICY, request, next)));
    let shell = Router::new()
        .route("/", get(page))
        .route("/state", get(state))
        .route("/events", get(events))
        .route("/shell.css", get(|| async { ([(header::CONTENT_TYPE, "text/css")], include_str!("shell.css")) }))
        .route("/shell.js", get(|| async { ([(header::CONTENT_TYPE, "text/javascript")], include_str!("shell.js")) }))
        .layer(from_fn(|request, next| with_policy(SHELL_POLICY, request, next)));
    views.merge(shell).layer(from_fn_with_state(port, only_loopback)).with_state(shown)
}

/// Refuses requests for another host: a name that leads here is not ours.
async fn only_loopback(State(port): State<u16>, request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let known = ["127.0.0.1", "localhost", "[::1]"].map(|name| format!("{name}:{port}"));
    if host.is_some_and(|host| known.iter().any(|name| name.eq_ignore_ascii_case(host))) {
        next.run(request).await
    } else {
        (StatusCode::FORBIDDEN, format!("this preview answers only as http://127.0.0.1:{port}/\n")).into_response()
    }
}

async fn with_policy(policy: &'static str, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers: [(HeaderName, &'static str); 5] = [
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    for (name, value) in headers {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

type Asked = Query<IndexMap<String, String>>;

async fn page(State(shown): State<Shown>, Query(asked): Asked) -> Response {
    let look = Look::of(|name| asked.get(name).map(String::as_str));
    html(shell::page(&present(&shown), look))
}

async fn state(State(shown): State<Shown>) -> Response {
    html(shell::state(&present(&shown)))
}

/// One event for what is shown now, and one for each change.
async fn events(State(shown): State<Shown>) -> Response {
    let stream = unfold((shown, true), |(mut shown, is_first)| async move {
        if !is_first {
            shown.changed().await.ok()?;
        }
        let showing = Arc::clone(&shown.borrow_and_update());
        let data = json!({
            "version": showing.version,
            "made": showing.is_made(),
            "mistakes": showing.diagnostics.len(),
            "took_ms": u64::try_from(showing.took.as_millis()).unwrap_or(u64::MAX),
        });
        Some((Ok::<_, Infallible>(Event::default().event("showing").data(data.to_string())), (shown, false)))
    });
    Sse::new(stream).keep_alive(KeepAlive::default()).into_response()
}

async fn view(State(shown): State<Shown>, Path(view): Path<String>, Query(asked): Asked) -> Response {
    let Some(good) = present(&shown).good.clone() else { return nothing_made() };
    let scheme = Scheme::of(asked.get("scheme").map(String::as_str));
    rendered(move || {
        Ok(match view.as_str() {
            "page" => html(good.page.clone()),
            "mail" => html(mail(&good, scheme)),
            "text" => plain("text/plain; charset=utf-8", text::render(&good.document)),
            "context" => plain("application/json; charset=utf-8", good.context.clone()),
            "data" => html(good.data.clone()),
            "files" => html(shell::files(&names(&good)?)),
            _ => StatusCode::NOT_FOUND.into_response(),
        })
    })
    .await
}

async fn picture(State(shown): State<Shown>, Path(content_id): Path<String>) -> Response {
    let Some(good) = present(&shown).good.clone() else { return nothing_made() };
    rendered(move || {
        let image = good.email().images.iter().find(|image| image.content_id == content_id);
        Ok(match image {
            Some(image) => ([(header::CONTENT_TYPE, image.media_type)], image.bytes.clone()).into_response(),
            None => StatusCode::NOT_FOUND.into_response(),
        })
    })
    .await
}

async fn file(State(shown): State<Shown>, Path(name): Path<String>) -> Response {
    let Some(good) = present(&shown).good.clone() else { return nothing_made() };
    rendered(move || {
        let Some((format, _)) = names(&good)?.into_iter().find(|(_, known)| *known == name) else {
            return Ok(StatusCode::NOT_FOUND.into_response());
        };
        let files = pipeline::files(format, &good.base, &good.document, &good.theme, &good.pdf)?;
        let Some(file) = files.into_iter().find(|file| file.name == name) else {
            return Ok(StatusCode::NOT_FOUND.into_response());
        };
        Ok(([(header::CONTENT_TYPE, file.media_type)], file.bytes).into_response())
    })
    .await
}

/// The mail's body with its pictures from here, in the colours of a mail program that is set to light or dark.
fn mail(good: &Good, scheme: Scheme) -> String {
    in_scheme(&good.email().html.replace("src=\"cid:", "src=\"/picture/"), scheme)
}

/// Styles whose media queries ask for a colour scheme, answered as if this one were set.
fn in_scheme(html: &str, scheme: Scheme) -> String {
    let (dark, light) = match scheme {
        Scheme::Dark => ("all", "not all"),
        Scheme::Light => ("not all", "all"),
    };
    ["prefers-color-scheme:", "prefers-color-scheme: "].iter().fold(html.to_owned(), |html, asked| {
        html.replace(&format!("({asked}dark)"), dark).replace(&format!("({asked}light)"), light)
    })
}

/// The names of all files the report can be taken away as, also in formats it does not name.
fn names(good: &Good) -> anyhow::Result<Vec<(Format, String)>> {
    let mut names = Vec::new();
    for format in Format::ALL {
        match format {
            Format::Html => names.push((format, format!("{}.html", good.base))),
            Format::Pdf => names.push((format, format!("{}.pdf", good.base))),
            Format::Text => names.push((format, format!("{}.txt", good.base))),
            Format::Xlsx => names.push((format, format!("{}.xlsx", good.base))),
            Format::Csv => {
                let tables = csv::render(&good.document)?;
                names.extend(tables.iter().map(|table| (format, format!("{}-{}.csv", good.base, table.name))));
            }
        }
    }
    Ok(names)
}

fn present(shown: &Shown) -> Arc<Showing> {
    Arc::clone(&shown.borrow())
}

/// Renders beside the other requests: a PDF keeps a processor busy for a while.
async fn rendered(make: impl FnOnce() -> anyhow::Result<Response> + Send + 'static) -> Response {
    match tokio::task::spawn_blocking(make).await {
        Ok(Ok(response)) => response,
        Ok(Err(error)) => (StatusCode::INTERNAL_SERVER_ERROR, format!("{error:#}\n")).into_response(),
        Err(_) => (StatusCode::INTERNAL_SERVER_ERROR, "this view cannot be made\n").into_response(),
    }
}

fn html(text: String) -> Response {
    plain("text/html; charset=utf-8", text)
}

fn plain(media_type: &'static str, text: String) -> Response {
    ([(header::CONTENT_TYPE, media_type)], Body::from(text)).into_response()
}

fn nothing_made() -> Response {
    (StatusCode::NOT_FOUND, "the report was not made yet\n").into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mails_are_shown_as_light_or_dark_programs_do() {
        let style = "@media (prefers-color-scheme:dark){a}@media screen and (prefers-color-scheme: light){b}";
        assert_eq!(in_scheme(style, Scheme::Dark), "@media all{a}@media screen and not all{b}");
        assert_eq!(in_scheme(style, Scheme::Light), "@media not all{a}@media screen and all{b}");
    }
}
