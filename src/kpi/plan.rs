//! The statements of a round: for each dataset and grouping one that computes every aggregate, and for percentiles and
//! deviations one for each distribution of values. Also how their rows are read back.

use std::sync::Arc;

use indexmap::{IndexMap, IndexSet};

use super::distribution;
use super::snapshot::{GroupKey, KeyPart};
use crate::dataset;
use crate::formula::{Aggregate, AggregateFunction, Expression, ROWS, SqlWriter};
use crate::source::{Dialect, Rows, Statement, Value};
use crate::time::Window;
use crate::workspace::{DatasetDefinition, Grouping};
use chrono_tz::Tz;

/// Names a fetch within its evaluation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FetchId(pub usize);

/// A statement that is to be sent to a source, its rows to be given back.
#[derive(Clone, Debug)]
pub struct Fetch {
    /// Which one it is.
    pub id: FetchId,
    /// The source's name.
    pub source: String,
    /// The dataset's id.
    pub dataset: String,
    /// What to send.
    pub statement: Statement,
}

/// What a fetch was made for, to read its rows by.
#[derive(Clone, Debug)]
pub(super) struct Purpose {
    pub(super) grouping: usize,
    pub(super) dataset: Arc<str>,
    content: Content,
}

#[derive(Clone, Debug)]
enum Content {
    /// The result columns of each aggregate, as places behind the keys.
    Aggregates(IndexMap<Aggregate, Vec<usize>>),
    /// A value and its frequency, for these aggregates.
    Distribution(Vec<Aggregate>),
}

/// What one statement is about.
pub(super) struct Subject<'a> {
    pub(super) definition: &'a DatasetDefinition,
    pub(super) dialect: Dialect,
    pub(super) zone: Tz,
    pub(super) window: Window,
    pub(super) grouping: usize,
    pub(super) by: &'a [Grouping],
}

/// What a distribution is of: an expression and the condition of its rows.
type Values = (Option<Arc<Expression>>, Option<Arc<Expression>>);

/// One aggregate's value in one group.
pub(super) type Found = (GroupKey, Aggregate, Option<f64>);

impl Subject<'_> {
    /// The statements for these aggregates, all of this dataset.
    pub(super) fn statements(&self, aggregates: &IndexSet<Aggregate>) -> Vec<(Statement, Purpose)> {
        let mut statements = Vec::new();
        let single: Vec<&Aggregate> =
            aggregates.iter().filter(|aggregate| !aggregate.function.needs_distribution()).collect();
        if !single.is_empty() {
            statements.push(self.aggregates(&single));
        }
        let mut distributions: IndexMap<Values, Vec<Aggregate>> = IndexMap::new();
        for aggregate in aggregates.iter().filter(|aggregate| aggregate.function.needs_distribution()) {
            let values = (aggregate.argument.clone(), aggregate.condition.clone());
            distributions.entry(values).or_default().push(aggregate.clone());
        }
        statements.extend(distributions.into_values().map(|aggregates| self.distribution(aggregates)));
        statements
    }

    /// How many rows the window holds and when the newest is from, as seconds since 1970 (civil ones for local times).
    pub(super) fn freshness(&self) -> Statement {
        let newest = self.dialect.epoch_seconds(&format!("MAX({ROWS}.{})", self.time_column()), self.time_storage());
        self.complete(SqlWriter::new(self.dialect, self.zone, self.window), &format!("COUNT(*), {newest}"), None, 0)
    }

    fn aggregates(&self, aggregates: &[&Aggregate]) -> (Statement, Purpose) {
        let mut writer = SqlWriter::new(self.dialect, self.zone, self.window);
        let mut columns: IndexSet<String> = IndexSet::new();
        let mut places = IndexMap::new();
        for aggregate in aggregates {
            let own: Vec<usize> =
                writer.aggregate(aggregate).into_iter().map(|column| columns.insert_full(column).0).collect();
            places.insert((*aggregate).clone(), own);
        }
        let columns: Vec<String> = columns.into_iter().collect();
        let statement = self.complete(writer, &columns.join(",\n       "), None, self.by.len());
        (statement, self.purpose(Content::Aggregates(places)))
    }

    fn distribution(&self, aggregates: Vec<Aggregate>) -> (Statement, Purpose) {
        let mut writer = SqlWriter::new(self.dialect, self.zone, self.window);
        // Invariant: every aggregate with a distribution has an argument; the functions see to it.
        let value =
            aggregates[0].argument.as_ref().map_or_else(|| "NULL".to_owned(), |argument| writer.number(argument));
        let mut condition = format!("{value} IS NOT NULL");
        if let Some(rows) = &aggregates[0].condition {
            condition = format!("{} AND {condition}", writer.condition(rows));
        }
        let statement = self.complete(writer, &format!("{value}, COUNT(*)"), Some(&condition), self.by.len() + 1);
        (statement, self.purpose(Content::Distribution(aggregates)))
    }

    fn purpose(&self, content: Content) -> Purpose {
        Purpose { grouping: self.grouping, dataset: Arc::from(self.definition.id.value.as_str()), content }
    }

    fn complete(&self, writer: SqlWriter, columns: &str, condition: Option<&str>, grouped: usize) -> Statement {
        let rows = dataset::windowed(self.definition, self.dialect, self.window);
        let mut sql = "SELECT ".to_owned();
        if grouped > 0 {
            for grouping in self.by {
                sql.push_str(&self.key(&writer, grouping));
                sql.push_str(",\n       ");
            }
        }
        sql.push_str(columns);
        // The line breaks end a comment in the user's last line.
        sql.push_str(&format!("\nFROM (\n{}) AS {ROWS}", rows.sql));
        if let Some(condition) = condition {
            sql.push_str("\nWHERE ");
            sql.push_str(condition);
        }
        if grouped > 0 {
            let places: Vec<String> = (1..=grouped).map(|place| place.to_string()).collect();
            sql.push_str("\nGROUP BY ");
            sql.push_str(&places.join(", "));
        }
        let mut parameters = rows.parameters;
        parameters.extend(writer.into_parameters());
        Statement { sql, parameters }
    }

    fn key(&self, writer: &SqlWriter, grouping: &Grouping) -> String {
        match grouping {
            Grouping::Dimension(column) => {
                self.dialect.exact_text(&format!("{ROWS}.{}", self.dialect.quote_identifier(column)))
            }
            Grouping::Time(bucket) => {
                writer.bucket(*bucket, &format!("{ROWS}.{}", self.time_column()), self.time_storage())
            }
        }
    }

    fn time_column(&self) -> String {
        self.dialect.quote_identifier(&self.definition.time.value)
    }

    fn time_storage(&self) -> crate::workspace::TimeStorage {
        dataset::time_storage(self.definition)
    }
}

