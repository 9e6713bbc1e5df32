//! Datasets: a named query over a source, made ready for aggregation: time column, window, buckets.

mod bucket;
mod column_type;
#[cfg(test)]
mod example;
mod newest;
mod probe;
mod sql;
mod time_column;

pub use bucket::bucket_key;
pub use newest::{instant, newest, newest_statement};
pub use probe::probe;
pub use sql::{not_divisible, time_storage, unsendable, windowed, without_time};
