//! Reports: from a template and a snapshot to a neutral document, and from the document to files.
//! `document` knows no format, the exporters under `export` know nothing but the document.

pub mod charts;
pub mod document;
pub mod export;
pub mod fonts;
pub mod theme;
