//! A workspace: the files users own, read into a checked [`Catalog`]. Everything that is known without looking into a
//! formula, a template's text or a database is checked here; the rooms below check the rest of their own part.

pub mod definition;

pub use definition::*;
