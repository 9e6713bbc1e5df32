//! Column expressions: what operators on column names build, to be computed by the database for each row.

use std::fmt;
use std::sync::Arc;

use crate::time::Bucket;
use crate::workspace::ColumnKind;

/// A column of a dataset.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Column {
    /// The dataset's id.
    pub dataset: Arc<str>,
    /// The column's name.
    pub name: Arc<str>,
    /// What its values are.
    pub kind: ColumnKind,
}

/// A number that can be compared and hashed by its bits, so that equal expressions are computed once.
#[derive(Clone, Copy, Debug)]
pub struct Exact(pub f64);

/// What an expression's values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A number; durations are numbers of seconds.
    Number,
    /// Text.
    Text,
    /// Yes or no.
    Bool,
    /// An instant.
    Time,
}

/// An expression over the columns of one row.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Expression {
    /// A column's value.
    Column(Column),
    /// A number.
    Number(Exact),
    /// A text.
    Text(Arc<str>),
    /// Yes or no.
    Bool(bool),
    /// Two expressions and what is between them.
    Binary(Binary, Arc<Expression>, Arc<Expression>),
    /// The opposite of a condition.
    Not(Arc<Expression>),
    /// The negative of a number.
    Negative(Arc<Expression>),
    /// Whether the value is one of these.
    OneOf(Arc<Expression>, Vec<Expression>),
    /// Whether there is no value.
    IsNull(Arc<Expression>),
    /// The first value, or the second where the first is missing.
    IfNull(Arc<Expression>, Arc<Expression>),
    /// A test on a text.
    TextTest(TextTest, Arc<Expression>, Arc<str>),
    /// The hour of the day or the weekday of an instant, in the report's zone.
    TimePart(Bucket, Arc<Expression>),
}

/// What can stand between two expressions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Binary {
    /// Sum.
    Add,
    /// Difference.
    Subtract,
    /// Product.
    Multiply,
    /// Quotient; nothing where the divisor is 0.
    Divide,
    /// Remainder; nothing where the divisor is 0.
    Remainder,
    /// Equal.
    Equal,
    /// Not equal.
    NotEqual,
    /// Less.
    Less,
    /// Less or equal.
    LessOrEqual,
    /// Greater.
    Greater,
    /// Greater or equal.
    GreaterOrEqual,
    /// Both.
    And,
    /// At least one.
    Or,
}

/// How a text is tested. All tests distinguish upper and lower case, on every database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TextTest {
    /// The text holds the other one.
    Contains,
    /// It begins with it.
    StartsWith,
    /// It ends with it.
    EndsWith,
}

impl Expression {
    /// What the values are.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Column(column) => Kind::of(column.kind),
            Self::Number(_) | Self::Negative(_) | Self::TimePart(..) => Kind::Number,
            Self::Text(_) => Kind::Text,
            Self::Binary(operator, ..) if operator.is_arithmetic() => Kind::Number,
            Self::IfNull(value, _) => value.kind(),
            Self::Bool(_)
            | Self::Binary(..)
            | Self::Not(_)
            | Self::OneOf(..)
            | Self::IsNull(_)
            | Self::TextTest(..) => Kind::Bool,
        }
    }

    /// The dataset of the first column; every column of an expression is of the same one.
    pub fn dataset(&self) -> Option<&Arc<str>> {
        match self {
            Self::Column(column) => Some(&column.dataset),
            Self::Number(_) | Self::Text(_) | Self::Bool(_) => None,
            Self::Binary(_, left, right) | Self::IfNull(left, right) => left.dataset().or_else(|| right.dataset()),
            Self::Not(inner)
            | Self::Negative(inner)
            | Self::IsNull(inner)
            | Self::TextTest(_, inner, _)
            | Self::TimePart(_, inner) => inner.dataset(),
            Self::OneOf(inner, others) => inner.dataset().or_else(|| others.iter().find_map(Self::dataset)),
        }
    }
}

impl Binary {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::Add,
        Self::Subtract,
        Self::Multiply,
        Self::Divide,
        Self::Remainder,
        Self::Equal,
        Self::NotEqual,
        Self::Less,
        Self::LessOrEqual,
        Self::Greater,
        Self::GreaterOrEqual,
        Self::And,
        Self::Or,
    ];

    /// Whether the result is a number.
    pub fn is_arithmetic(self) -> bool {
        matches!(self, Self::Add | Self::Subtract | Self::Multiply | Self::Divide | Self::Remainder)
    }

    /// Whether both sides are conditions.
    pub fn is_logical(self) -> bool {
        matches!(self, Self::And | Self::Or)
    }

    /// The operator as formulas write it.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::And => "and",
            Self::Or => "or",
        }
    }
}

impl Kind {
    /// The kind of a column's values.
    pub fn of(column: ColumnKind) -> Self {
        match column {
            ColumnKind::Number | ColumnKind::Duration => Self::Number,
            ColumnKind::Text => Self::Text,
            ColumnKind::Bool => Self::Bool,
            ColumnKind::Time(_) => Self::Time,
        }
    }

    /// The kind in one word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Text => "text",
            Self::Bool => "yes/no",
            Self::Time => "time",
        }
    }

    /// The kind in words, with its article.
    pub fn words(self) -> &'static str {
        match self {
            Self::Number => "a number",
            Self::Text => "text",
            Self::Bool => "yes or no",
            Self::Time => "a time",
        }
    }
}

impl PartialEq for Exact {
    fn eq(&self, other: &Self) -> bool {
        self.0.to_bits() == other.0.to_bits()
    }
}

impl Eq for Exact {}

impl std::hash::Hash for Exact {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.to_bits().hash(state);
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Column(column) => formatter.write_str(&column.name),
            Self::Number(Exact(number)) => write!(formatter, "{number}"),
            Self::Text(text) => write!(formatter, "{text:?}"),
            Self::Bool(value) => write!(formatter, "{value}"),
            Self::Binary(operator, left, right) => {
                let nested = |side: &Self| matches!(side, Self::Binary(inner, ..) if inner != operator);
                for (index, side) in [left, right].into_iter().enumerate() {
                    if index == 1 {
                        write!(formatter, " {} ", operator.sign())?;
                    }
                    if nested(side)
                        && !(operator.is_logical() && matches!(&**side, Self::Binary(inner, ..) if !inner.is_logical()))
                    {
                        write!(formatter, "({side})")?;
                    } else {
                        write!(formatter, "{side}")?;
                    }
                }
                Ok(())
            }
            Self::Not(inner) => match &**inner {
                Self::Binary(..) => write!(formatter, "not ({inner})"),
                _ => write!(formatter, "not {inner}"),
            },
            Self::Negative(inner) => write!(formatter, "-({inner})"),
            Self::OneOf(inner, others) => {
                let others: Vec<String> = others.iter().map(ToString::to_string).collect();
                write!(formatter, "{inner} in [{}]", others.join(", "))
            }
            Self::IsNull(inner) => write!(formatter, "is_null({inner})"),
            Self::IfNull(inner, other) => write!(formatter, "if_null({inner}, {other})"),
            Self::TimePart(part, inner) => {
                write!(formatter, "{}({inner})", if *part == Bucket::Weekday { "weekday" } else { "hour" })
            }
            Self::TextTest(test, inner, text) => {
                let name = match test {
                    TextTest::Contains => "contains",
                    TextTest::StartsWith => "starts_with",
                    TextTest::EndsWith => "ends_with",
                };
                write!(formatter, "{name}({inner}, {text:?})")
            }
        }
    }
}
