//! Reports: from a template and a snapshot to a neutral document, and from the document to files.
//! `document` knows no format, the exporters under `export` know nothing but the document.

mod block_charts;
mod block_spec;
mod blocks;
mod build;
mod chart;
mod chart_grid;
mod chart_words;
pub mod charts;
pub mod context;
mod contrast;
mod course;
pub mod document;
mod escape;
mod evidence;
mod explain;
pub mod export;
mod figure;
pub mod fonts;
mod footnotes;
pub mod frame;
mod grid;
mod headline;
mod headline_words;
mod holes;
mod incidents;
mod keys;
mod logo;
mod loops;
mod mail_support;
mod markdown;
mod notice;
pub mod part_text;
mod questions;
mod rehearsal;
mod rows;
#[cfg(test)]
mod samples;
pub mod status;
mod table;
mod template;
mod template_engine;
mod template_errors;
#[cfg(test)]
mod tests;
pub mod theme;
mod theme_file;
mod theme_fonts;
mod typeface;

pub use build::{BuildRequest, build, context_json, subject};
pub use notice::Notice;
pub use questions::{Trend, questions, trends};
pub use rehearsal::check;
pub use template::{Template, compile_template};
pub use theme_file::read_theme;
