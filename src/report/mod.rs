//! Reports: from a template and a snapshot to a neutral document, and from the document to files.
//! `document` knows no format, the exporters under `export` know nothing but the document.

mod block_spec;
mod blocks;
mod build;
mod chart;
pub mod charts;
pub mod context;
mod contrast;
pub mod document;
mod escape;
mod explain;
pub mod export;
mod figure;
pub mod fonts;
mod footnotes;
pub mod frame;
mod headline;
mod keys;
mod logo;
mod loops;
mod mail_support;
mod markdown;
pub mod part_text;
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

pub use build::{BuildRequest, build, check, context_json, questions, subject};
pub use template::{Template, compile_template};
pub use theme_file::read_theme;
