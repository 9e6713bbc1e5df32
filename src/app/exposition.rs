//! Metrics as Prometheus reads them: its text format, written. What the metrics are is not known here.

use std::fmt::Write;

/// A metric.
#[derive(Debug)]
pub struct Metric {
    /// Its name, with its unit.
    pub name: &'static str,
    /// What it is.
    pub kind: MetricKind,
    /// What it tells, in one sentence without a full stop.
    pub help: &'static str,
    /// The labels its values are told apart by.
    pub labels: &'static [&'static str],
}

/// The kinds of metrics.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MetricKind {
    /// Only ever grows while the process lives.
    Counter,
    /// Goes up and down.
    Gauge,
    /// How often values were at most so large; these are the bounds.
    Histogram(&'static [f64]),
}

/// How often values fell under each bound.
#[derive(Clone, Debug, Default)]
pub(super) struct Distribution {
    /// By bound, not cumulated.
    counts: Vec<u64>,
    beyond: u64,
    sum: f64,
}

/// A page of metrics in the making.
#[derive(Debug, Default)]
pub(super) struct Page {
    text: String,
}

impl MetricKind {
    /// Its word in the format.
    pub fn word(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram(_) => "histogram",
        }
    }
}

impl Distribution {
    /// Takes a value in.
    pub(super) fn observe(&mut self, bounds: &[f64], value: f64) {
        self.counts.resize(bounds.len(), 0);
        match bounds.iter().position(|bound| value <= *bound) {
            Some(bucket) => self.counts[bucket] += 1,
            None => self.beyond += 1,
        }
        self.sum += value;
    }
}

impl Page {
    /// A metric with its values, each with the labels' values in their order.
    pub(super) fn values<'a>(&mut self, metric: &Metric, values: impl IntoIterator<Item = (Vec<&'a str>, f64)>) {
        self.head(metric);
        for (labels, value) in values {
            let labels = written(metric.labels.iter().copied().zip(labels));
            // Writing to a string cannot fail.
            let _ = writeln!(self.text, "{}{labels} {value}", metric.name);
        }
    }

    /// A histogram without labels.
    pub(super) fn distribution(&mut self, metric: &Metric, distribution: &Distribution) {
        self.head(metric);
        let MetricKind::Histogram(bounds) = metric.kind else { return };
        let mut count = 0;
        for (index, bound) in bounds.iter().enumerate() {
            count += distribution.counts.get(index).copied().unwrap_or(0);
            let _ = writeln!(self.text, "{}_bucket{{le=\"{bound}\"}} {count}", metric.name);
        }
        count += distribution.beyond;
        let _ = writeln!(self.text, "{}_bucket{{le=\"+Inf\"}} {count}", metric.name);
        let _ = writeln!(self.text, "{}_sum {}", metric.name, distribution.sum);
        let _ = writeln!(self.text, "{}_count {count}", metric.name);
    }

    pub(super) fn into_text(self) -> String {
        self.text
    }

    fn head(&mut self, metric: &Metric) {
        let _ = writeln!(self.text, "# HELP {} {}", metric.name, metric.help);
        let _ = writeln!(self.text, "# TYPE {} {}", metric.name, metric.kind.word());
    }
}

fn written<'a>(labels: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let escaped = |value: &str| value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    let labels: Vec<String> = labels.map(|(name, value)| format!("{name}=\"{}\"", escaped(value))).collect();
    if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_format_is_that_of_prometheus() {
        let mut page = Page::default();
        let counter = Metric { name: "a_total", kind: MetricKind::Counter, help: "An a", labels: &["of", "to"] };
        page.values(&counter, [(vec!["x\"\\", "y\nz"], 1.0), (vec!["", "b"], 2.5)]);
        let bounds = &[0.5, 1.0, 10.0];
        let histogram = Metric { name: "b_seconds", kind: MetricKind::Histogram(bounds), help: "A b", labels: &[] };
        let mut distribution = Distribution::default();
        for value in [0.5, 0.6, 2.0, 10.5] {
            distribution.observe(bounds, value);
        }
        page.distribution(&histogram, &distribution);
        let expected = r#"# HELP a_total An a
# TYPE a_total counter
a_total{of="x\"\\",to="y\nz"} 1
a_total{of="",to="b"} 2.5
# HELP b_seconds A b
# TYPE b_seconds histogram
b_seconds_bucket{le="0.5"} 1
b_seconds_bucket{le="1"} 2
b_seconds_bucket{le="10"} 3
b_seconds_bucket{le="+Inf"} 4
b_seconds_sum 13.6
b_seconds_count 4
"#;
        assert_eq!(page.into_text(), expected);
    }
}
