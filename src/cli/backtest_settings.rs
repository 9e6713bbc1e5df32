//! `--set NAME=60..90/5` of a backtest: the values that names take in turn, and every combination of them.

use anyhow::bail;

/// A backtest may run so often; more would say no more to a reader.
const MOST_RUNS: usize = 200;

/// The values of one name.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Setting {
    pub(super) name: String,
    pub(super) values: Vec<f64>,
}

/// Reads one `--set`; the error is told by the command line, which says where it stood.
pub(super) fn parse(written: &str) -> Result<Setting, String> {
    let example = "write it as threshold=75 or threshold=60..90/5";
    let Some((name, values)) = written.split_once('=') else { return Err(format!("there is no `=`; {example}")) };
    let number = |text: &str| match text.trim().parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(value),
        _ => Err(format!("`{}` is no number; {example}", text.trim())),
    };
    let values = match values.split_once("..") {
        None => vec![number(values)?],
        Some((first, rest)) => {
            let Some((last, step)) = rest.split_once('/') else {
                return Err(format!("there is no step behind `/`; {example}"));
            };
            let (first, last, step) = (number(first)?, number(last)?, number(step)?);
            if step <= 0.0 || last < first {
                return Err(format!("`{}` goes nowhere; {example}", values.trim()));
            }
            let steps = ((last - first) / step + 1e-9).floor();
            if steps >= MOST_RUNS as f64 {
                return Err(format!("`{}` has more than {MOST_RUNS} values", values.trim()));
            }
            // Computed from the first one each time, and without the traces of doubles: 0.3, not 0.30000000000000004.
            (0..=steps as u32).map(|place| ((first + step * f64::from(place)) * 1e9).round() / 1e9).collect()
        }
    };
    Ok(Setting { name: name.trim().to_owned(), values })
}

/// Every combination of the settings' values, the last name's changing fastest; one empty combination without settings.
pub(super) fn combinations(settings: &[Setting]) -> anyhow::Result<Vec<Vec<(String, f64)>>> {
    let runs: usize = settings.iter().map(|setting| setting.values.len()).product();
    if runs > MOST_RUNS {
        bail!("{runs} combinations of values are too many: at most {MOST_RUNS}");
    }
    let mut combinations = vec![Vec::new()];
    for setting in settings {
        let with = |known: &Vec<(String, f64)>, value: &f64| {
            let mut known = known.clone();
            known.push((setting.name.clone(), *value));
            known
        };
        combinations =
            combinations.iter().flat_map(|known| setting.values.iter().map(move |value| with(known, value))).collect();
    }
    Ok(combinations)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_one_value_or_with_several() {
        let check = |written: &str, expected: Result<(&str, &[f64]), &str>| {
            let expected = expected
                .map(|(name, values)| Setting { name: name.to_owned(), values: values.to_vec() })
                .map_err(str::to_owned);
            assert_eq!(parse(written), expected, "{written}");
        };
        check("threshold=60..75/5", Ok(("threshold", &[60.0, 65.0, 70.0, 75.0])));
        check("share = 0.1..0.45/0.1", Ok(("share", &[0.1, 0.2, 0.3, 0.4])));
        check("critical.asa=-5", Ok(("critical.asa", &[-5.0])));
        let example = "write it as threshold=75 or threshold=60..90/5";
        check("threshold", Err(&format!("there is no `=`; {example}")));
        check("threshold=60..90", Err(&format!("there is no step behind `/`; {example}")));
        check("threshold=60..x/5", Err(&format!("`x` is no number; {example}")));
        check("threshold=90..60/5", Err(&format!("`90..60/5` goes nowhere; {example}")));
        check("threshold=0..1000/1", Err("`0..1000/1` has more than 200 values"));
    }

    #[test]
    fn names_are_combined() {
        let settings = ["a=1..2/1", "b=5"].map(|written| parse(written).unwrap());
        let name = |name: &str, value: f64| (name.to_owned(), value);
        let expected = [[name("a", 1.0), name("b", 5.0)], [name("a", 2.0), name("b", 5.0)]];
        assert_eq!(combinations(&settings).unwrap(), expected);
        assert_eq!(combinations(&[]).unwrap(), [[]]);
        let many = ["a=1..20/1", "b=1..20/1"].map(|written| parse(written).unwrap());
        assert!(combinations(&many).is_err());
    }
}
