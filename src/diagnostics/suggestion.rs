//! "Did you mean": the nearest known name to one that was not found.

/// The known name nearest to what was written, if it is near enough to be meant; never the same name once more.
pub fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = written.to_lowercase();
    known
        .into_iter()
        .filter(|name| *name != written)
        .map(|name| (strsim::jaro_winkler(&lower, &name.to_lowercase()), name))
        .filter(|(likeness, _)| *likeness >= 0.8)
        .max_by(|left, right| left.0.total_cmp(&right.0))
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn near_names_are_found_and_far_ones_are_not() {
        let known = ["wait_s", "talk_s", "ожидание", "Queue"];
        for (written, expected) in [
            ("wait", Some("wait_s")),
            ("wiat_s", Some("wait_s")),
            ("ожидание_с", Some("ожидание")),
            ("queue", Some("Queue")),
            ("Queue", None),
            ("csat", None),
            ("", None),
        ] {
            assert_eq!(nearest(written, known), expected, "{written}");
        }
    }
}