impl Purpose {
    /// The aggregates the rows are read into.
    pub(super) fn aggregates(&self) -> Vec<Aggregate> {
        match &self.content {
            Content::Aggregates(places) => places.keys().cloned().collect(),
            Content::Distribution(aggregates) => aggregates.clone(),
        }
    }

    /// Reads the rows a statement delivered.
    pub(super) fn read(&self, by: &[Grouping], rows: Rows) -> Result<Vec<Found>, String> {
        match &self.content {
            Content::Aggregates(places) => {
                let mut found = Vec::with_capacity(rows.rows.len() * places.len());
                for row in rows.rows {
                    let key = group_key(by, &row)?;
                    for (aggregate, own) in places {
                        let column = |index: usize| own.get(index).and_then(|place| row.get(by.len() + place));
                        found.push((key.clone(), aggregate.clone(), value(aggregate.function, column)?));
                    }
                }
                Ok(found)
            }
            Content::Distribution(aggregates) => {
                let mut groups: IndexMap<GroupKey, Vec<(f64, u64)>> = IndexMap::new();
                for row in rows.rows {
                    let key = group_key(by, &row)?;
                    let (Some(value), Some(frequency)) = (number(row.get(by.len()))?, number(row.get(by.len() + 1))?)
                    else {
                        continue;
                    };
                    groups.entry(key).or_default().push((value, frequency as u64));
                }
                let mut found = Vec::new();
                for (key, mut values) in groups {
                    values.sort_by(|left, right| left.0.total_cmp(&right.0));
                    for aggregate in aggregates {
                        found.push((key.clone(), aggregate.clone(), distribution::of(aggregate.function, &values)));
                    }
                }
                Ok(found)
            }
        }
    }
}

fn value<'a>(function: AggregateFunction, column: impl Fn(usize) -> Option<&'a Value>) -> Result<Option<f64>, String> {
    let first = number(column(0))?;
    Ok(match function {
        AggregateFunction::Average => match (first, number(column(1))?) {
            (Some(sum), Some(count)) if count > 0.0 => Some(sum / count),
            _ => None,
        },
        zero if zero.is_zero_for_nothing() => Some(first.unwrap_or(0.0)),
        _ => first,
    })
}

fn number(value: Option<&Value>) -> Result<Option<f64>, String> {
    match value {
        None | Some(Value::Null) => Ok(None),
        // Counts and sums of seconds stay far below 2^53, where doubles hold every whole number.
        Some(Value::Integer(number)) => Ok(Some(*number as f64)),
        Some(Value::Number(number)) => Ok(number.is_finite().then_some(*number)),
        Some(Value::Text(text)) => match text.trim().parse::<f64>() {
            Ok(number) => Ok(number.is_finite().then_some(number)),
            Err(_) => Err(format!("a number was expected, but the database has the text {text:?}")),
        },
        Some(Value::Instant(_) | Value::Local(_)) => {
            Err("a number was expected, but the database has a date".to_owned())
        }
    }
}

fn group_key(by: &[Grouping], row: &[Value]) -> Result<GroupKey, String> {
    by.iter()
        .zip(row)
        .map(|(grouping, value)| match (grouping, value) {
            (_, Value::Null) => Ok(KeyPart::NoValue),
            (Grouping::Time(bucket), Value::Integer(number)) => match bucket.start(*number) {
                Some(start) => Ok(start.into()),
                None => Err(format!("{number} is no {}", bucket.name())),
            },
            (Grouping::Time(bucket), other) => {
                Err(format!("the {} of a row could not be computed: {other:?}", bucket.name()))
            }
            (Grouping::Dimension(_), Value::Text(text)) => Ok(KeyPart::Text(text.clone())),
            (Grouping::Dimension(_), Value::Integer(number)) => Ok(KeyPart::Text(number.to_string())),
            (Grouping::Dimension(_), Value::Number(number)) => Ok(KeyPart::Text(number.to_string())),
            (Grouping::Dimension(_), Value::Instant(instant)) => Ok(KeyPart::Text(instant.to_string())),
            (Grouping::Dimension(_), Value::Local(local)) => Ok(KeyPart::Text(local.to_string())),
        })
        .collect()
}
