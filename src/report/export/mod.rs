//! Exporters: a document in, bytes out. They format no numbers and decide no status.

pub mod csv;
pub mod email;
pub mod html;
pub mod pdf;
pub mod text;
pub mod xlsx;

mod clean;
mod formula_text;
mod marks;
mod markup;

#[cfg(test)]
mod sample;
