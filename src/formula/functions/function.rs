//! What a function of the formula language is: its code, and the documentation from which the reference page, the
//! command `functions` and the tests of the examples are made.

use std::ops::RangeInclusive;

use super::Call;
use crate::formula::mistake::Mistake;
use crate::formula::operand::Operand;

/// A function of the formula language.
#[derive(Debug)]
pub struct Function {
    /// Its name.
    pub name: &'static str,
    /// Under which heading it stands.
    pub category: Category,
    /// How it is written, one line for each form.
    pub usage: &'static [&'static str],
    /// What it gives, in one sentence.
    pub summary: &'static str,
    /// What stands in its parentheses, by the names that `usage` uses.
    pub parameters: &'static [Parameter],
    /// What the result is, with its unit.
    pub result: &'static str,
    /// The formula with its denominator, and what happens when there is nothing to compute from.
    pub formula: &'static str,
    /// Who computes something else under the same name; nothing where all agree.
    pub elsewhere: Option<&'static str>,
    /// Examples over the example rows of the function reference; each is run as a test. Those of KPIs elsewhere would need
    /// other windows and have none.
    pub examples: &'static [Example],
    /// How many arguments it takes.
    pub(crate) arity: RangeInclusive<usize>,
    /// What it does.
    pub(crate) call: fn(&mut Call<'_>) -> Result<Operand, Mistake>,
}

/// A heading of the reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Category {
    /// From rows to one number.
    Aggregates,
    /// Within one row.
    Rows,
    /// One number in proportion to another.
    Rates,
    /// From the answers of callers and staff.
    Surveys,
    /// How many agents a load needs.
    Staffing,
    /// A KPI in another window or a wider group.
    Elsewhere,
    /// Plain arithmetic.
    Numbers,
}

/// What may stand at one place in a function's parentheses.
#[derive(Debug)]
pub struct Parameter {
    /// Its name in `usage`.
    pub name: &'static str,
    /// What can be written there.
    pub accepts: Accepts,
    /// What it is, with its unit.
    pub doc: &'static str,
    /// What counts when it is left out; nothing where it must be given.
    pub default: Option<&'static str>,
}

/// What can be written for a parameter.
#[derive(Clone, Copy, Debug)]
pub enum Accepts {
    /// Any column, or something computed from columns for each row.
    Column,
    /// A number for each row.
    Numbers,
    /// A text for each row.
    Texts,
    /// A column of instants.
    Times,
    /// Yes or no for each row.
    Condition,
    /// One number.
    Number,
    /// A text in double quotes.
    Text,
    /// One of these words in double quotes, each with what it means.
    OneOf(&'static [(&'static str, &'static str)]),
    /// The name of a dataset.
    Dataset,
    /// The name of a KPI.
    Kpi,
    /// The name of a dimension or time bucket.
    Dimension,
    /// A whole number of weeks, written as such.
    Weeks,
}

/// A formula and what it gives.
#[derive(Debug)]
pub struct Example {
    /// The formula.
    pub formula: &'static str,
    /// Its value; none for "no data".
    pub result: Option<f64>,
}

/// The condition that may end every aggregate.
pub(super) const CONDITION: Parameter =
    Parameter::optional("condition", Accepts::Condition, "which rows are taken", "all rows");

impl Category {
    /// Every heading, in the order of the reference.
    pub const ALL: [Self; 7] =
        [Self::Aggregates, Self::Rates, Self::Surveys, Self::Staffing, Self::Elsewhere, Self::Rows, Self::Numbers];

    /// The heading.
    pub fn title(self) -> &'static str {
        match self {
            Self::Aggregates => "Aggregates: from rows to one number",
            Self::Rows => "Rows: within one row, inside an aggregate",
            Self::Rates => "Rates: a number in proportion to another",
            Self::Surveys => "Surveys: answers of callers and staff",
            Self::Staffing => "Staffing: how many agents a load needs",
            Self::Elsewhere => "KPIs elsewhere: in another window or a wider group",
            Self::Numbers => "Numbers",
        }
    }
}

impl Example {
    /// What it gives, as the reference writes it.
    pub fn shown(&self) -> String {
        // Six decimals are enough to recognise a figure by.
        self.result.map_or_else(|| "no data".to_owned(), |result| ((result * 1e6).round() / 1e6).to_string())
    }
}

impl Parameter {
    /// A parameter that must be given.
    pub(super) const fn required(name: &'static str, accepts: Accepts, doc: &'static str) -> Self {
        Self { name, accepts, doc, default: None }
    }

    /// A parameter that may be left out.
    pub(super) const fn optional(
        name: &'static str,
        accepts: Accepts,
        doc: &'static str,
        default: &'static str,
    ) -> Self {
        Self { name, accepts, doc, default: Some(default) }
    }
}

impl Accepts {
    /// What can be written there, in few words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Column => "column",
            Self::Numbers => "column of numbers",
            Self::Texts => "column of texts",
            Self::Times => "column of times",
            Self::Condition => "condition on rows",
            Self::Number => "number",
            Self::Text => "text",
            Self::OneOf(_) => "word in quotes",
            Self::Dataset => "dataset",
            Self::Kpi => "KPI's name",
            Self::Dimension => "dimension's name",
            Self::Weeks => "whole number, 1 to 52",
        }
    }
}
