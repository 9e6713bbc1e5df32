//! What a formula's values are while it runs, and how they stand in Rhai's own values.

use std::sync::Arc;

use rhai::Dynamic;

use super::expression::{Exact, Expression};
use super::mistake::Mistake;

/// A value in a running formula.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Operand {
    /// A number; finite.
    Number(f64),
    /// Yes or no.
    Bool(bool),
    /// A text.
    Text(Arc<str>),
    /// Nothing to compute from: `()`.
    NoData,
    /// An aggregate that is not known yet; everything computed from it is pending too.
    Pending,
    /// A column expression.
    Row(Arc<Expression>),
    /// A dataset's name, before `.column`.
    Dataset(Arc<str>),
}

/// Below this every whole number is a double.
const LARGEST_WHOLE: f64 = 9_007_199_254_740_992.0;

/// The Rhai value that stands for [`Operand::Pending`].
#[derive(Clone, Debug)]
pub(crate) struct PendingValue;

/// The Rhai value that stands for [`Operand::Row`].
#[derive(Clone, Debug)]
pub(crate) struct RowValue(pub(crate) Arc<Expression>);

/// The Rhai value that stands for [`Operand::Dataset`].
#[derive(Clone, Debug)]
pub(crate) struct DatasetValue(pub(crate) Arc<str>);

impl Operand {
    /// Reads a Rhai value.
    pub(crate) fn read(value: &Dynamic) -> Result<Self, Mistake> {
        if value.is_unit() {
            return Ok(Self::NoData);
        }
        if let Ok(number) = value.as_float() {
            return Ok(Self::number(number));
        }
        if let Ok(number) = value.as_int() {
            // Formulas know one kind of number; whole numbers in them are far below 2^53.
            return Ok(Self::Number(number as f64));
        }
        if let Ok(truth) = value.as_bool() {
            return Ok(Self::Bool(truth));
        }
        if let Some(row) = value.read_lock::<RowValue>() {
            return Ok(Self::Row(Arc::clone(&row.0)));
        }
        if value.is::<PendingValue>() {
            return Ok(Self::Pending);
        }
        if let Some(dataset) = value.read_lock::<DatasetValue>() {
            return Ok(Self::Dataset(Arc::clone(&dataset.0)));
        }
        if let Ok(text) = value.as_immutable_string_ref() {
            return Ok(Self::Text(Arc::from(text.as_str())));
        }
        Err(Mistake::kind(format!("{} cannot be used here", type_words(value.type_name()))))
    }

    /// A number, or no data where it is none (the rule for division by zero).
    pub(crate) fn number(number: f64) -> Self {
        // −0.0 is made 0.0, so that it is never shown.
        if number.is_finite() { Self::Number(number + 0.0) } else { Self::NoData }
    }

    /// The operand as a part of a column expression.
    pub(crate) fn expression(&self) -> Option<Arc<Expression>> {
        match self {
            Self::Row(expression) => Some(Arc::clone(expression)),
            Self::Number(number) => Some(Arc::new(Expression::Number(Exact(*number)))),
            Self::Bool(value) => Some(Arc::new(Expression::Bool(*value))),
            Self::Text(text) => Some(Arc::new(Expression::Text(Arc::clone(text)))),
            Self::NoData | Self::Pending | Self::Dataset(_) => None,
        }
    }

    /// The operand in words, with its article.
    pub(crate) fn words(&self) -> String {
        match self {
            // Not which one: while a formula is checked, aggregates are made-up numbers.
            Self::Number(_) => "a number".to_owned(),
            Self::Bool(_) => "yes or no".to_owned(),
            Self::Text(text) => format!("the text {:?}", text.chars().take(60).collect::<String>()),
            Self::NoData => "no data".to_owned(),
            Self::Pending => "a number".to_owned(),
            Self::Row(expression) => match &**expression {
                Expression::Column(column) => format!("the {} column `{}`", expression.kind().word(), column.name),
                other => format!("`{other}` ({})", other.kind().word()),
            },
            Self::Dataset(name) => format!("the dataset `{name}`"),
        }
    }
}

impl From<Operand> for Dynamic {
    fn from(operand: Operand) -> Self {
        match operand {
            // A whole number is one of Rhai's whole numbers, so that it is found among the cases of a `switch`, counts a
            // loop and takes a part of a list. No operator of Rhai's own ever sees it, so 7 / 2 is still 3.5.
            Operand::Number(number) if number.fract() == 0.0 && number.abs() < LARGEST_WHOLE => {
                Self::from_int(number as i64)
            }
            Operand::Number(number) => Self::from_float(number),
            Operand::Bool(value) => Self::from_bool(value),
            Operand::Text(text) => Self::from(text.to_string()),
            Operand::NoData => Self::UNIT,
            Operand::Pending => Self::from(PendingValue),
            Operand::Row(expression) => Self::from(RowValue(expression)),
            Operand::Dataset(name) => Self::from(DatasetValue(name)),
        }
    }
}

/// Rhai's name of a type in the words of the formula language.
pub(crate) fn type_words(name: &str) -> String {
    let last = name.trim().rsplit("::").next().unwrap_or(name).trim_matches(['&', ' ']);
    match last {
        "RowValue" => "a value of each row".to_owned(),
        "PendingValue" | "f64" | "i64" | "int" | "float" => "a number".to_owned(),
        "DatasetValue" => "a dataset".to_owned(),
        "()" => "no data".to_owned(),
        "bool" => "yes or no".to_owned(),
        "string" | "ImmutableString" | "String" | "&str" => "text".to_owned(),
        "array" | "Array" => "a list".to_owned(),
        "map" | "Map" => "an object".to_owned(),
        "Fn" => "a function".to_owned(),
        range if range.starts_with("range") => "a range".to_owned(),
        other => format!("a value of type {other}"),
    }
}
