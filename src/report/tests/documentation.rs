//! `docs/templates.md` says what the code does: its examples are read, and the part about the context is made from the
//! structs and their comments. `UPDATE_GOLDEN=1` writes that part anew.

use std::path::Path;

use super::*;
use crate::report::block_spec::{BLOCK_KINDS, read};
use crate::report::markdown::{Piece, parse};

/// Where the generated part begins.
const MADE: &str = "<!-- From here on the page is made from the code. -->\n";

/// The structs of the context as Markdown: a heading for each, its fields with their comments.
fn described(code: &str) -> String {
    let mut page = String::new();
    let mut comment: Vec<&str> = Vec::new();
    for line in code.lines().map(str::trim) {
        if let Some(text) = line.strip_prefix("///") {
            comment.push(text.trim());
        } else if let Some(name) = line.strip_prefix("pub struct ").and_then(|rest| rest.strip_suffix(" {")) {
            page.push_str(&format!("\n### {}\n\n{}\n\n", heading(name), comment.join(" ")));
            comment.clear();
        } else if let Some((name, kind)) = line.strip_prefix("pub ").and_then(|field| field.split_once(": ")) {
            page.push_str(&format!("- `{name}` ({}): {}\n", words(kind.trim_end_matches(',')), comment.join(" ")));
            comment.clear();
        } else if !line.starts_with("#[") {
            comment.clear();
        }
        if line.starts_with("impl ") {
            break;
        }
    }
    page
}

/// A struct's name as the page writes it.
fn heading(name: &str) -> String {
    match name.strip_suffix("Facts") {
        Some(name) => format!("Entry `{}`", name.to_lowercase()),
        None => "The whole".to_owned(),
    }
}

/// A field's type for people who write templates.
fn words(kind: &str) -> String {
    let inner = |prefix: &str| kind.strip_prefix(prefix).and_then(|rest| rest.strip_suffix('>'));
    match kind {
        "String" | "&'static str" => "text".to_owned(),
        "f64" | "u64" => "number".to_owned(),
        "bool" => "true or false".to_owned(),
        _ => match (inner("Option<"), inner("Vec<"), inner("IndexMap<String, ")) {
            (Some(inner), ..) => format!("{} or nothing", words(inner)),
            (_, Some(inner), _) => format!("list: {}", words(inner)),
            (.., Some(inner)) => format!("by name: {}", words(inner)),
            _ => heading(kind).to_lowercase(),
        },
    }
}

#[test]
fn the_page_about_templates_is_as_the_code() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/templates.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let (written, made) = page.split_once(MADE).expect("the page has its generated part");
    let now = described(include_str!("../context.rs"));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, format!("{written}{MADE}{now}")).unwrap();
    } else {
        assert!(made == now, "docs/templates.md is out of date: run this test with UPDATE_GOLDEN=1");
    }
    let mut shown: Vec<String> = Vec::new();
    for piece in parse(written) {
        if let Piece::Fenced { kind, text } = piece {
            assert!(read(&kind, &text).is_ok(), "{kind}: {text} {:?}", read(&kind, &text));
            shown.push(kind);
        }
    }
    let missing: Vec<&str> = BLOCK_KINDS.into_iter().filter(|kind| !shown.iter().any(|shown| shown == kind)).collect();
    assert!(missing.is_empty(), "without an example: {missing:?}");
}

#[test]
fn every_field_of_the_context_is_on_the_page() {
    let case = weekly();
    let json = context_json(&case.request());
    let page = described(include_str!("../context.rs"));
    for name in json.as_object().expect("an object").keys().chain(json["kpi"]["aht"].as_object().unwrap().keys()) {
        assert!(page.contains(&format!("- `{name}` (")), "`{name}` is missing");
    }
}
