//! Datasets: a named query over a source, made ready for aggregation: time column, window, buckets.
