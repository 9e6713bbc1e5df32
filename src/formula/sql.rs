//! Column expressions and aggregates as SQL. Every text is a parameter, every name is quoted, numbers are written by
//! Rust: nothing a user types reaches a statement as SQL. All dialects give the same numbers.

use std::collections::BTreeMap;

use chrono_tz::Tz;

use super::aggregate::{Aggregate, AggregateFunction};
use super::expression::{Binary, Column, Exact, Expression, Kind, TextTest};
use crate::dataset::bucket_key;
use crate::source::{Dialect, Value};
use crate::time::Window;
use crate::workspace::{ColumnKind, TimeStorage};

/// The name the dataset's rows go by in a statement.
pub const ROWS: &str = "d";

/// Writes expressions for one statement and collects their parameters.
pub struct SqlWriter {
    dialect: Dialect,
    zone: Tz,
    window: Window,
    parameters: BTreeMap<String, Value>,
}

impl SqlWriter {
    /// A writer for a statement over this window; `hour` and `weekday` are local to the zone.
    pub fn new(dialect: Dialect, zone: Tz, window: Window) -> Self {
        Self { dialect, zone, window, parameters: BTreeMap::new() }
    }

    /// The parameters of everything written so far.
    pub fn into_parameters(self) -> BTreeMap<String, Value> {
        self.parameters
    }

    /// The result columns an aggregate needs: one, for a mean its sum and its count, for a distribution none.
    pub fn aggregate(&mut self, aggregate: &Aggregate) -> Vec<String> {
        let condition = aggregate.condition.as_ref().map(|condition| self.condition(condition));
        let Some(argument) = &aggregate.argument else {
            return vec![match condition {
                Some(condition) => self.dialect.count_where(&condition),
                None => "COUNT(*)".to_owned(),
            }];
        };
        let of = |dialect: Dialect, function: &str, value: &str| match &condition {
            Some(condition) => dialect.aggregate_where(function, value, condition),
            None => format!("{function}({value})"),
        };
        let dialect = self.dialect;
        match aggregate.function {
            AggregateFunction::Count => vec![of(dialect, "COUNT", &self.value(argument))],
            AggregateFunction::Sum => vec![of(dialect, "SUM", &self.plain_number(argument))],
            AggregateFunction::Average => {
                let sum = of(dialect, "SUM", &self.plain_number(argument));
                vec![sum, of(dialect, "COUNT", &self.counted(argument))]
            }
            AggregateFunction::Minimum => vec![of(dialect, "MIN", &self.plain_number(argument))],
            AggregateFunction::Maximum => vec![of(dialect, "MAX", &self.plain_number(argument))],
            AggregateFunction::Distinct => {
                let value = match &condition {
                    Some(condition) => format!("CASE WHEN {condition} THEN {} END", self.value(argument)),
                    None => self.value(argument),
                };
                vec![format!("COUNT(DISTINCT {value})")]
            }
            AggregateFunction::Percentile(_) | AggregateFunction::Deviation => Vec::new(),
        }
    }

    /// A number to be added up, compared or listed. SQLite does all of that with whole numbers and doubles side by side, so
    /// a column needs no cast there.
    pub fn plain_number(&mut self, expression: &Expression) -> String {
        match (self.dialect, expression) {
            (Dialect::Sqlite, Expression::Column(_)) => self.value(expression),
            _ => self.number(expression),
        }
    }

    /// A number that is only to be counted: whether there is one does not depend on its type.
    fn counted(&mut self, expression: &Expression) -> String {
        match expression {
            Expression::Column(_) => self.value(expression),
            _ => self.number(expression),
        }
    }

    /// A condition: true, false, or unknown where a value is missing.
    pub fn condition(&mut self, expression: &Expression) -> String {
        match expression {
            Expression::Column(column) => self.dialect.bool_test(&self.name(column)),
            Expression::Bool(true) => "(1 = 1)".to_owned(),
            Expression::Bool(false) => "(1 = 0)".to_owned(),
            Expression::Not(inner) => format!("(NOT {})", self.condition(inner)),
            Expression::Binary(operator, left, right) if operator.is_logical() => {
                let word = if *operator == Binary::And { "AND" } else { "OR" };
                format!("({} {word} {})", self.condition(left), self.condition(right))
            }
            Expression::Binary(operator, left, right) => {
                let sign = match operator {
                    Binary::Equal => "=",
                    Binary::NotEqual => "<>",
                    other => other.sign(),
                };
                format!("({} {sign} {})", self.compared(left), self.compared(right))
            }
            Expression::OneOf(_, others) if others.is_empty() => "(1 = 0)".to_owned(),
            Expression::OneOf(inner, others) => {
                let value = self.compared(inner);
                let others: Vec<String> = others.iter().map(|other| self.compared(other)).collect();
                format!("({value} IN ({}))", others.join(", "))
            }
            Expression::IsNull(inner) => match &**inner {
                Expression::Column(column) => format!("({} IS NULL)", self.name(column)),
                other => format!("({} IS NULL)", self.compared(other)),
            },
            Expression::IfNull(value, other) => {
                format!("COALESCE({}, {})", self.condition(value), self.condition(other))
            }
            Expression::TextTest(test, inner, text) => {
                let (column, parameter) = (self.value(inner), self.parameter(text));
                match test {
                    TextTest::Contains => self.dialect.contains(&column, &parameter),
                    TextTest::StartsWith => self.dialect.starts_with(&column, &parameter),
                    TextTest::EndsWith => self.dialect.ends_with(&column, &parameter),
                }
            }
            // Kinds are checked when an expression is built: nothing else is a condition.
            Expression::Number(_) | Expression::Text(_) | Expression::Negative(_) | Expression::TimePart(..) => {
                "(1 = 0)".to_owned()
            }
        }
    }

