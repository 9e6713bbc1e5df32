//! `--set NAME=NUMBER`: other values for the workspace's parameters in one run.

use anyhow::bail;

use crate::diagnostics::nearest;
use crate::workspace::{Catalog, ParameterValues};

/// Reads one `--set`; the error is told by the command line, which says where it stood.
pub(super) fn parse(written: &str) -> Result<(String, f64), String> {
    let example = "write it as sl_threshold=30";
    let Some((name, number)) = written.split_once('=') else { return Err(format!("there is no `=`; {example}")) };
    match number.trim().parse::<f64>() {
        Ok(value) if value.is_finite() => Ok((name.trim().to_owned(), value)),
        _ => Err(format!("`{}` is no number; {example}", number.trim())),
    }
}

/// The values by name; of one that is set twice the last one.
pub(super) fn collected(given: &[(String, f64)]) -> ParameterValues {
    given.iter().cloned().collect()
}

/// Every value must be one of a parameter that the workspace has.
pub(super) fn must_be_known(values: &ParameterValues, catalog: &Catalog) -> anyhow::Result<()> {
    let Some(unknown) = values.keys().find(|name| !catalog.parameters.contains_key(*name)) else { return Ok(()) };
    let known: Vec<&str> = catalog.parameters.keys().map(String::as_str).collect();
    let hint = match nearest(unknown, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if known.is_empty() => "the workspace has none; they stand in rules/kpis/ under `parameters`".to_owned(),
        None => format!("there are: {}", known.join(", ")),
    };
    bail!("there is no parameter `{unknown}`\nhelp: {hint}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_set_is_a_name_and_a_number() {
        for (written, expected) in [
            ("sl_threshold=30", Ok(("sl_threshold", 30.0))),
            (" share = -0.5 ", Ok(("share", -0.5))),
            ("sl_threshold", Err("there is no `=`; write it as sl_threshold=30")),
            ("sl_threshold=30s", Err("`30s` is no number; write it as sl_threshold=30")),
            ("sl_threshold=", Err("`` is no number; write it as sl_threshold=30")),
            ("sl_threshold=inf", Err("`inf` is no number; write it as sl_threshold=30")),
        ] {
            let expected = expected.map(|(name, value)| (name.to_owned(), value)).map_err(str::to_owned);
            assert_eq!(parse(written), expected, "{written}");
        }
    }
}
