//! The statements of a round. All that can be added up is asked for once in the finest groups of all groupings together
//! and rolled up here; different values cannot be added up and get a statement for each grouping. Which groupings share a
//! statement for their distributions is in `sharing`, how rows are read back in `answer`.

use std::sync::Arc;

use indexmap::{IndexMap, IndexSet};

use super::answer::{Content, Fold, Purpose, Taker};
use super::distribution::{self, Distribution, Shares};
use super::reach::Reach;
use super::sharing::{self, Shared};
use super::slice::Shift;
use crate::dataset;
use crate::formula::{Aggregate, AggregateFunction, Expression, ROWS, SqlWriter};
use crate::source::{Dialect, Statement};
use crate::time::Frame;
use crate::workspace::{DatasetDefinition, Grouping, TimeStorage};

/// More groups than this are not fetched for several groupings together: those of each alone may be far fewer.
pub(super) const MOST_FINE_GROUPS: usize = 20_000;

/// So many aggregates are computed by one statement; PostgreSQL's limit is 1,664 columns, and a mean takes two.
const MOST_AGGREGATES: usize = 700;

/// So many SELECTs united; SQLite's limit is 500.
const MOST_SELECTS: usize = 400;

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

/// What statements are about: the rows of a dataset in a frame.
pub(super) struct Subject<'a> {
    pub(super) definition: &'a DatasetDefinition,
    pub(super) dialect: Dialect,
    pub(super) frame: &'a Frame,
    pub(super) shift: Shift,
    /// The rows that may be looked at.
    pub(super) reach: &'a Reach,
}

/// A slice and the aggregates it misses.
pub(super) struct Wish<'a> {
    pub(super) slice: usize,
    pub(super) by: &'a [Grouping],
    pub(super) aggregates: IndexSet<Aggregate>,
    /// What is known of the slice so far.
    pub(super) groups: Groups,
}

/// Whether the groups of a slice are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Groups {
    /// There are so many.
    Known(usize),
    /// They are to be found even if they have no value of what is asked: a distribution alone would leave them out.
    Unknown,
}

/// Which statements may wait for what others tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// Distributions that may share a statement wait until the numbers of groups are known.
    First,
    /// None waits.
    Later,
}

/// What a distribution is of: an expression and the condition of its rows.
type Values = (Option<Arc<Expression>>, Option<Arc<Expression>>);