    /// A number as a double, so that no dialect divides whole numbers or rounds decimals.
    pub fn number(&mut self, expression: &Expression) -> String {
        match expression {
            // Never a whole number: SQLite divides two of those without the fraction, and a value that stands for a
            // missing one meets others.
            Expression::Number(Exact(number)) if *number < 0.0 => format!("({number:e})"),
            Expression::Number(Exact(number)) => format!("{number:e}"),
            Expression::Negative(inner) => format!("(-{})", self.number(inner)),
            Expression::IfNull(value, other) => format!("COALESCE({}, {})", self.number(value), self.number(other)),
            Expression::Binary(Binary::Divide, left, right) => {
                format!("({} / NULLIF({}, 0))", self.number(left), self.number(right))
            }
            Expression::Binary(Binary::Remainder, left, right) => {
                let (left, right) = (self.number(left), self.number(right));
                let quotient = format!("{left} / NULLIF({right}, 0)");
                let whole = match self.dialect {
                    Dialect::Sqlite => format!("CAST({quotient} AS INTEGER)"),
                    Dialect::Postgres => format!("TRUNC({quotient})"),
                    Dialect::MySql => format!("TRUNCATE({quotient}, 0)"),
                };
                format!("({left} - {right} * {whole})")
            }
            Expression::Binary(operator, left, right) => {
                format!("({} {} {})", self.number(left), operator.sign(), self.number(right))
            }
            other => {
                let value = self.value(other);
                self.dialect.real(&value)
            }
        }
    }

    /// A value as it is stored, for comparing and counting.
    pub fn value(&mut self, expression: &Expression) -> String {
        match expression {
            Expression::Column(column) => match column.kind {
                ColumnKind::Text => self.dialect.exact_text(&self.name(column)),
                ColumnKind::Bool => self.condition(expression),
                ColumnKind::Time(_) | ColumnKind::Number | ColumnKind::Duration => self.name(column),
            },
            Expression::Text(text) => self.parameter(text),
            Expression::Number(Exact(number)) => literal(*number),
            Expression::TimePart(part, instant) => match &**instant {
                Expression::Column(Column { kind: ColumnKind::Time(storage), name, .. }) => {
                    let column = format!("{ROWS}.{}", self.dialect.quote_identifier(name));
                    self.bucket(*part, &column, *storage)
                }
                _ => "NULL".to_owned(),
            },
            Expression::IfNull(value, other) => format!("COALESCE({}, {})", self.compared(value), self.compared(other)),
            other if other.kind() == Kind::Bool => self.condition(other),
            other => self.number(other),
        }
    }

    /// The group key of a time bucket, as a whole number.
    pub fn bucket(&self, bucket: crate::time::Bucket, column: &str, storage: TimeStorage) -> String {
        let epoch = self.dialect.epoch_seconds(column, storage);
        bucket_key(bucket, &epoch, self.dialect, storage, self.zone, self.window)
    }

    /// Stored values are compared as they are: an index may serve, and whole numbers stay whole.
    fn compared(&mut self, expression: &Expression) -> String {
        match expression.kind() {
            Kind::Bool => self.condition(expression),
            _ => self.value(expression),
        }
    }

    fn name(&self, column: &Column) -> String {
        format!("{ROWS}.{}", self.dialect.quote_identifier(&column.name))
    }

    fn parameter(&mut self, text: &str) -> String {
        let known = self.parameters.iter().find(|(_, value)| matches!(value, Value::Text(known) if known == text));
        let name = match known {
            Some((name, _)) => name.clone(),
            None => format!("text{}", self.parameters.len()),
        };
        self.parameters.entry(name.clone()).or_insert_with(|| Value::Text(text.to_owned()));
        format!(":{name}")
    }
}

/// A finite number as every dialect reads it: digits without an exponent.
fn literal(number: f64) -> String {
    if number < 0.0 { format!("({number})") } else { format!("{number}") }
}
