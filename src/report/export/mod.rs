//! Exporters: a document in, bytes out. They format no numbers and decide no status.

pub mod email;
pub mod html;
pub mod pdf;
pub mod text;

mod clean;
mod marks;
mod markup;

#[cfg(test)]
mod sample;