impl Subject<'_> {
    /// The statements for these slices, which are answered together as far as possible.
    pub(super) fn statements(&self, wishes: &[Wish<'_>], turn: Turn) -> Vec<(Statement, Purpose)> {
        let mut statements = Vec::new();
        let pick = |wanted: fn(AggregateFunction) -> bool| {
            let picked = wishes.iter().map(move |wish| {
                let own = wish.aggregates.iter().filter(|aggregate| wanted(aggregate.function)).cloned();
                Wish { aggregates: own.collect(), ..*wish }
            });
            picked.filter(|wish: &Wish<'_>| !wish.aggregates.is_empty()).collect::<Vec<_>>()
        };
        let mut added_up = pick(AggregateFunction::can_be_added_up);
        let is_lacking = |wish: &&Wish<'_>| {
            wish.groups == Groups::Unknown
                && !wish.by.is_empty()
                && wish.aggregates.iter().all(|aggregate| aggregate.function.needs_distribution())
        };
        let lacking = wishes.iter().filter(is_lacking);
        added_up.extend(lacking.map(|wish| Wish { aggregates: IndexSet::new(), ..*wish }));
        statements.extend(self.added_up(&added_up));
        for wish in pick(|function| function == AggregateFunction::Distinct) {
            statements.extend(self.added_up(&[wish]));
        }
        let distributions = pick(AggregateFunction::needs_distribution);
        if turn == Turn::Later || statements.is_empty() || !sharing::depends_on_groups(&distributions) {
            statements.extend(sharing::shared(distributions).iter().flat_map(|shared| self.distributions(shared)));
        }
        statements
    }

    /// How many rows the frame holds and when the newest is from, as seconds since 1970 (civil ones for local times).
    pub(super) fn freshness(&self) -> (Statement, Purpose) {
        let writer = self.writer();
        let apart = self.reach.apart();
        let keys = apart.iter().map(|name| self.key(&writer, &Grouping::Dimension(name.clone())));
        let columns: Vec<String> = keys.chain(self.freshness_columns()).collect();
        let statement = self.complete(writer, &format!("SELECT {}", columns.join(", ")), apart.len());
        (statement, self.purpose(Content::Freshness { apart: apart.len() }))
    }

    pub(super) fn freshness_columns(&self) -> [String; 2] {
        let newest = format!("MAX({ROWS}.{})", self.time_column());
        ["COUNT(*)".to_owned(), self.dialect.epoch_seconds(&newest, self.time_storage())]
    }

    fn added_up(&self, wishes: &[Wish<'_>]) -> Vec<(Statement, Purpose)> {
        let mut by: IndexSet<&Grouping> = IndexSet::new();
        let mut wanted: IndexSet<&Aggregate> = IndexSet::new();
        for wish in wishes {
            by.extend(wish.by);
            wanted.extend(&wish.aggregates);
        }
        sharing::times_first(&mut by);
        let wanted: Vec<&Aggregate> = wanted.into_iter().collect();
        if wanted.is_empty() && !wishes.is_empty() {
            return vec![self.added_up_once(wishes, &by, &[])];
        }
        wanted.chunks(MOST_AGGREGATES).map(|chunk| self.added_up_once(wishes, &by, chunk)).collect()
    }

    fn added_up_once(
        &self,
        wishes: &[Wish<'_>],
        by: &IndexSet<&Grouping>,
        wanted: &[&Aggregate],
    ) -> (Statement, Purpose) {
        let mut writer = self.writer();
        let mut columns: IndexMap<String, Fold> = IndexMap::new();
        let mut places: IndexMap<Aggregate, Vec<usize>> = IndexMap::new();
        for aggregate in wanted {
            let fold = Fold::of(aggregate.function);
            let own = writer.aggregate(aggregate).into_iter().map(|column| columns.insert_full(column, fold).0);
            places.insert((*aggregate).clone(), own.collect());
        }
        // Nearly free beside the others, and it spares a statement of its own.
        let freshness = self.freshness_columns().map(|column| {
            let fold = if column == "COUNT(*)" { Fold::Add } else { Fold::Maximum };
            columns.insert_full(column, fold).0
        });
        let apart = self.reach.apart().iter().cloned().map(Grouping::Dimension);
        let apart = apart.filter_map(|grouping| by.get_index_of(&grouping)).collect();
        let takers = wishes.iter().map(|wish| Taker {
            slice: wish.slice,
            // Invariant: `by` holds the groupings of every wish.
            key: wish.by.iter().filter_map(|grouping| by.get_index_of(grouping)).collect(),
            aggregates: wish.aggregates.iter().filter_map(|aggregate| places.get_index_of(aggregate)).collect(),
        });
        let takers = takers.collect();
        let keys = by.iter().map(|grouping| self.key(&writer, grouping));
        let select: Vec<String> = keys.chain(columns.keys().cloned()).collect();
        let mut statement = self.complete(writer, &format!("SELECT {}", select.join(",\n       ")), by.len());
        let is_shared = wishes.len() > 1 && !by.is_empty();
        if is_shared {
            statement.sql.push_str(&format!("\nLIMIT {}", MOST_FINE_GROUPS + 1));
        }
        let content = Content::AddedUp {
            by: by.iter().map(|grouping| (*grouping).clone()).collect(),
            folds: columns.into_values().collect(),
            places,
            freshness,
            apart,
            takers,
            most_groups: is_shared.then_some(MOST_FINE_GROUPS),
        };
        (statement, self.purpose(content))
    }

    fn distributions(&self, shared: &Shared<'_>) -> Vec<(Statement, Purpose)> {
        let mut parts: IndexMap<Values, Vec<Aggregate>> = IndexMap::new();
        for aggregate in &shared.aggregates {
            let values = (aggregate.argument.clone(), aggregate.condition.clone());
            parts.entry(values).or_default().push(aggregate.clone());
        }
        let parts: Vec<Vec<Aggregate>> = parts.into_values().collect();
        let chunks = parts.chunks((MOST_SELECTS / shared.wishes.len().max(1)).max(1));
        chunks.map(|parts| self.distribution(shared, parts)).collect()
    }

    fn distribution(&self, shared: &Shared<'_>, parts: &[Vec<Aggregate>]) -> (Statement, Purpose) {
        let mut writer = self.writer();
        let rows = self.rows(&mut writer);
        let from = format!("(\n{}) AS {ROWS}", rows.sql);
        let keys: Vec<String> = shared.by.iter().map(|grouping| self.key(&writer, grouping)).collect();
        let nothing: Vec<String> = shared.by.iter().map(|grouping| self.no_key(grouping)).collect();
        let width = parts.iter().map(Vec::len).max().unwrap_or(0);
        let mut counted = Vec::with_capacity(parts.len());
        let mut selects = Vec::with_capacity(parts.len() * shared.wishes.len());
        for (part, aggregates) in parts.iter().enumerate() {
            // Invariant: every aggregate with a distribution has an argument; the functions see to it.
            let argument = aggregates[0].argument.as_ref();
            let value = argument.map_or_else(|| "NULL".to_owned(), |argument| writer.plain_number(argument));
            let condition = aggregates[0].condition.as_ref().map(|condition| writer.condition(condition));
            let of = Distribution { rows: &from, keys: &keys, value: &value, condition: condition.as_deref() };
            let name = format!("counted{part}");
            counted.push(format!("{name} AS (\n{}\n)", distribution::counted(&of)));
            let functions: Vec<AggregateFunction> = aggregates.iter().map(|aggregate| aggregate.function).collect();
            for (taker, wish) in shared.wishes.iter().enumerate() {
                // Rows that are kept apart by what they are grouped by have one key for both.
                let own: IndexSet<usize> = shared.key(wish).into_iter().collect();
                let own: Vec<usize> = own.into_iter().collect();
                let of = Shares { counted: &name, nothing: &nothing, own: &own };
                let number = taker * parts.len() + part;
                selects.push(distribution::select(number, &of, &functions, width, self.dialect));
            }
        }
        let mut parameters = rows.parameters;
        parameters.extend(writer.into_parameters());
        let sql = format!("WITH {}\n{}", counted.join(",\n"), selects.join("\nUNION ALL\n"));
        let content = Content::Distributions {
            by: shared.by.iter().map(|grouping| (*grouping).clone()).collect(),
            parts: parts.to_vec(),
            takers: shared.wishes.iter().map(|wish| (wish.slice, shared.key(wish))).collect(),
        };
        (Statement { sql, parameters }, self.purpose(content))
    }

    /// The rows that may be looked at: every statement is about these and no others.
    fn rows(&self, writer: &mut SqlWriter) -> Statement {
        let mut rows = dataset::windowed(self.definition, self.dialect, self.frame.window());
        if let Some(condition) = self.reach.condition(self.definition) {
            // The line break ends a comment in the user's last line.
            rows.sql = format!("SELECT * FROM (\n{}) AS {ROWS} WHERE {}\n", rows.sql, writer.condition(&condition));
        }
        rows
    }

    pub(super) fn complete(&self, mut writer: SqlWriter, select: &str, keys: usize) -> Statement {
        let rows = self.rows(&mut writer);
        // The line breaks end a comment in the user's last line.
        let mut sql = format!("{select}\nFROM (\n{}) AS {ROWS}", rows.sql);
        if keys > 0 {
            let places: Vec<String> = (1..=keys).map(|place| place.to_string()).collect();
            sql.push_str("\nGROUP BY ");
            sql.push_str(&places.join(", "));
        }
        let mut parameters = rows.parameters;
        parameters.extend(writer.into_parameters());
        Statement { sql, parameters }
    }

    pub(super) fn key(&self, writer: &SqlWriter, grouping: &Grouping) -> String {
        match grouping {
            Grouping::Dimension(column) => {
                self.dialect.exact_text(&format!("{ROWS}.{}", self.dialect.quote_identifier(column)))
            }
            Grouping::Time(bucket) => {
                writer.bucket(*bucket, &format!("{ROWS}.{}", self.time_column()), self.time_storage())
            }
        }
    }

    /// A key that is missing, of the key's own type: all SELECTs of a union must have the same.
    fn no_key(&self, grouping: &Grouping) -> String {
        match grouping {
            Grouping::Dimension(_) => self.dialect.exact_text("NULL"),
            Grouping::Time(_) => "(NULL + 0)".to_owned(),
        }
    }

    fn purpose(&self, content: Content) -> Purpose {
        Purpose { dataset: Arc::from(self.definition.id.value.as_str()), shift: self.shift, content }
    }

    pub(super) fn writer(&self) -> SqlWriter {
        SqlWriter::new(self.dialect, self.frame.zone(), self.frame.window())
    }

    pub(super) fn time_column(&self) -> String {
        self.dialect.quote_identifier(&self.definition.time.value)
    }

    pub(super) fn time_storage(&self) -> TimeStorage {
        dataset::time_storage(self.definition)
    }
}
